"""What was seen of a bot, word for word: exchanges, headers, lines of the tail, and with which tools.

Texts are bounded where they are taken up. Headers are by name, several values of one joined by a comma.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from backstop.journal.events.base import Event


@dataclass(frozen=True, slots=True)
class ExchangeSeen(Event):
    """A request that a check judged, and its answer; checks refer to it by ``exchange``.

    ``status`` is 0 where nothing usable came back, and ``answer`` then says what happened instead.
    """

    kind: ClassVar[str] = "exchange-seen"
    exchange: str
    stage: str
    method: str
    url: str
    sent: dict[str, str]
    body: str
    status: int
    headers: dict[str, str]
    answer: str
    seconds: float
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class HeadersSeen(Event):
    """The headers of a stage's plain answer. ``version`` gave it, empty where that is not shown."""

    kind: ClassVar[str] = "headers-seen"
    stage: str
    version: str
    what: str
    status: int
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class TailWatched(Event):
    """The tail was open while a stage's probes were sent. ``unseen`` says why it tells nothing.

    ``failed`` events ended badly, without those that were provoked; ``shown`` excerpts follow.
    """

    kind: ClassVar[str] = "tail-watched"
    stage: str
    events: int
    failed: int
    shown: int
    unseen: str = ""


@dataclass(frozen=True, slots=True)
class TailExcerpt(Event):
    """One invocation as the tail showed it. ``outcome`` is Cloudflare's word; ``when`` is UTC, or empty.

    ``whose`` is probe, provoked (a probe that asks for trouble) or other.
    """

    kind: ClassVar[str] = "tail-excerpt"
    stage: str
    when: str
    version: str
    what: str
    outcome: str
    status: int
    whose: str
    logs: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolsSeen(Event):
    """Versions of what a session used besides itself: the system, Node, wrangler, workerd, libraries."""

    kind: ClassVar[str] = "tools-seen"
    tools: dict[str, str]
