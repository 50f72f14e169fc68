"""A rollback, from its plan to its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from backstop.journal.events.base import Event


@dataclass(frozen=True, slots=True)
class RollbackPlanned(Event):
    """What a rollback would do, before anything is changed. The lists are sentences.

    ``stays`` is what it will not undo, ``refusals`` why it is not done; the session goes on without them.
    """

    kind: ClassVar[str] = "rollback-planned"
    stage: str
    from_version: str
    to_version: str
    reason: str
    why: str
    changes: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RollbackSpared(Event):
    """A rollback was asked for and not made: somebody had rolled back to ``version`` just before."""

    kind: ClassVar[str] = "rollback-spared"
    stage: str
    version: str
    why: str


@dataclass(frozen=True, slots=True)
class RollbackStarted(Event):
    """A rollback begins: from, to, and why that version."""

    kind: ClassVar[str] = "rollback-started"
    stage: str
    from_version: str
    to_version: str
    reason: str
    why: str
    scenario: str = ""


@dataclass(frozen=True, slots=True)
class RollbackCommandEnded(Event):
    """A team's own rollback command was run in a drill, and how it ended, after ``seconds``.

    ``output`` is the last of what it wrote, without secrets.
    """

    kind: ClassVar[str] = "rollback-command-ended"
    stage: str
    scenario: str
    command: tuple[str, ...]
    ended: str
    seconds: float
    output: str = ""


@dataclass(frozen=True, slots=True)
class RollbackFinished(Event):
    """A rollback ended: ``outcome`` is done, refused, unconfirmed, caught lying, or of a team's own command.

    ``timings`` are seconds since the rollback began: command, api_active, first_correct, serving,
    and verified when the checks have passed. ``within`` is by how much a step may have been reached
    earlier, in seconds: so long lay between two looks.
    """

    kind: ClassVar[str] = "rollback-finished"
    stage: str
    outcome: str
    timings: dict[str, float]
    detail: str = ""
    scenario: str = ""
    within: dict[str, float] = field(default_factory=dict)
