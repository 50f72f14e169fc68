"""What a drill may cost: by what its scenarios took at this place before, else by their budgets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from backstop.drill.cost import expected_cost
from backstop.model.scenario import Place
from backstop.score.record import DrillRecord
from backstop.score.standing import beside, took
from tests.unit.drills import AT, TODAY, drilled, entry, scenario

DOWN, SLOW = replace(scenario("down"), budget=120), replace(scenario("slow"), budget=60)
ELSEWHERE = {"place": "sandbox"}


def _drills(*seconds: float | None, **changes: object) -> list[DrillRecord]:
    """A drill a day until today, each of one scenario."""
    return [
        drilled(replace(entry("down"), seconds=each), at=AT - timedelta(days=day), **changes)
        for day, each in zip(reversed(range(len(seconds))), seconds, strict=True)
    ]


def test_the_longest_of_the_last_three_counts() -> None:
    """In whatever order the records come; an older one is past."""
    records = _drills(90, 10, 30, 20)

    assert {"down": 30} == took(records[::-1], "staging", Place.STAGING, [DOWN, SLOW], TODAY)


def test_a_drill_of_the_future_is_not_counted() -> None:
    """It would be the last one for years."""
    ahead = drilled(replace(entry("down"), seconds=900.0), at=AT + timedelta(days=400))

    assert {"down": 30} == took([*_drills(30), ahead], "staging", Place.STAGING, [DOWN], TODAY)


def test_what_says_nothing_of_this_scenario_here_is_not_counted() -> None:
    """Another place, another target, another fault under the same name, and one that never came so far."""
    others = [*_drills(10, **ELSEWHERE), *_drills(10, target="other"), *_drills(None)]
    changed = replace(DOWN, fault=replace(DOWN.fault, name="another"))

    assert {} == took(others, "staging", Place.STAGING, [DOWN], TODAY)
    assert {} == took(_drills(10), "staging", Place.STAGING, [changed], TODAY)


def test_what_a_drill_took_beside_that_is_counted_for_each_scenario() -> None:
    """The longest of the last three whole drills here: of 21.5 s each the bot was at fault for some."""
    two = drilled(*(replace(entry(name), seconds=5.0) for name in ("down", "slow")))
    ahead = replace(two, seconds=900.0, at=AT + timedelta(days=400))

    assert 5.75 == beside([two, ahead, *_drills(None)], "staging", Place.STAGING, TODAY)
    assert 20.5 == beside(_drills(1, 10, 10), "staging", Place.STAGING, TODAY)
    assert 11.5 == beside(_drills(1, 10, 10, 10), "staging", Place.STAGING, TODAY)
    assert 0.0 == beside([two], "staging", Place.SANDBOX, TODAY) == beside([], "x", Place.SANDBOX, TODAY)


def test_what_nobody_measured_is_counted_by_its_budget() -> None:
    """And the plan says which it was."""
    none, some, all_of_them = (
        expected_cost([DOWN, SLOW], known) for known in ({}, {"down": 30}, {"down": 30, "slow": 6})
    )

    assert [3.0, 1.5, 0.6] == [none.minutes, some.minutes, all_of_them.minutes]
    assert "the sum of their budgets: no drill here has measured them yet" == none.told
    assert some.told.startswith("what 1 of 2 took in the last drills here")
    assert some.told.endswith("the budgets of slow")
    many = expected_cost([scenario(f"s{number}") for number in range(5)] + [DOWN], {"down": 30})
    assert many.told.endswith("the budgets of s0, s1, s2 and 2 more")
    assert "what they took in the last drills here, each at its longest" == all_of_them.told
