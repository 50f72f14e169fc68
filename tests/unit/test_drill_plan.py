"""What a plan says of each scenario, without asking anybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backstop.drill.plan import plan_of_scenarios
from backstop.model.scenario import Scenario, Surroundings
from tests.unit.drilling import FAULT, SCENARIO


@pytest.mark.parametrize(
    ("scenario", "says"),
    [
        (SCENARIO, "deploys the bot under health-503 (says 503)"),
        (replace(SCENARIO, percent=10), "deploys the bot under health-503 at 10 % (says 503)"),
        (
            replace(SCENARIO, surroundings=Surroundings.SECRET_CHANGED),
            "deploys the bot under health-503, secret-changed (says 503)",
        ),
        (
            replace(SCENARIO, previous=replace(FAULT, name="before")),
            "deploys the bot under before, then under health-503 (says 503)",
        ),
    ],
)
def test_all_that_goes_wrong_is_told(scenario: Scenario, says: str) -> None:
    """Whoever reads it learns what will serve, to whom, and what happens around it."""
    first, *others = plan_of_scenarios([scenario], None, {})

    assert f"  - health: {says}" == first
    assert "rolls back with  wrangler rollback" in others


@pytest.mark.parametrize(("able", "told"), [(1, True), (28, True), (29, False)])
def test_a_part_of_the_traffic_that_may_not_be_met_is_told(able: int, told: bool) -> None:
    """A tenth takes 29 requests to be met with a confidence of 95 %."""
    fault = replace(FAULT, noticed_by=tuple(f"health.{number}" for number in range(able)))

    lines = list(plan_of_scenarios([replace(SCENARIO, fault=fault, percent=10)], None, {}))

    said = f"may come out as not shown: it takes 29 requests to meet the fault, and {able} checks can"
    assert told == any(said in line for line in lines)
