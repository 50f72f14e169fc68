"""What a drill's journal says where the fault had a part of the traffic, so that chance has a say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backstop.journal.conclusion import Conclusion, conclude
from backstop.journal.events import CheckFinished, Event, ScenarioDeclared
from backstop.model.decision import Decision
from backstop.model.verdict import Ending
from tests.unit.sample_checks import CHECKS
from tests.unit.samples import drill, numbered


def unnoticed(percent: float, takes: int, *able: str) -> Conclusion:
    """The sample drill, in whose first scenario no check was red although a part of the requests were bad."""

    def change(event: Event) -> Event:
        if isinstance(event, ScenarioDeclared) and event.name == "health-failure":
            decision = Decision.AT_ONCE.value
            split = replace(event, percent=percent, notices=(), able=able, decision=decision)
            return replace(split, takes=takes)
        if isinstance(event, CheckFinished) and event.stage == "1-fault-health-failure":
            return replace(event, expected_red=False, outcome="pass")
        return event

    return conclude(numbered(change(record.event) for record in drill()))


@pytest.mark.parametrize("able", [("health.status", "health.healthy"), ()])
def test_a_small_part_that_went_unnoticed_is_not_shown(able: tuple[str, ...]) -> None:
    """So few checks need not have met it: nobody is to blame, and nothing is verified."""
    conclusion = unnoticed(1.0, 299, *able)

    assert "mend what could not be looked at, then run again: pytest -m drill" == conclusion.next_step
    looked = len(able) or len(CHECKS)
    assert Ending.INCONCLUSIVE is conclusion.ending
    assert ["not shown", "verified", "verified"] == [each.verdict for each in conclusion.scenarios]
    assert f"none of the {looked} checks that looked was red, which may be chance: with 1 % of" in " ".join(
        conclusion.reasons
    )


@pytest.mark.parametrize("takes", [0, 2])
def test_where_enough_checks_looked_it_is_the_checks_that_failed(takes: int) -> None:
    """They met it and stayed green; so it is too in a journal that does not say how many it takes."""
    conclusion = unnoticed(80.0, takes, "health.status", "health.healthy")

    assert Ending.FAILED is conclusion.ending
    assert "failed" == conclusion.scenarios[0].verdict
    assert "no check was red while it had 80 % of the traffic" in " ".join(conclusion.reasons)
