"""What a worker's history says: which way each deployment went, and what was rolled away from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backstop.model.version import Deployment, VersionId
from backstop.rollback.marker import mark_of

_TRIGGERED_BY_ROLLBACK = "rollback"
_TOO_OLD_TO_BE_LISTED = 0  # a version's number counts from 1; what is not listed is older than what is

Numbers = Mapping[VersionId, int]


def newest_of(deployment: Deployment, numbers: Numbers) -> VersionId:
    """The version of a deployment that was uploaded last: in a split, the one that is being let in."""
    return max(deployment.versions, key=lambda version: numbers.get(version, _TOO_OLD_TO_BE_LISTED))


def is_rollback(entry: Deployment, before: Deployment | None, numbers: Numbers) -> bool:
    """Whether a deployment went back. Cloudflare's own word for it is often missing, ours may be as well."""
    if entry.triggered_by == _TRIGGERED_BY_ROLLBACK:
        return True
    if before is None or before.versions == entry.versions:
        return False
    number = numbers.get(newest_of(entry, numbers), _TOO_OLD_TO_BE_LISTED)
    return number < numbers.get(newest_of(before, numbers), _TOO_OLD_TO_BE_LISTED)


def rolled_away_from(history: Sequence[Deployment], numbers: Numbers) -> frozenset[VersionId]:
    """The versions that somebody went back from and that nobody has deployed on purpose since.

    ``history`` is newest first. A version that was deployed forward again is given its chance again.
    """
    away: set[VersionId] = set()
    before: Deployment | None = None
    for entry in reversed(history):
        away -= entry.versions
        if before is not None and is_rollback(entry, before, numbers):
            away |= _left(entry, before)
        before = entry
    return frozenset(away)


def _left(entry: Deployment, before: Deployment) -> frozenset[VersionId]:
    """What a rollback left; our mark names it also where the entry in between is gone."""
    mark = mark_of(entry.message)
    named = {mark.from_version} if mark and mark.from_version else set()
    return (before.versions | named) - entry.versions
