"""When a target may be drilled, and what that may cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTH_MIN = 43.2  # minutes: what 99.9 % leaves of a month of 30 days
_WEEK = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class EveryWeek:
    """From a weekday (Monday is 0) and time to another, over the week's end where that comes first.

    One that ends where it begins is the whole week.
    """

    text: str
    from_day: int
    from_time: time
    to_day: int
    to_time: time

    def holds(self, moment: datetime) -> bool:
        """Whether a local moment lies in it; its end does not."""
        began, end = _minute(self.from_day, self.from_time), _minute(self.to_day, self.to_time)
        now = _minute(moment.weekday(), moment.time())
        return (now - began) % _WEEK < ((end - began) % _WEEK or _WEEK)


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, both included."""

    text: str
    first: date
    last: date

    def holds(self, moment: datetime) -> bool:
        """Whether a local moment lies in it."""
        return self.first <= moment.date() <= self.last


@dataclass(frozen=True, slots=True)
class DrillRules:
    """``not_in`` is read in ``timezone``, UTC where that is None.

    ``error_budget`` is in minutes, None for the usual: that of a month, and none at all in a sandbox.
    """

    not_in: tuple[EveryWeek | Days, ...] = ()
    timezone: ZoneInfo | None = None
    error_budget: float | None = None

    def forbid(self, now: datetime, minutes: float = 0.0) -> tuple[str, datetime] | None:
        """The first window that a drill from ``now`` on would lie in, and when; None where it meets none.

        ``now`` has its zone; the moment is a local one, to the minute. ``minutes`` is how long it may take.
        """
        for later in range(min(math.ceil(minutes), _WEEK) + 1):
            local = (now.astimezone(UTC) + timedelta(minutes=later)).astimezone(self.timezone or UTC)
            if window := next((each.text for each in self.not_in if each.holds(local)), ""):
                return window, local
        return None


def _minute(day: int, at: time) -> int:
    return (day * 24 + at.hour) * 60 + at.minute
