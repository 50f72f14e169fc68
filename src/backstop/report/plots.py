"""Scales and marks of small plots, in units of a view box; pure geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10

MOST_DOTS = 60
_WIDE_RANGE = 30.0  # from so many times on, a linear axis would press all but a few into a corner
_MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Axis:
    """From ``low`` to ``high`` over ``width`` units, by logarithm where the values lie far apart."""

    low: float
    high: float
    width: float
    logarithmic: bool

    def x(self, value: float) -> float:
        """The place of a value; one beyond an end stands at the end."""
        if self.logarithmic:
            low, high, at = (log10(max(v, self.low)) for v in (self.low, self.high, value))
        else:
            low, high, at = self.low, self.high, value
        share = (at - low) / (high - low) if high > low else 0.5
        return round(min(max(share, 0.0), 1.0) * self.width, 1)

    @property
    def ticks(self) -> tuple[float, ...]:
        """Round values within."""
        if self.logarithmic:
            first = floor(log10(self.low))
            steps = [m * 10.0**e for e in range(first, first + 10) for m in (1, 3)]
        else:
            step = _round_step((self.high - self.low) / _MOST_TICKS)
            steps = [number * step for number in range(int(self.high / step) + 1)] if step else []
        return tuple(value for value in steps if self.low <= value <= self.high)


def axis(values: Sequence[float], width: float) -> Axis | None:
    """One that holds all values; None where there is none that is positive and finite."""
    usable = [value for value in values if isfinite(value) and value > 0]
    if not usable:
        return None
    low, high = min(usable), max(usable)
    if high / low > _WIDE_RANGE:
        return Axis(low, high, width, logarithmic=True)
    return Axis(0.0, high, width, logarithmic=False)


def quantile(ordered: Sequence[float], share: float) -> float:
    """Of values in order, by linear interpolation; ``share`` from 0 to 1."""
    place = share * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def evenly(ordered: Sequence[float]) -> tuple[float, ...]:
    """At most sixty of the values, evenly chosen, the first and the last among them."""
    if len(ordered) <= MOST_DOTS:
        return tuple(ordered)
    step = (len(ordered) - 1) / (MOST_DOTS - 1)
    return tuple(ordered[round(number * step)] for number in range(MOST_DOTS))


def _round_step(rough: float) -> float:
    if rough <= 0:
        return 0.0
    base = 10.0 ** floor(log10(rough))
    return next(base * factor for factor in (1, 2, 5, 10) if base * factor >= rough)
