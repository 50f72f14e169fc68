"""What was measured of a bot: how long its answers took, and how many of them were none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from backstop.journal.events.base import Event


@dataclass(frozen=True, slots=True)
class LatencySampled(Event):
    """Times to first byte in a stage, in milliseconds and in the order measured.

    ``warm`` are over a kept connection, ``cold`` with connecting and TLS. ``version`` answered them, empty
    where that is not shown; ``what`` is the request. ``connect`` is how long a connection took, or 0. ``due``
    are the warm ones from when each was due, empty where none went out late because every connection still
    waited for an answer. ``held`` is the most by which our own side sent one too late, which is in no time.

    ``statuses`` is what each of ``warm`` was answered with, ``cold_statuses`` each of ``cold``. ``versions``
    is what each of ``warm`` showed, empty text where it showed none; an empty list where each is proven to be
    of ``version``. ``lost`` counts the requests that are in no time, by why.
    """

    kind: ClassVar[str] = "latency-sampled"
    stage: str
    version: str
    what: str
    warm: tuple[float, ...]
    cold: tuple[float, ...] = ()
    connect: float = 0.0
    due: tuple[float, ...] = ()
    held: float = 0.0
    statuses: tuple[int, ...] = ()
    cold_statuses: tuple[int, ...] = ()
    versions: tuple[str, ...] = ()
    lost: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LatencyCompared(Event):
    """A version against one before it; ``answer`` is slower, fine or undecided, ``text`` says it in words.

    ``against`` is interleaved, baseline or itself: with what the old samples were taken. ``ratio`` is
    new / old with its 95 % bounds ``low`` and ``high``, from ``pairs`` pairs; 0 where there is none.
    """

    kind: ClassVar[str] = "latency-compared"
    stage: str
    old: str
    new: str
    against: str
    answer: str
    text: str
    pairs: int = 0
    ratio: float = 0.0
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class UnauthorisedSeen(Event):
    """How many ``requests`` the tail showed to be answered 401 or 403 within ``seconds``.

    Those that our own probes provoke are left out. It is the sum of ``looks``, which began ``span`` seconds
    ago. There are at least ``low`` and at most ``high`` a minute, each with 95 % confidence. In older
    journals, where ``looks`` is 0, neither is known.
    """

    kind: ClassVar[str] = "unauthorised-seen"
    stage: str
    requests: int
    seconds: float
    low: float = 0.0
    high: float = 0.0
    looks: int = 0
    span: float = 0.0


@dataclass(frozen=True, slots=True)
class ErrorRateSeen(Event):
    """How many of ``sent`` requests failed; ``source`` is probes or tail.

    The true rate, from 0 to 1, is at least ``low`` and at most ``high``, each with 95 % confidence.
    ``unseen`` requests say nothing of the bot. ``version`` is empty where it is not shown.
    """

    kind: ClassVar[str] = "error-rate-seen"
    stage: str
    source: str
    sent: int
    failed: int
    low: float
    high: float
    unseen: int = 0
    version: str = ""
