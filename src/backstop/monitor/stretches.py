"""The time that was watched, as stretches: how what several machines watched fits together. Pure.

The rule. A moment was watched if anybody watched it, and the bot was down then if anybody saw it down. So
whoever joins what, in whichever order and however often, comes to the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from backstop.monitor.availability import Bot, Day, between

Stretch = tuple[float, float]  # seconds since 1970, from and to
_DAY_S = 86400.0
_LAST = 253_000_000_000.0  # in the year 9987: no date is later than 9999
_MOST_DAYS = 62.0  # in one stretch that was read: a month and what may touch it


@dataclass(frozen=True, slots=True)
class Watched:
    """Stretches in their order that do not touch: what was watched, and the ``down`` of it."""

    watched: tuple[Stretch, ...] = ()
    down: tuple[Stretch, ...] = ()


def since(before: datetime, bot: Bot, now: datetime) -> Watched:
    """What the time between two looks adds, where the first found ``bot``."""
    if not any(between(before, bot, now)):
        return Watched()
    stretch = ((before.timestamp(), now.timestamp()),)
    return Watched(stretch, stretch if bot is Bot.DOWN else ())


def joined(parts: Iterable[Watched]) -> Watched:
    """All of it."""
    parts = tuple(parts)
    return Watched(
        _merged(each for part in parts for each in part.watched),
        _merged(each for part in parts for each in part.down),
    )


def days(watched: Watched) -> tuple[Day, ...]:
    """By days in UTC, oldest first."""
    seconds = _by_day(watched.watched)
    down = _by_day(watched.down)
    return tuple(Day(_date(day), seconds[day], down.get(day, 0.0)) for day in sorted(seconds))


def by_month(watched: Watched) -> dict[str, Watched]:
    """By the month in which a stretch begins, such as 2026-11."""
    months = sorted({_month(began) for began, _ in (*watched.watched, *watched.down)})
    return {
        month: Watched(_beginning(watched.watched, month), _beginning(watched.down, month))
        for month in months
    }


def members(watched: Watched) -> dict[str, Any]:
    """As members of JSON."""
    return {
        "watched": [list(each) for each in watched.watched],
        "down": [list(each) for each in watched.down],
    }


def read_watched(raw: Any) -> Watched:
    """Read them back. Raises KeyError, TypeError or ValueError for what is none."""
    return Watched(*(_merged(map(_stretch, raw[name])) for name in ("watched", "down")))


def _stretch(raw: Any) -> Stretch:
    began, ended = map(float, raw)
    if not (0 <= began < _LAST and 0 < ended - began <= _MOST_DAYS * _DAY_S):
        message = f"{raw} is no stretch of time"
        raise ValueError(message)
    return began, ended


def _merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    merged: list[Stretch] = []
    for began, ended in sorted(stretches):
        if merged and began <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ended))
        else:
            merged.append((began, ended))
    return tuple(merged)


def _by_day(stretches: Iterable[Stretch]) -> dict[float, float]:
    """Seconds, by the number of the day."""
    found: dict[float, float] = {}
    for day, seconds in (part for stretch in stretches for part in _parts(*stretch)):
        found[day] = found.get(day, 0.0) + seconds
    return found


def _parts(began: float, ended: float) -> Iterator[tuple[float, float]]:
    while began < ended:
        day = began // _DAY_S
        end = min(ended, (day + 1) * _DAY_S)
        yield day, end - began
        began = end


def _beginning(stretches: Iterable[Stretch], month: str) -> tuple[Stretch, ...]:
    return tuple(each for each in stretches if _month(each[0]) == month)


def _month(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m}"


def _date(day: float) -> date:
    return datetime.fromtimestamp(day * _DAY_S, UTC).date()
