"""Which way a history went: what is a rollback, and what was rolled away from."""

from __future__ import annotations

import pytest

from backstop.model.version import Deployment
from backstop.rollback.history import is_rollback, newest_of, rolled_away_from
from tests.unit.rollbacks import deployed, history, vid

NUMBERS = {vid(number): number for number in range(1, 10)}


@pytest.mark.parametrize(
    ("entries", "away"),
    [
        pytest.param(history(3, 2, 1), set(), id="only forward"),
        pytest.param(history(2, 3, 2, 1), {3}, id="one back"),
        pytest.param(history(1, 2, 3, 2, 1), {2, 3}, id="back twice"),
        pytest.param(history(3, 2, 3, 2), set(), id="forward again: it has its chance back"),
        pytest.param(history(4, 2, 3, 2), {3}, id="mended forward: the bad one stays bad"),
        pytest.param((deployed(2, 3, split=(90, 10)), *history(2, 1)), set(), id="let in by tenths"),
        pytest.param((*history(2), deployed(2, 3, split=(90, 10)), *history(2, 1)), {3}, id="split undone"),
        pytest.param((deployed(1), *history(20, 1)), {20}, id="what is not listed any more counts"),
        pytest.param((deployed(20), *history(3, 20)), {3}, id="back to what is not listed any more"),
        pytest.param((deployed(2, 3, split=(100, 0)), *history(3, 2)), {3}, id="back, and kept staged"),
        pytest.param((deployed(2, 3, split=(100, 0)), *history(2, 1)), set(), id="staged, and nothing else"),
        pytest.param(
            (deployed(2, 3, split=(100, 0)), *history(2, 3, 2)), {3}, id="staged anew: it serves nobody"
        ),
        pytest.param(history(9, 8), set(), id="none"),
    ],
)
def test_what_was_rolled_away_from(entries: tuple[Deployment, ...], away: set[int]) -> None:
    """The versions that nobody wants back without saying so."""
    assert {vid(number) for number in away} == rolled_away_from(entries, NUMBERS)


def test_numbers_come_before_cloudflares_own_word() -> None:
    """Which is often missing, and which a rollback to a newer version bears as well."""
    before = deployed(3)

    assert is_rollback([deployed(2), before], NUMBERS)
    assert is_rollback([deployed(21, by="rollback"), deployed(20)], NUMBERS)
    assert not is_rollback([deployed(4), before], NUMBERS)
    assert not is_rollback([deployed(4, by="rollback"), before], NUMBERS)
    assert not is_rollback([deployed(3), before], NUMBERS)
    assert not is_rollback([deployed(3)], NUMBERS)


def test_the_newest_of_a_split_is_the_one_that_is_let_in() -> None:
    """Whatever its share, if it has one: what is staged at 0 % serves nobody."""
    assert vid(3) == newest_of(deployed(2, 3, split=(90, 10)), NUMBERS)
    assert vid(2) == newest_of(deployed(2, 3, split=(100, 0)), NUMBERS)
