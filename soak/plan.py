"""Which interruptions there will be: the same ones for the same seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from backstop.journal.events import (
    Event,
    MutationArmed,
    RollbackFinished,
    RollbackPlanned,
    RollbackStarted,
    Witnessed,
)

SOON = 0.3  # seconds after a journal's line within which an interruption that is aimed at it falls
_AIMED = 0.4  # the part of all interruptions that is
_OUTAGE = (0.5, 12.0)  # seconds: from a hiccup to longer than one request to the API is waited for
_LINES: tuple[type[Event], ...] = (
    RollbackPlanned,
    MutationArmed,
    RollbackStarted,
    Witnessed,
    RollbackFinished,
)


class Way(Enum):
    """How a session is cut short, or what is taken from it."""

    ONCE = "SIGINT"
    TWICE = "SIGINT twice"
    TERM = "SIGTERM"
    KILL = "SIGKILL"
    DISK = "full disk"
    NETWORK = "lost network"


@dataclass(frozen=True, slots=True)
class Interruption:
    """One of them; ``seed`` and ``number`` are what it was made from.

    ``line`` is the kind of line in the journal that is waited for, empty where only time counts. ``share``,
    from 0 to 1, is of the time that an undisturbed session takes, or of SOON after that line. ``lasts`` is in
    seconds, for a network that is lost.
    """

    seed: int
    number: int
    way: Way
    line: str
    share: float
    lasts: float = 0.0

    def __str__(self) -> str:
        after = f"{self.share * SOON:.3f} s after {self.line}" if self.line else f"at {self.share:.1%}"
        lasts = f" for {self.lasts:.1f} s" if self.way is Way.NETWORK else ""
        return f"{self.way.value} {after}{lasts}"


def interruptions(
    seed: int, count: int, first: int = 1, lines: Sequence[type[Event]] = _LINES
) -> tuple[Interruption, ...]:
    """So many of them, from number ``first`` on; each way comes once in six. ``lines`` are aimed at."""
    return tuple(_interruption(seed, number, lines) for number in range(first, first + count))


def _interruption(seed: int, number: int, lines: Sequence[type[Event]]) -> Interruption:
    dice = random.Random(f"{seed}:{number}")  # noqa: S311 - moments are no secrets
    way = list(Way)[number % len(Way)]
    line = dice.choice(lines).kind if dice.random() < _AIMED else ""
    return Interruption(seed, number, way, line, dice.random(), lasts=dice.uniform(*_OUTAGE))
