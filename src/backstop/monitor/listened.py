"""For how long looks listened to a tail, and how many requests it showed to be refused. Pure.

One look hears ten seconds: so few say little of a minute. Looks of late are one sample.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

OF_LATE = timedelta(minutes=10)
_LEAST = 3  # looks, where they are further apart than that
_LONGEST = timedelta(hours=1)  # what is older says nothing of now


@dataclass(frozen=True, slots=True)
class Listened:
    """One look's: ``refused`` requests were answered 401 or 403 in ``seconds`` that were listened to."""

    at: datetime
    refused: int
    seconds: float


def of_late(listened: Iterable[Listened], now: datetime) -> tuple[Listened, ...]:
    """Those of the last ten minutes, oldest first; at least three of the last hour, if there are so many."""
    known = sorted((each for each in listened if now - _LONGEST <= each.at <= now), key=lambda each: each.at)
    recent = [each for each in known if each.at >= now - OF_LATE]
    return tuple(recent if len(recent) >= _LEAST else known[-_LEAST:])
