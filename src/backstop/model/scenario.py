"""A drill's scenario: what is broken on purpose, who must notice, and how it must end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from backstop.model.severity import Severity


class Place(Enum):
    """Where a scenario may run."""

    SANDBOX = "sandbox"
    STAGING = "staging"


class Need(Enum):
    """What a target must have for a fault to be seen in it."""

    HEALTH = "health"


class RollbackOutcome(Enum):
    """How the rollback of a scenario must end."""

    DONE = "done"
    REFUSED = "refused"
    CAUGHT_LYING = "caught lying"


@dataclass(frozen=True, slots=True)
class Fault:
    """A shim that breaks any bot in one way. ``shim`` is a module that imports ``the-bot``.

    ``needs`` is what a bot must have for that: one without a health endpoint can't be unhealthy.
    """

    name: str
    changes: str
    shim: Path
    noticed_by: tuple[str, ...]
    severity: Severity
    needs: frozenset[Need] = frozenset()


@dataclass(frozen=True, slots=True)
class Scenario:
    """One entry of a drill. ``notices`` are ids of checks; ``budget`` is in seconds."""

    name: str
    title: str
    fault: Fault
    notices: tuple[str, ...]
    severity: Severity
    places: tuple[Place, ...]
    rollback: RollbackOutcome = RollbackOutcome.DONE
    budget: float = 120.0
