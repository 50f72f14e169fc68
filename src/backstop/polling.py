"""The one polling loop: look until there is something to see, or until the deadline has passed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from backstop.model.errors import CouldNotLook

T = TypeVar("T")

_BACK_OFF = 1.6


class Clock(Protocol):
    """Where a loop gets its time from; a test brings its own."""

    def now(self) -> float:
        """Seconds since some fixed moment; never runs backwards."""

    def wait(self, seconds: float) -> None:
        """Let ``seconds`` pass."""


class SystemClock:
    """The monotonic clock of this machine."""

    def now(self) -> float:
        """Seconds since an arbitrary moment."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Block this thread; Ctrl-C still interrupts."""
        threading.Event().wait(seconds)


SYSTEM = SystemClock()


class PollTimedOut(CouldNotLook):
    """Raised when the deadline passed before there was anything to see.

    ``what`` was looked for, ``seconds`` went by, ``last`` is what the last look raised, if it did.
    """

    def __init__(self, what: str, seconds: float, last: CouldNotLook | None) -> None:
        found = f"; the last look failed: {last.message}" if last else ""
        remedy = last.remedy if last else ""
        super().__init__(f"{what}: not seen within {seconds:.1f} s{found}", remedy=remedy)
        self.what = what
        self.seconds = seconds
        self.last = last


def poll(  # noqa: PLR0913 - the two paces and the clock have defaults that nearly everybody keeps
    look: Callable[[], T | None],
    *,
    deadline: float,
    what: str,
    every: float = 0.05,
    most: float = 1.0,
    clock: Clock = SYSTEM,
) -> T:
    """Call ``look`` until it returns something other than None, and return that.

    ``deadline``, ``every`` (the first pause) and ``most`` (the longest) are seconds. There is always
    one look at the start and one at the deadline. A CouldNotLook that ``look`` raises counts as
    nothing seen; anything else goes through. Raises PollTimedOut.
    """
    began = clock.now()
    pause = every
    while True:
        seen, last = _attempt(look)
        if seen is not None:
            return seen
        passed = clock.now() - began
        if passed >= deadline:
            raise PollTimedOut(what, passed, last) from last
        clock.wait(min(pause, deadline - passed))
        pause = min(pause * _BACK_OFF, most)


def _attempt(look: Callable[[], T | None]) -> tuple[T | None, CouldNotLook | None]:
    try:
        return look(), None
    except CouldNotLook as error:
        return None, error
