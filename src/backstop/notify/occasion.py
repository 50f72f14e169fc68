"""What people are told of, and what a line of a journal or the end of a session calls for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from backstop.journal.conclusion import Conclusion
from backstop.journal.events import (
    AlertChanged,
    Event,
    MutationArmed,
    RollbackFinished,
    RollbackSpared,
    RollbackStarted,
)
from backstop.journal.record import select
from backstop.model.run import Phase, SessionKind
from backstop.model.verdict import Ending


class Occasion(Enum):
    """Why people are told something. Templates and the journal know it by its words."""

    INITIATED = "initiated"
    ROLLED_BACK = "rolled back"
    COMPLETED = "completed"
    FAILED = "failed"
    RESOLVED = "resolved"
    ALERT_RAISED = "alert raised"
    ALERT_REMINDED = "alert reminded"
    ALERT_FLAPPING = "alert flapping"
    ALERT_RESOLVED = "alert resolved"
    DRILL_BEGUN = "drill begun"
    DRILL_ENDED = "drill ended"

    @property
    def slug(self) -> str:
        """The words as a part of a file's name."""
        return self.value.replace(" ", "-")


ALERTS: Mapping[str, Occasion] = MappingProxyType(
    {
        "raised": Occasion.ALERT_RAISED,
        "reminded": Occasion.ALERT_REMINDED,
        "flapping": Occasion.ALERT_FLAPPING,
        "resolved": Occasion.ALERT_RESOLVED,
    }
)
CLOSING = frozenset({Occasion.RESOLVED, Occasion.ALERT_RESOLVED, Occasion.DRILL_ENDED})
_GOOD = frozenset({Ending.VERIFIED, Ending.ROLLED_BACK})
_FOLLOW_UP = frozenset({SessionKind.POST_ROLLBACK, SessionKind.WATCH})


def called_for(event: Event, kind: SessionKind, told: frozenset[Occasion]) -> Occasion | None:
    """The occasion that an event is, in a session that has had those in ``told``; None for nearly all."""
    if isinstance(event, AlertChanged):
        return ALERTS.get(event.state)
    if kind is SessionKind.DRILL:
        begins = isinstance(event, MutationArmed) and Occasion.DRILL_BEGUN not in told
        return Occasion.DRILL_BEGUN if begins else None
    if isinstance(event, RollbackStarted):
        return Occasion.INITIATED
    if isinstance(event, RollbackFinished) and event.outcome == "done":
        return Occasion.ROLLED_BACK
    return None


def at_the_end(conclusion: Conclusion, kind: SessionKind, told: frozenset[Occasion]) -> Occasion | None:
    """The occasion that the end of a session is; None where it did not concern anybody else."""
    if kind is SessionKind.DRILL:
        return Occasion.DRILL_ENDED if Occasion.DRILL_BEGUN in told else None
    well = conclusion.ending in _GOOD
    if _tried_to_roll_back(conclusion):
        stopped = conclusion.ending is Ending.INTERRUPTED and Occasion.INITIATED not in told
        return None if stopped else Occasion.COMPLETED if well else Occasion.FAILED
    if kind not in _FOLLOW_UP:
        return None
    if well:
        return Occasion.RESOLVED
    return Occasion.FAILED if conclusion.ending is Ending.FAILED else None


def follows_up(conclusion: Conclusion) -> bool:
    """Whether a session did nothing itself: then only those are told who know of the incident."""
    return not conclusion.facts.rollbacks and not _tried_to_roll_back(conclusion)


def _tried_to_roll_back(conclusion: Conclusion) -> bool:
    """Whether the stage in which a rollback is made was begun, and nobody else had made it already."""
    begun = any(stage.phase is Phase.AFTER for stage in conclusion.facts.stages)
    return begun and not any(True for _ in select(conclusion.facts.records, RollbackSpared))
