"""Whether an answer was made now, or kept from before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backstop.model.http import Answer, Exchange
from backstop.observe.moment import read_moment

_COARSE = 1.0  # seconds: stamps without a fraction


def age_header(answer: Answer) -> str:
    """How the answer itself says that it comes from a cache, or nothing."""
    age = (answer.header("age") or "").strip()
    if age.isdecimal() and int(age) > 0:
        return f"Age: {age}"
    status = (answer.header("cf-cache-status") or "").strip().upper()
    return f"CF-Cache-Status: {status}" if status in {"HIT", "STALE", "UPDATING", "REVALIDATED"} else ""


def age_of(stamp: datetime, exchange: Exchange) -> float:
    """How many seconds old a stamp was when its answer arrived, however much later that is looked at."""
    return (exchange.at - stamp).total_seconds() + exchange.timing.total


def stuck(before: object, after: object, later: Callable[[], object]) -> bool:
    """Whether a stamp does not move. ``later`` reads it again, more than a second on.

    It is asked only for stamps that show no fraction of a second, which may well be alike. Of one that shows
    no seconds at all it can't be told.
    """
    found = read_moment(after)
    if before != after or (found is not None and found.step > _COARSE):
        return False
    if found is not None and found.step < _COARSE:
        return True
    return later() == after
