"""Response times as they scatter: what simulations of decisions draw from, with one seed the same each time.

Scatter, drift and spikes are set so that one request each raises the alarm as often as was measured: in 22,
35, 49, 63 and 73 of 100 runs, where the truth is 0, 25, 50, 75 and 100 per cent slower.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import count
from math import exp, sqrt

BASE_S = 0.4
_SCATTER = 0.33  # of the logarithm
_DRIFT = 0.15  # of the logarithm, over minutes
_KEPT = 0.9  # of the drift, from one request to the next
_SPIKES = 0.03  # one in so many
_SPIKE = (2.0, 8.0)  # times as long


class Noise:
    """One stretch of time at one bot; each request of whichever version meets the next moment of it."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - the same runs each time are the point
        self._drift = self._chance.gauss(0, _DRIFT)

    def time(self, change: float = 1.0) -> float:
        """Seconds that the next request takes at a version that is ``change`` times as slow."""
        self._drift = _KEPT * self._drift + self._chance.gauss(0, _DRIFT * sqrt(1 - _KEPT**2))
        spike = self._chance.uniform(*_SPIKE) if self._chance.random() < _SPIKES else 1.0
        return BASE_S * change * spike * exp(self._drift + self._chance.gauss(0, _SCATTER))

    def pairs(self, change: float) -> Iterator[tuple[float, float]]:
        """Old and new, asked one after the other, each first in every second pair; without an end."""
        for number in count():
            if number % 2:
                new = self.time(change)
                yield self.time(), new
            else:
                yield self.time(), self.time(change)
