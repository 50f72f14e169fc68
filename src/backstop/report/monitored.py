"""How long monitors have seen a bot up, in words: never more than was watched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from backstop.monitor.availability import OBJECTIVE, Day, Span, month, year
from backstop.report.text import duration

_LITTLE = 0.01  # of the time: below that, digits are told that nobody needs otherwise


def monitored_in_words(target: str, days: Sequence[Day], now: datetime) -> Iterator[str]:
    """A line for the month until ``now``, and one for the year; none where no monitor ever watched."""
    if days:
        yield f"{target}: {_told(month(days, now))}"
        yield f"{target}: {_told(year(days, now))}"


def _told(span: Span) -> str:
    if span.share is None:
        return f"nobody watched in {span.name}, so nothing is known of it"
    part = span.watched / span.seconds if span.seconds else 1.0
    watched = f"watched {_floor(part, 0 if part >= _LITTLE else 2)} % of {span.name}"
    down = f"{duration(span.down)} down" if span.down else "never seen down"
    kept = "keeps" if span.kept else "misses"
    goal = f"{kept} {100 * OBJECTIVE:g} % as far as it was watched"
    return f"{watched}; {_floor(span.share, 2)} % of that; {down}; {goal}"


def _floor(share: float, digits: int) -> str:
    """Per cent, rounded down: 100 is all of it."""
    scale = 10**digits
    return f"{int(share * 100 * scale + 1e-9) / scale:.{digits}f}"
