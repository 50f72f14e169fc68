"""Drill records and scenarios, made without any I/O."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from backstop.model.scenario import Fault, Place, Scenario
from backstop.model.severity import Severity
from backstop.score.record import DrillRecord, ScenarioRecord

AT = datetime(2026, 11, 25, 4, 17, tzinfo=UTC)
TODAY = date(2026, 11, 25)


def scenario(name: str = "down", severity: Severity = Severity.CRITICAL) -> Scenario:
    """One that may run anywhere."""
    fault = Fault(name, "it breaks", Path("fault.js"), ("health.status",), severity)
    return Scenario(name, f"the bot is {name}", fault, ("health.status",), severity, tuple(Place))


def entry(
    name: str = "down", verdict: str = "verified", verified: float = 2.5, fault: str = ""
) -> ScenarioRecord:
    """How a scenario went; its fault has its name where none is given."""
    timings = {"detected": 0.1, "serving": 1.5, "verified": verified}
    title = f"the bot is {name}"
    return ScenarioRecord(name, title, fault or name, "critical", verdict, ("health.status",), (), timings)


def drilled(*entries: ScenarioRecord, at: datetime = AT, **changes: object) -> DrillRecord:
    """A drill of staging."""
    record = DrillRecord(
        run=f"{at:%m%d%H%M}",
        target="staging",
        worker="bot-staging",
        place="staging",
        at=at,
        seconds=21.5,
        clock_moved_s=0.0,
        verdict="verified",
        exit_code=0,
        scenarios=entries or (entry(),),
        tools={"backstop": "0.1.0"},
    )
    return replace(record, **changes)  # type: ignore[arg-type]
