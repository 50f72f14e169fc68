"""How long a bot was up, as far as its monitors watched. Pure.

The rule. The time between two looks at its health is of the kind that the first of them saw: up, down when
a critical check failed, or unknown when it could not look. Looks that lie further apart than ``LONGEST_GAP``
have watched nothing between them. Days are UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum

from backstop.model.severity import Severity
from backstop.monitor.alert import Seen, Sight

HEALTH = "health"  # the subject that this is read from
OBJECTIVE = 0.999  # the procedure: 8.76 hours of a year
LONGEST_GAP = timedelta(minutes=15)  # a timer of ten minutes, late by half of that
_DAY = timedelta(days=1)


class Bot(Enum):
    """How a look at its health found the bot."""

    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Day:
    """Of one day in UTC: seconds that were watched, and those of them that the bot was down."""

    day: date
    watched: float
    down: float


@dataclass(frozen=True, slots=True)
class Span:
    """A month or a year until now, ``seconds`` long; ``name`` is how people call it."""

    name: str
    seconds: float
    watched: float
    down: float

    @property
    def share(self) -> float | None:
        """Of what was watched, how much it was up, from 0 to 1; None where nothing was watched."""
        return (self.watched - self.down) / self.watched if self.watched > 0 else None

    @property
    def kept(self) -> bool | None:
        """Whether what was watched keeps the objective; None where nothing was."""
        return None if self.share is None else self.share >= OBJECTIVE


def found(sight: Sight) -> Bot:
    """What a look at its health says of the bot."""
    if sight.seen is Seen.UNSEEN:
        return Bot.UNKNOWN
    down = sight.seen is Seen.FAILED and sight.severity is Severity.CRITICAL
    return Bot.DOWN if down else Bot.UP


def between(before: datetime, bot: Bot, now: datetime) -> Iterator[Day]:
    """What the time between two looks adds to each day, where the first found ``bot``."""
    if bot is Bot.UNKNOWN or not timedelta(0) < now - before <= LONGEST_GAP:
        return
    while before < now:
        end = min(now, _midnight(before.date() + _DAY))
        seconds = (end - before).total_seconds()
        yield Day(before.date(), seconds, seconds if bot is Bot.DOWN else 0.0)
        before = end


def month(days: Iterable[Day], now: datetime) -> Span:
    """The month of ``now`` until then."""
    return _span(f"{now:%B}", days, now.date().replace(day=1), now)


def year(days: Iterable[Day], now: datetime) -> Span:
    """The year of ``now`` until then."""
    return _span(f"{now.year}", days, now.date().replace(month=1, day=1), now)


def _span(name: str, days: Iterable[Day], first: date, now: datetime) -> Span:
    within = [each for each in days if first <= each.day <= now.date()]
    seconds = (now - _midnight(first)).total_seconds()
    watched = sum(each.watched for each in within)
    return Span(name, seconds, min(watched, seconds), min(sum(each.down for each in within), seconds))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
