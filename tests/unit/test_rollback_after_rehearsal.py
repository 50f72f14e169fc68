"""A rehearsal moves no traffic, and leaves two deployments in the history that count for nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from backstop.model.errors import Refused
from backstop.model.version import Deployment
from backstop.rollback.choose import choose
from backstop.rollback.history import rolled_away_from, without_rehearsals
from backstop.rollback.marker import Mark, Part, marked
from backstop.rollback.plan import AlreadyDone, make_plan
from backstop.rollback.request import Aim, RollbackRequest
from backstop.rollback.verified import VerifiedVersion
from tests.unit.rollbacks import BACK, account, deployed, history, plan, surveyed, version, vid

UNDO = RollbackRequest("undo", Aim.UNDO, "abc")
ROLLED_BACK = marked("why", Mark("abc", Part.REAL, vid(3), vid(2)))


def _rehearsal(serves: int, beside: int, minutes_ago: float = 3) -> tuple[Deployment, Deployment]:
    """What it leaves, newest first: as it was, and the earlier version at 0 %."""
    mark = Mark("reh", Part.REHEARSAL, vid(serves), vid(beside))
    put_back = marked("rehearsal: as it was", Mark("reh", Part.REHEARSAL))
    staged = deployed(serves, beside, split=(100, 0), message=marked("x", mark), minutes_ago=minutes_ago)
    return deployed(serves, message=put_back, minutes_ago=minutes_ago - 1), staged


def _rolled_back(minutes_ago: float = 600) -> tuple[Deployment, ...]:
    return deployed(2, message=ROLLED_BACK, minutes_ago=minutes_ago), *history(3, 2, 1)


WHERE = [
    pytest.param(history(3, 2, 1), _rehearsal(3, 2), id="over what serves"),
    pytest.param(_rolled_back(), _rehearsal(2, 1), id="after a rollback"),
    pytest.param(_rolled_back(), (*_rehearsal(2, 1), *_rehearsal(2, 1, 9)), id="twice"),
    pytest.param(_rolled_back(), _rehearsal(2, 1)[1:], id="while it lasts, or was killed"),
]


@pytest.mark.parametrize(("before", "rehearsed"), WHERE)
@pytest.mark.parametrize("known", [(), (VerifiedVersion(vid(1), "r0", "2026-11-20"),)])
def test_a_rollback_goes_where_it_would_have_gone(
    before: tuple[Deployment, ...], rehearsed: tuple[Deployment, ...], known: tuple[VerifiedVersion, ...]
) -> None:
    """With the same words for why, and the same versions that were rolled away from."""
    without, after = surveyed(account(*before)), surveyed(account(*rehearsed, *before))

    assert choose(without, BACK, known) == choose(after, BACK, known)
    assert without.away == after.away
    assert before == after.served


@pytest.mark.parametrize(("before", "rehearsed"), WHERE[1:])
def test_an_earlier_run_can_still_be_undone(
    before: tuple[Deployment, ...], rehearsed: tuple[Deployment, ...]
) -> None:
    """As what it made still serves; also where the rehearsal was made before it."""
    assert vid(3) == choose(surveyed(account(*rehearsed, *before)), UNDO).version.id
    older = (deployed(2, message=ROLLED_BACK), *_rehearsal(3, 2, 700), *history(3, 2, 1))
    assert vid(3) == choose(surveyed(account(*older)), UNDO).version.id


def test_what_somebody_deployed_since_is_still_seen() -> None:
    """The other half of the pair: beneath a rehearsal and above it."""
    beneath = (*_rehearsal(4, 2), deployed(4), *_rolled_back())
    above = (deployed(4), *_rehearsal(2, 1), *_rolled_back())
    for entries in (beneath, above):
        with pytest.raises(Refused, match="has deployed 00000004"):
            choose(surveyed(account(*entries)), UNDO)


@pytest.mark.parametrize(("minutes", "validates"), [(5, True), (31, False)])
def test_it_does_not_end_the_half_hour_of_a_second_responder(minutes: float, *, validates: bool) -> None:
    """A rollback is as old as it is."""
    found = account(*_rehearsal(2, 1, min(minutes, 4)), *_rolled_back(minutes), *history(1))
    made = make_plan(cast("Any", found), surveyed(found), BACK)

    assert validates == isinstance(made, AlreadyDone)


def test_a_deploy_in_progress_is_seen_beneath_it() -> None:
    """Six seconds ago somebody deployed, whatever was rehearsed since."""
    found = account(*_rehearsal(2, 1, 0), deployed(2, minutes_ago=0.1), *history(1))

    assert any("only 6 s ago" in hurdle.text for hurdle in plan(found).hurdles)


def test_what_a_rehearsal_left_is_put_back_at_once() -> None:
    """Nobody is at work but the session that was killed."""
    left = _rehearsal(2, 1, 0)[1]
    found = account(left, deployed(2, minutes_ago=0.1), *history(1))
    made = plan(found, RollbackRequest("restore", Aim.RESTORE))

    assert (vid(2), ()) == (made.wanted.id, made.hurdles)


def test_what_moved_traffic_counts_whatever_its_mark() -> None:
    """Somebody deployed 3 as 1 was put beside 2, which made 2 serve again, until 3 was put back."""
    put_back, staged = _rehearsal(2, 1)
    back_again = replace(deployed(3, message=put_back.message), id="again")
    entries = (back_again, staged, *history(3, 2))

    assert entries == without_rehearsals(entries)
    assert entries[1:] == without_rehearsals(entries[1:])
    numbers = {vid(number): number for number in (1, 2, 3)}
    assert frozenset({vid(3)}) == rolled_away_from(without_rehearsals(entries[1:]), numbers)
    assert version(3).id not in surveyed(account(*entries)).away
