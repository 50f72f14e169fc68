"""A sample of what ``make soak`` does a hundred times: drills that are cut short, and finished elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from soak.drills.plan import Cut, cuts
from soak.drills.rounds import DrillRound
from soak.plan import Way

SEED = 46
SAMPLE = 6  # each way of interrupting comes once; a fault that serves when its drill is killed is among them


def test_a_round_can_be_had_again() -> None:
    """The seed and the number alone decide; each way comes once in six, and both kinds of place come."""
    many = cuts(SEED, 60)

    assert many[12:13] == cuts(SEED, 1, first=13)
    assert dict.fromkeys(Way, 10) == Counter(each.planned.way for each in many)
    assert {True, False} == {each.passing for each in many}
    assert {1, 2} == {len(each.scenarios) for each in many}


@pytest.mark.parametrize("cut", cuts(SEED, SAMPLE), ids=str)
def test_an_interrupted_drill_is_restored_or_says_what_is_left(
    cut: Cut, drill_cut_short: Callable[[Cut], DrillRound]
) -> None:
    """No lock, no process, no fault of which another machine does not know how to end it."""
    found = drill_cut_short(cut)

    assert () == found.wrong, found.details()
