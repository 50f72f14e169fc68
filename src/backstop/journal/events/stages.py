"""The stages of a timeline, the versions that play a part, and what one witness says serves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from backstop.journal.events.base import Event


@dataclass(frozen=True, slots=True)
class StageStarted(Event):
    """A stage of the timeline begins; ``phase`` is live, good or fault."""

    kind: ClassVar[str] = "stage-started"
    stage: str
    phase: str
    scenario: str = ""


@dataclass(frozen=True, slots=True)
class StageReady(Event):
    """The set-up of a stage is done and its checks begin. ``version`` serves."""

    kind: ClassVar[str] = "stage-ready"
    stage: str
    version: str
    seconds: float


@dataclass(frozen=True, slots=True)
class VersionSeen(Event):
    """A version that plays a part; ``role`` is live, good, fault, from or to."""

    kind: ClassVar[str] = "version-seen"
    version: str
    role: str
    number: int = 0
    tag: str = ""
    message: str = ""
    author: str = ""
    created: str = ""


@dataclass(frozen=True, slots=True)
class Witnessed(Event):
    """What one witness (command, api, edge) says serves, against what should."""

    kind: ClassVar[str] = "witnessed"
    stage: str
    witness: str
    agrees: bool
    wanted: str
    found: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class AvailabilitySeen(Event):
    """How the bot answered plain requests beside the checks, from a drill's first change to its end.

    ``down`` is all of a stage's outages together, ``longest`` the longest, ``every`` the time between two
    requests, in seconds. An outage counts where it began. ``unseen`` requests say nothing of the bot.
    """

    kind: ClassVar[str] = "availability-seen"
    stage: str
    sent: int
    failed: int
    down: float
    longest: float
    every: float
    unseen: int = 0
