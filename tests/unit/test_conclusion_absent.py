"""What a target does not have need not notice a fault, as long as something else does."""

from __future__ import annotations

from dataclasses import replace

from backstop.journal.conclusion import Conclusion, conclude
from backstop.journal.events import CheckFinished, Event
from backstop.journal.record import Record
from backstop.model.verdict import Ending
from tests.unit.samples import drill

FAULT = "1-fault-health-failure"


def _concluded_without(*names: str) -> Conclusion:
    """The sample drill at a target that has none of what these checks of the first fault look at."""

    def change(event: Event) -> Event:
        if not isinstance(event, CheckFinished) or event.check not in names:
            return event
        return replace(event, outcome="n/a", expected_red=event.stage == FAULT)

    return conclude([Record(r.n, r.at, r.t, change(r.event)) for r in drill()])


def test_what_a_target_does_not_have_need_not_notice() -> None:
    """The fault was noticed by what is there."""
    conclusion = _concluded_without("health.healthy")

    assert conclusion.ending is Ending.VERIFIED
    assert conclusion.scenarios[0].noticed == ("health.status",)
    assert conclusion.scenarios[0].not_shown == ()


def test_a_fault_that_nothing_there_can_notice_is_not_shown() -> None:
    """All of the checks that would have to notice are of things that the target does not have."""
    conclusion = _concluded_without("health.status", "health.healthy")

    assert conclusion.ending is Ending.INCONCLUSIVE
    assert conclusion.scenarios[0].not_shown == ("health.status", "health.healthy")
