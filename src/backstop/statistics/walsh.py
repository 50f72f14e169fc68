"""The middle of a symmetric spread and bounds of it that hold for any distribution (Hodges and Lehmann).

The bounds are ranks of the averages of all pairs of values (Walsh averages), and the rank comes from the
distribution of Wilcoxon's signed-rank statistic: one huge value moves them no more than a large one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import inf, isfinite

CONFIDENCE = 0.95
FEWEST = 5  # values; of fewer no bound can be said with this confidence, however alike they are


@dataclass(frozen=True, slots=True)
class Middle:
    """The estimate, and what it is at least and at most, each with the confidence; infinite where unknown."""

    value: float
    low: float
    high: float


def middle(values: Sequence[float], confidence: float = CONFIDENCE) -> Middle:
    """Where the values lie. Raises ValueError for none at all, or one that is no finite number."""
    if not values or not all(map(isfinite, values)):
        message = f"{len(values)} values, wanted some, all of them finite"
        raise ValueError(message)
    ranked = sorted((a + b) / 2 for index, a in enumerate(values) for b in values[index:])
    half, odd = divmod(len(ranked), 2)
    value = ranked[half] if odd else (ranked[half - 1] + ranked[half]) / 2
    rank = _rank(len(values), confidence)
    return Middle(value, ranked[rank - 1], ranked[-rank]) if rank else Middle(value, -inf, inf)


@cache
def _rank(count: int, confidence: float) -> int:
    """From either end the last Walsh average that is a bound; 0 where none is."""
    allowed, below, rank = (1 - confidence) * 2**count, 0, 0
    for ways in _ways(count):
        below += ways
        if below > allowed:
            return rank
        rank += 1
    return rank


@cache
def _ways(count: int) -> tuple[int, ...]:
    """How many of the 2**count choices of signs give each sum of positive ranks, from 0 up."""
    ways = [1]
    for rank in range(1, count + 1):
        longer = [0] * (len(ways) + rank)
        for total, number in enumerate(ways):
            longer[total] += number
            longer[total + rank] += number
        ways = longer
    return tuple(ways)
