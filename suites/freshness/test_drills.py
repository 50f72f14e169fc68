"""The drills of this target are up to date: whoever needs a rollback tonight may rely on them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.score.standing import LASTS_DAYS, Score, Standing, State

_DUE = frozenset({State.NEVER, State.UNPROVEN, State.EXPIRED, State.CHANGED})
_STEP = "Monthly rollback drills"


@pytest.mark.check("freshness.drilled", severity="high", step=_STEP)
def test_drilled(drilled: Score, drill_command: Callable[[list[str]], str]) -> None:
    """Each scenario that fits this target was passed here within 35 days"""
    due = [each for each in drilled.standings if each.state in _DUE]
    found = f"{len(due)} of {len(drilled.standings)} scenarios have no pass of the last {LASTS_DAYS} days"

    assert drilled.standings, "no scenario fits this target, so that nothing can be proven of it"
    assert not due, f"{found}:{_told(due)}\n→ {drill_command([each.scenario for each in due])}"


@pytest.mark.check("freshness.passed", severity="high", step=_STEP)
def test_passed(drilled: Score, drill_command: Callable[[list[str]], str]) -> None:
    """No scenario failed when it was last drilled here"""
    failing = [each for each in drilled.standings if each.last_failed]
    found = f"{len(failing)} of {len(drilled.standings)} scenarios failed when they were last drilled"
    command = drill_command([each.scenario for each in failing])

    assert not failing, f"{found}:{_told(failing)}\n→ see that drill's report, then {command}"


@pytest.mark.check("freshness.objective", severity="medium", step="Business continuity: RTO")
def test_objective(drilled: Score) -> None:
    """The last pass of each scenario was verified within the recovery time objective"""
    slow = [each for each in drilled.standings if each.times and each.times[-1] > each.rto]
    took = (f"{each.scenario}: {each.times[-1]:.0f} s, wanted at most {each.rto:.0f} s" for each in slow)

    assert not slow, "\n  ".join((f"{len(slow)} scenarios took longer to verified than is allowed:", *took))


def _told(standings: list[Standing]) -> str:
    return "".join(f"\n  {each.scenario}: {each.told}" for each in standings)
