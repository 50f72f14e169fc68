"""When a session must have its answers. One for the process: whoever waits asks it how long there is left."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

from backstop.polling import SYSTEM, Clock


class Deadline:
    """None until one is set with ``within``. Several threads may ask."""

    def __init__(self, clock: Clock = SYSTEM) -> None:
        self._clock = clock
        self._ends = math.inf

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Let it pass ``seconds`` from now; there is none again once the context is left."""
        self._ends = self._clock.now() + seconds
        try:
            yield
        finally:
            self._ends = math.inf

    def left(self, more: float = 0.0) -> float:
        """Seconds until it has passed by ``more``, 0 from then on; infinite where there is none."""
        return max(0.0, self._ends + more - self._clock.now())

    @property
    def passed(self) -> bool:
        """Whether nothing is to be waited for any more."""
        return self.left() <= 0


DEADLINE = Deadline()
