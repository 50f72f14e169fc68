"""What a worker's history says: which way each deployment went, and what was rolled away from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backstop.model.version import Deployment, Share, VersionId
from backstop.rollback.marker import Part, mark_of

_TRIGGERED_BY_ROLLBACK = "rollback"
_TOO_OLD_TO_BE_LISTED = 0  # a version's number counts from 1; what is not listed is older than what is

Numbers = Mapping[VersionId, int]


def newest_of(deployment: Deployment, numbers: Numbers) -> VersionId:
    """The version of a deployment that was uploaded last: in a split, the one that is being let in.

    What is only staged, at 0 %, is not let in yet.
    """
    return max(
        deployment.receiving or deployment.versions,
        key=lambda version: numbers.get(version, _TOO_OLD_TO_BE_LISTED),
    )


def without_rehearsals(history: Sequence[Deployment]) -> tuple[Deployment, ...]:
    """A history, newest first, without what rehearsals of ours put on top of what served, and took away.

    One that did move traffic stays, whatever its mark says: it may have met with somebody else's deployment.
    """
    kept: list[Deployment] = []
    for entry in reversed(history):
        mark = mark_of(entry.message)
        rehearsed = mark is not None and mark.part is Part.REHEARSAL
        if not (rehearsed and kept and _traffic(kept[-1]) == _traffic(entry)):
            kept.append(entry)
    return tuple(reversed(kept))


def _traffic(deployment: Deployment) -> frozenset[Share]:
    return frozenset(share for share in deployment.shares if share.percentage > 0)


def is_rollback(history: Sequence[Deployment], numbers: Numbers) -> bool:
    """Whether the newest deployment of a history, newest first, went back to an older version.

    Numbers tell which version is older. Of one that is not listed any more, Cloudflare's own word for a
    rollback does, which is often missing, and which `wrangler rollback` to a newer version bears as well; or
    else which of the two was deployed first.
    """
    entry, *earlier = history
    if not earlier or earlier[0].receiving == entry.receiving:
        return False
    now, then = newest_of(entry, numbers), newest_of(earlier[0], numbers)
    if now in numbers and then in numbers:
        return numbers[now] < numbers[then]
    if entry.triggered_by == _TRIGGERED_BY_ROLLBACK:
        return True
    order = [version for each in reversed(history) for version in each.receiving or each.versions]
    return order.index(now) < order.index(then)


def rolled_away_from(history: Sequence[Deployment], numbers: Numbers) -> frozenset[VersionId]:
    """The versions that somebody went back from and that nobody has deployed on purpose since.

    ``history`` is newest first. A version that was deployed forward again is given its chance again.
    """
    away: set[VersionId] = set()
    for place in reversed(range(len(history))):
        away -= history[place].receiving
        if is_rollback(history[place:], numbers):
            away |= {newest_of(history[place + 1], numbers)} - history[place].receiving
    return frozenset(away)
