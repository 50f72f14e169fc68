"""A drill's scenario: what is broken on purpose, who must notice, and how it must end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from backstop.model.decision import BY_SEVERITY, Decision
from backstop.model.severity import Severity

ALL_TRAFFIC = 100.0  # per cent
BUDGET = 120.0  # seconds, where a scenario names no other


class Place(Enum):
    """Where a scenario may run."""

    SANDBOX = "sandbox"
    STAGING = "staging"


class Need(Enum):
    """What a target must have for a fault to be seen in it."""

    HEALTH = "health"
    COMMANDS = "commands"


class Surroundings(Enum):
    """What goes wrong around a bot, beside or instead of a fault in it; only the sandbox's can be made to."""

    COMMANDS_RENAMED = "commands-renamed"
    ENDPOINT_DROPPED = "endpoint-dropped"
    SECRET_CHANGED = "secret-changed"  # noqa: S105 - what happens to one
    OBJECTS_MIGRATED = "objects-migrated"
    API_LIES = "api-lies"


class RollbackOutcome(Enum):
    """How the rollback of a scenario must end."""

    DONE = "done"
    NOT_MENDED = "done, not mended"
    REFUSED = "refused"
    CAUGHT_LYING = "caught lying"


class Restore(Enum):
    """What leaves the bot as it was: the rollback under test, the drill's own deployment, Discord's owner."""

    ROLLBACK = "rollback"
    DEPLOY = "deploy"
    DISCORD = "discord"


@dataclass(frozen=True, slots=True)
class Fault:
    """A shim that breaks any bot in one way. ``shim`` is a module that imports ``the-bot``.

    ``code`` tells the shim's text from any other. ``needs`` is what a bot must have for that: one without a
    health endpoint can't be unhealthy.
    """

    name: str
    changes: str
    shim: Path
    noticed_by: tuple[str, ...]
    severity: Severity
    needs: frozenset[Need] = frozenset()
    code: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One entry of a drill. ``notices`` are ids of checks; ``budget`` is in seconds, fault to verified good.

    ``previous`` is a bad version that serves before the fault does. ``percent`` is the part of the traffic
    that the fault gets, beside the good version: any check may then be red, and one must be. ``procedure``
    is the step that the scenario stands for.
    """

    name: str
    title: str
    fault: Fault
    notices: tuple[str, ...]
    severity: Severity
    places: tuple[Place, ...]
    rollback: RollbackOutcome = RollbackOutcome.DONE
    budget: float = BUDGET
    decided: Decision | None = None
    restore: Restore = Restore.ROLLBACK
    procedure: str = ""
    percent: float = ALL_TRAFFIC
    previous: Fault | None = None
    surroundings: Surroundings | None = None

    @property
    def decision(self) -> Decision:
        """What the policy must call for: what the scenario says, else what goes with its severity."""
        return self.decided or BY_SEVERITY[self.severity]

    @property
    def split(self) -> bool:
        """Whether the good version keeps a part of the traffic, so that any request may still be well."""
        return self.percent < ALL_TRAFFIC

    @property
    def able(self) -> tuple[str, ...]:
        """The checks of which one at least must be red where it is chance which of them meet the fault."""
        return self.fault.noticed_by if self.split else ()

    @property
    def what(self) -> str:
        """What is done to the bot, in words."""
        part = f" at {self.percent:g} %" if self.split else ""
        around = f", {self.surroundings.value}" if self.surroundings else ""
        return f"{self.fault.name}{part}{around}"
