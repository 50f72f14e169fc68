"""The identity of a session and the kinds that exist."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class SessionKind(Enum):
    """What a session is for; each is a pytest marker, save the plain look."""

    LOOK = "look"
    READY = "ready"
    PRE_DEPLOY = "pre_deploy"
    POST_DEPLOY = "post_deploy"
    PRE_ROLLBACK = "pre_rollback"
    POST_ROLLBACK = "post_rollback"
    WATCH = "watch"
    DRILL = "drill"
    DRILL_FRESHNESS = "drill_freshness"
    MONITOR = "monitor"


class Phase(Enum):
    """Where in a timeline a stage stands: what serves anyhow, what a rollback led to, what a drill made."""

    LIVE = "live"
    AFTER = "after"
    GOOD = "good"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Stage:
    """A point of a session's timeline. ``scenario`` is empty outside of a drill.

    ``index`` orders the stages of one session, from 0.
    """

    index: int
    phase: Phase
    scenario: str = ""

    @property
    def name(self) -> str:
        """Unique within a session, readable in a test id."""
        return (
            f"{self.index}-{self.phase.value}-{self.scenario}"
            if self.scenario
            else f"{self.index}-{self.phase.value}"
        )
