"""Journals of one stage, and what they amount to."""

from __future__ import annotations

from backstop.journal.conclusion import Conclusion, conclude
from backstop.journal.events import CheckFinished, Event, SessionFinished, SessionStarted, StageStarted
from tests.unit.samples import numbered


def check(
    name: str = "health.status", outcome: str = "pass", stage: str = "0-live", **other: str
) -> CheckFinished:
    """A finished check."""
    severity = other.pop("severity", "high")
    return CheckFinished(name, "title", name.partition(".")[0], severity, stage, outcome, **other)  # type: ignore[arg-type]


def session(kind: str, *events: Event, planned: int | None = None) -> tuple[Event, ...]:
    """A whole session of some kind with these events in it."""
    due = sum(isinstance(event, CheckFinished) for event in events) if planned is None else planned
    first = SessionStarted("run", kind, "local", "bot", "http://bot", ("pytest", "-m", kind))
    return (first, StageStarted("0-live", "live"), *events, SessionFinished(due, 1.0))


def concluded(*events: Event, kind: str = "look", planned: int | None = None) -> Conclusion:
    """The conclusion of such a session."""
    return conclude(numbered(session(kind, *events, planned=planned)))
