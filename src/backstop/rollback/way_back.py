"""Where a rollback goes by itself: what was verified here, else the newest earlier version that would do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from backstop.cloudflare.otherwise import DASHBOARD
from backstop.model.errors import CouldNotLook, Refused
from backstop.model.version import Version, VersionId
from backstop.rollback.marker import Part, mark_of
from backstop.rollback.secrets import made_by_secrets
from backstop.rollback.survey import Survey
from backstop.rollback.verified import VerifiedVersion

_MOST_NAMED = 6
_SERVES = "it serves now"


@dataclass(frozen=True, slots=True)
class Round:
    """One way to look: ``candidates`` in their order, each with why it would be chosen.

    ``likeness`` is by what a version is known to be the same as another, nothing where that is unknown.
    ``proven``: they were found well by ourselves, so that it does not matter what made them.
    """

    candidates: Iterator[tuple[VersionId, str]]
    likeness: Callable[[Version], object]
    proven: bool = False


def search(survey: Survey, verified: Sequence[VerifiedVersion]) -> tuple[Version, str]:
    """The version, in full, and why that one.

    Raises Refused where there is none that would do, CouldNotLook where one may lie beyond what was read.
    """
    passed_over: dict[str, str] = {}
    for each in _rounds(survey, verified):
        for candidate, why in each.candidates:
            against = _against(survey, each, candidate)
            if not against:
                return survey.version(candidate), why + _in_words("; passed over: ", passed_over)
            if against != _SERVES:
                passed_over[candidate] = f"{_label(survey, candidate)}: {against}"
    if survey.cut:
        raise _may_lie_beyond(survey, passed_over)
    message = f"there is nothing to go back to: no earlier version of {survey.worker} would do"
    remedy = "name one with --to ID if you know better, or deploy the last good commit again"
    raise Refused(message + _in_words("; passed over: ", passed_over), remedy=remedy)


def way_back(survey: Survey) -> Version | None:
    """What a rollback would lead to now by the history alone, or None when there is nothing.

    Raises CouldNotLook where that can't be told from the part of the history that could be read.
    """
    try:
        return search(survey, ())[0]
    except Refused:
        return None


def _may_lie_beyond(survey: Survey, passed_over: dict[str, str]) -> CouldNotLook:
    shown = f"none of the {len(survey.history)} newest deployments of {survey.worker} would do"
    message = f"what to go back to can't be told: {shown}, and the history is not whole: {survey.cut}"
    remedy = f"name a version with --to ID (wrangler versions list shows them), or try again; {DASHBOARD}"
    return CouldNotLook(message + _in_words("; passed over: ", passed_over), remedy=remedy)


def _rounds(survey: Survey, verified: Sequence[VerifiedVersion]) -> Iterator[Round]:
    """What a new version is let in beside; what was verified; other code; other settings."""
    yield Round(_beside(survey), lambda version: version.id, proven=True)
    yield Round(_verified(survey, verified), _essence, proven=True)
    yield Round(_served(survey), lambda version: version.etag)
    yield Round(_served(survey), _essence)


def _beside(survey: Survey) -> Iterator[tuple[VersionId, str]]:
    """In a split, what has most of the traffic beside the version that is let in."""
    others = [
        share for share in survey.head.shares if share.version != survey.serving and share.percentage > 0
    ]
    for share in sorted(others, key=lambda share: -share.percentage):
        yield share.version, f"it has {share.percentage:g} % of the traffic already"


def _verified(survey: Survey, verified: Sequence[VerifiedVersion]) -> Iterator[tuple[VersionId, str]]:
    for known in verified:
        since = _served_since(survey, known.version)
        others = (
            f"; {since} others have served since: if one of them was good, name it with --to"
            if since > 1
            else ""
        )
        yield known.version, f"the last that was verified here ({known.at}, run {known.run}){others}"


def _served(survey: Survey) -> Iterator[tuple[VersionId, str]]:
    for version in dict.fromkeys(entry.only_version for entry in survey.served[1:]):
        if version is not None:
            yield version, "the newest earlier version that served everything"


def _served_since(survey: Survey, version: VersionId) -> int:
    """How many others served everything after a version had last done so."""
    only = [entry.only_version for entry in survey.served]
    newer = only[: only.index(version)] if version in only else only
    return len({each for each in newer if each is not None})


def _against(survey: Survey, each: Round, candidate: VersionId) -> str:
    """Why a rollback does not go there by itself, or nothing. What costs a request is looked at last."""
    if candidate == survey.serving:
        return _SERVES
    listed = next((known for known in survey.listed if known.id == candidate), None)
    if listed is None:
        return "it is not among the versions that can be deployed, the 100 newest"
    if survey.cut and not any(candidate in entry.receiving for entry in survey.history):
        return "the part of the history that could be read does not say what became of it"
    return _by_its_past(survey, each, listed) or _by_what_it_is(survey, each, candidate)


def _by_its_past(survey: Survey, each: Round, listed: Version) -> str:
    mark = mark_of(listed.message)
    reasons = {
        "it is newer than what serves": listed.number > survey.numbers.get(survey.serving, listed.number),
        "somebody rolled away from it": listed.id in survey.away,
        "it is the fault of a drill": mark is not None and mark.part is Part.FAULT,
        "it was made by a change of secrets": made_by_secrets(listed) and not each.proven,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _by_what_it_is(survey: Survey, each: Round, candidate: VersionId) -> str:
    """Whether it is like what serves or like what was left."""
    found = each.likeness(survey.version(candidate))
    if found and found == each.likeness(survey.version(survey.serving)):
        return "it is the same as what serves, in code or in all"
    left = [version for version in survey.away if version in survey.numbers]
    if found and found in [each.likeness(survey.version(version)) for version in left]:
        return "it is like a version that somebody rolled away from"
    return ""


def _essence(version: Version) -> object:
    return version.essence if version.etag else ""


def _label(survey: Survey, candidate: VersionId) -> str:
    return next((known.label for known in survey.listed if known.id == candidate), candidate[:8])


def _in_words(heading: str, passed_over: dict[str, str]) -> str:
    named = "; ".join(list(passed_over.values())[:_MOST_NAMED])
    return f"{heading}{named}" if named else ""
