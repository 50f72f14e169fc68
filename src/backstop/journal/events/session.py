"""A session as a whole: how it began, what came in its way, what it cost, and its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from backstop.journal.events.base import SCHEMA, Event


@dataclass(frozen=True, slots=True)
class SessionStarted(Event):
    """First line. ``mutates`` says what will be changed, empty when nothing; ``tools`` are versions.

    ``place`` is where a drill takes place, sandbox or staging; empty for other sessions. ``by`` is whoever
    runs it, as this machine knows them.
    """

    kind: ClassVar[str] = "session-started"
    run: str
    session: str
    target: str
    worker: str
    url: str
    command: tuple[str, ...]
    reason: str = ""
    mutates: str = ""
    tools: dict[str, str] = field(default_factory=dict)
    schema: int = SCHEMA
    place: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class TargetResolved(Event):
    """What the target turned out to be once it was reachable (a sandbox's URL, for one)."""

    kind: ClassVar[str] = "target-resolved"
    worker: str
    url: str


@dataclass(frozen=True, slots=True)
class PolicyDiffers(Event):
    """Where the target's decision policy of one severity differs from the defaults.

    ``figures`` are by their keys in the targets file, ``off`` names the rows that are switched off.
    """

    kind: ClassVar[str] = "policy-differs"
    severity: str
    figures: dict[str, float] = field(default_factory=dict)
    off: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutsideSeen(Event):
    """How it is with somebody whose trouble may look like the bot's: network, discord or cloudflare.

    ``state`` is well, troubled, out, unseen, or contradicted: the service fails, and its status page reports
    no outage. ``text`` says it in words. ``asked``: the bot may ask something of them in its health, as far
    as its configuration tells.
    """

    kind: ClassVar[str] = "outside-seen"
    stage: str
    who: str
    state: str
    text: str
    asked: bool = True


@dataclass(frozen=True, slots=True)
class ImpactSeen(Event):
    """Whom it hits: ``who`` is nobody, some, everybody or unknown, ``text`` says by what that is known."""

    kind: ClassVar[str] = "impact-seen"
    stage: str
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Problem(Event):
    """Something other than a check that decides how the session ends; ``ending`` is its exit code.

    ``detail`` is a traceback, for whoever mends this tool.
    """

    kind: ClassVar[str] = "problem"
    ending: int
    message: str
    remedy: str = ""
    stage: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Said(Event):
    """A line of progress, as it stood on the terminal."""

    kind: ClassVar[str] = "said"
    text: str


@dataclass(frozen=True, slots=True)
class RequestsSpent(Event):
    """How many requests the session sent to the bot. ``per_minute`` is its budget, 0 where it has none.

    ``waited`` is for how many seconds requests were held back for that. ``discord_invalid`` counts what
    Discord refused with 401, 403 or 429: after 10,000 in ten minutes it bans an address.
    """

    kind: ClassVar[str] = "requests-spent"
    requests: int
    per_minute: int = 0
    waited: float = 0.0
    discord_invalid: int = 0


@dataclass(frozen=True, slots=True)
class SessionFinished(Event):
    """Last line; without it the session was cut short. ``planned`` counts the checks that were due."""

    kind: ClassVar[str] = "session-finished"
    planned: int
    seconds: float
