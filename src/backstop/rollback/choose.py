"""Which version a rollback goes to, and why that one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from backstop.cloudflare.refusals import ApiRefused
from backstop.model.errors import CouldNotLook, Refused, UsageError
from backstop.model.version import Deployment, Version, VersionId, version_id
from backstop.rollback.marker import Mark, Part, mark_of
from backstop.rollback.remains import fault_that_serves
from backstop.rollback.request import Aim, RollbackRequest
from backstop.rollback.survey import Survey
from backstop.rollback.verified import VerifiedVersion
from backstop.rollback.way_back import search

_BEGINNING = re.compile(r"[0-9a-f-]{4,36}")
_NOT_FOUND = 404
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Chosen:
    """A version in full, and why it is that one."""

    version: Version
    why: str


def choose(survey: Survey, request: RollbackRequest, verified: Sequence[VerifiedVersion] = ()) -> Chosen:
    """The version to go to. ``verified`` are those that were found well here, the newest first.

    Raises Refused where there is none, UsageError for a name that is none, CouldNotLook where it is unknown.
    """
    match request.aim:
        case Aim.NAMED:
            return Chosen(_named(survey, request.name), f"it was named: {request.name}")
        case Aim.UNDO:
            return _undone(survey, request.name)
        case Aim.RESTORE:
            return _restored(survey)
        case Aim.BACK:
            return Chosen(*search(survey, verified))


def version_named(survey: Survey, name: str) -> VersionId:
    """The version with this id, tag, or beginning of an id. Raises UsageError for none, and for several."""
    try:
        return version_id(name.strip().lower())
    except ValueError:
        return _by_beginning_or_tag(survey, name.strip())


def _named(survey: Survey, name: str) -> Version:
    return _existing(survey, version_named(survey, name))


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
    close = get_close_matches(name, tags, n=1) or [tag for tag in tags if tag.lower() == name.lower()]
    message = (
        f"{survey.worker} has no version {name[:80]!r}: that is no id, and among the 100 newest neither the "
        "beginning of one (of four digits or more) nor a tag"
    )
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
    wanted = run.strip().lower()
    entry = next((each for each in survey.served if (found := _real(each)) and found.run == wanted), None)
    mark = _real(entry) if entry else None
    if entry is None or mark is None or mark.from_version is None:
        runs = [found.run for each in survey.served if (found := _real(each)) and found.from_version]
        known = ", ".join(dict.fromkeys(runs)) or "none"
        message = f"the history of {survey.worker} shows no rollback of run {run[:80]!r}"
        if survey.cut:
            unknown = f"{message}, and is not whole: {survey.cut}"
            raise CouldNotLook(unknown, remedy="name the version that it rolled back from: --to ID")
        raise Refused(message, remedy=f"runs that rolled back: {known}")
    place = survey.served.index(entry)
    if place + 1 == len(survey.served) and survey.cut:
        message = f"what served before run {run} rolled back can't be told: {survey.cut}"
        raise CouldNotLook(message, remedy=f"if it was {mark.from_version} alone: --to {mark.from_version}")
    if place + 1 < len(survey.served) and survey.served[place + 1].only_version is None:
        before = survey.served[place + 1]
        message = f"run {run} rolled back from a split ({before.shown}), which is no version to return to"
        raise Refused(
            message, remedy="make it again: wrangler versions deploy ID@90 ID@10, with your numbers"
        )
    if survey.head.only_version == mark.from_version:
        message = f"run {run} is undone already: {mark.from_version} serves"
        raise Refused(message, remedy="see whether the bot is well: pytest -m post_rollback --target NAME")
    if place:
        newest = survey.served[0]
        by = newest.author or "somebody"
        message = f"since run {run} rolled back, {by} has deployed {newest.shown}"
        raise Refused(
            message, remedy=f"if you want {mark.from_version} all the same: --to {mark.from_version}"
        )
    return Chosen(_existing(survey, mark.from_version), f"run {run} rolled back from it")


def _real(entry: Deployment) -> Mark | None:
    """The mark of a rollback that was meant, and no part of a drill."""
    mark = mark_of(entry.message)
    return mark if mark is not None and mark.part is Part.REAL else None


def _restored(survey: Survey) -> Chosen:
    mark = fault_that_serves(survey.head)
    if mark is not None and mark.from_version is not None:
        return Chosen(_existing(survey, mark.from_version), f"the drill of run {mark.run} began with it")
    left = mark_of(survey.head.message)
    if left is not None and left.part is Part.REHEARSAL and left.from_version is not None:
        return Chosen(_existing(survey, left.from_version), f"the rehearsal of run {left.run} began with it")
    if left is not None and left.part is Part.FAULT:
        message = f"what serves is not what the drill {left.run} deployed: {survey.head.shown}"
        raise Refused(message, remedy="look at `wrangler deployments list` before anything else")
    message = f"no fault of a drill serves in {survey.worker}: {survey.head.shown} does"
    raise Refused(message, remedy="nothing is to be restored; a rollback is asked for with --rollback")
