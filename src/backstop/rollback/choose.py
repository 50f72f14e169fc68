"""Which version a rollback goes to, and why that one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from backstop.cloudflare.refusals import ApiRefused
from backstop.model.errors import Refused, UsageError
from backstop.model.version import Deployment, Version, VersionId, version_id
from backstop.rollback.marker import Mark, Part, mark_of
from backstop.rollback.request import Aim, RollbackRequest
from backstop.rollback.secrets import made_by_secrets
from backstop.rollback.survey import Survey
from backstop.rollback.verified import VerifiedVersion

_BEGINNING = re.compile(r"[0-9a-f-]{6,36}")
_NOT_FOUND = 404
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Chosen:
    """A version in full, and why it is that one."""

    version: Version
    why: str


def choose(survey: Survey, request: RollbackRequest, verified: Sequence[VerifiedVersion] = ()) -> Chosen:
    """The version to go to. ``verified`` are those that were found well here, the newest first.

    Raises Refused where there is none, UsageError for a name that is none.
    """
    match request.aim:
        case Aim.NAMED:
            return Chosen(_named(survey, request.name), f"it was named: {request.name}")
        case Aim.UNDO:
            return _undone(survey, request.name)
        case Aim.RESTORE:
            return _restored(survey)
        case Aim.BACK:
            return _back(survey, verified)


def way_back(survey: Survey, verified: Sequence[VerifiedVersion] = ()) -> Version | None:
    """What a rollback would lead to now, or None when there is nothing."""
    try:
        return _back(survey, verified).version
    except Refused:
        return None


def _back(survey: Survey, verified: Sequence[VerifiedVersion]) -> Chosen:
    passed_over: list[str] = []
    for candidate, why in _candidates(survey, verified):
        found = next((each for each in survey.listed if each.id == candidate), None)
        against = _against(survey, candidate, found)
        if not against:
            version = survey.version(candidate)
            over = f"; passed over: {'; '.join(passed_over[:_MOST_NAMED])}" if passed_over else ""
            return Chosen(version, why + over)
        if against != _SERVES:
            passed_over.append(f"{found.label if found else candidate[:8]}: {against}")
    looked = f" ({'; '.join(passed_over[:_MOST_NAMED])})" if passed_over else ""
    message = f"there is nothing to go back to: no earlier version of {survey.worker} would do{looked}"
    remedy = "name one with --to ID if you know better, or deploy the last good commit again"
    raise Refused(message, remedy=remedy)


_SERVES = "it serves now"


def _candidates(survey: Survey, verified: Sequence[VerifiedVersion]) -> Iterator[tuple[VersionId, str]]:
    reasons: dict[VersionId, str] = {}
    for known in verified:
        reasons.setdefault(known.version, f"the last that was verified here ({known.at}, run {known.run})")
    for entry in survey.history[1:]:
        if entry.only_version is not None:
            why = "the newest earlier version that served everything, with other code"
            reasons.setdefault(entry.only_version, why)
    yield from reasons.items()


def _against(survey: Survey, candidate: VersionId, listed: Version | None) -> str:
    """Why a rollback does not go there by itself, or nothing. What costs a request is looked at last."""
    if candidate == survey.serving:
        return _SERVES
    if listed is None:
        return "it is not among the 100 newest versions"
    return _by_its_past(survey, listed) or _by_its_code(survey, candidate)


def _by_its_past(survey: Survey, listed: Version) -> str:
    mark = mark_of(listed.message)
    reasons = {
        "it is newer than what serves": listed.number > survey.numbers.get(survey.serving, listed.number),
        "somebody rolled away from it": listed.id in survey.away,
        "it is the fault of a drill": mark is not None and mark.part is Part.FAULT,
        "it was made by a change of secrets": made_by_secrets(listed),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _by_its_code(survey: Survey, candidate: VersionId) -> str:
    etag = survey.version(candidate).etag
    if etag and etag == survey.version(survey.serving).etag:
        return "it has the same code as what serves"
    if etag and etag in _codes_left(survey):
        return "it has the same code as a version that somebody rolled away from"
    return ""


def _codes_left(survey: Survey) -> set[str]:
    known = [version for version in survey.away if version in survey.numbers]
    return {survey.version(version).etag for version in known} - {""}


def _named(survey: Survey, name: str) -> Version:
    try:
        version = version_id(name.strip().lower())
    except ValueError:
        version = _by_beginning_or_tag(survey, name.strip())
    return _existing(survey, version)


def _by_beginning_or_tag(survey: Survey, name: str) -> VersionId:
    found = [each for each in survey.listed if name and each.tag == name]
    if not found and _BEGINNING.fullmatch(name.lower()):
        found = [each for each in survey.listed if each.id.startswith(name.lower())]
    if len(found) == 1:
        return found[0].id
    if found:
        listed = ", ".join(each.id for each in found[:_MOST_NAMED])
        raise UsageError(f"{len(found)} versions are named {name!r}: {listed}", remedy="give one of the ids")
    tags = [each.tag for each in survey.listed if each.tag]
    close = get_close_matches(name, tags, n=1)
    message = f"{survey.worker} has no version {name[:80]!r}: that is no id, no beginning of one and no tag"
    hint = f"did you mean {close[0]!r}?" if close else "wrangler versions list shows ids and tags"
    raise UsageError(message, remedy=hint)


def _existing(survey: Survey, version: VersionId) -> Version:
    try:
        return survey.version(version)
    except ApiRefused as refused:
        if refused.status != _NOT_FOUND:
            raise
        message = f"{survey.worker} has no version {version}: it is another worker's, or none at all"
        raise Refused(message, remedy="wrangler versions list shows its own") from refused


def _undone(survey: Survey, run: str) -> Chosen:
    entry = next((each for each in survey.history if (found := _real(each)) and found.run == run), None)
    mark = _real(entry) if entry else None
    if entry is None or mark is None or mark.from_version is None:
        runs = [found.run for each in survey.history if (found := _real(each)) and found.from_version]
        known = ", ".join(dict.fromkeys(runs)) or "none"
        message = f"the history of {survey.worker} shows no rollback of run {run[:80]!r}"
        raise Refused(message, remedy=f"runs that rolled back: {known}")
    if entry.id != survey.head.id:
        by = survey.head.author or "somebody"
        message = f"since run {run} rolled back, {by} has deployed {_shares(survey.head)}"
        raise Refused(
            message, remedy=f"if you want {mark.from_version} all the same: --to {mark.from_version}"
        )
    return Chosen(_existing(survey, mark.from_version), f"run {run} rolled back from it")


def _real(entry: Deployment) -> Mark | None:
    """The mark of a rollback that was meant, and no part of a drill."""
    mark = mark_of(entry.message)
    return mark if mark is not None and mark.part is Part.REAL else None


def _restored(survey: Survey) -> Chosen:
    mark = mark_of(survey.head.message)
    if mark is None or mark.part is not Part.FAULT or mark.from_version is None:
        message = f"no drill left anything in {survey.worker}: {_shares(survey.head)} serves"
        raise Refused(message, remedy="nothing is to be restored; a rollback is asked for with --rollback")
    if survey.head.only_version != mark.to_version:
        message = f"what serves is not what the drill {mark.run} deployed: {_shares(survey.head)}"
        raise Refused(message, remedy="look at `wrangler deployments list` before anything else")
    return Chosen(_existing(survey, mark.from_version), f"the drill of run {mark.run} began with it")


def _shares(entry: Deployment) -> str:
    return ", ".join(f"{share.version} at {share.percentage:g} %" for share in entry.shares)
