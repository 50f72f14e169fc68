"""A clock for tests of what waits."""

from __future__ import annotations


class FakeClock:
    """Moves when it is waited on and when a test moves it; keeps every pause."""

    def __init__(self) -> None:
        self.time = 100.0
        self.pauses: list[float] = []

    def now(self) -> float:
        """The time that has passed."""
        return self.time

    def wait(self, seconds: float) -> None:
        """Pass at once."""
        self.pauses.append(seconds)
        self.time += seconds
