"""How fast requests may go to one bot: within any minute never more than its budget, however they come."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable
from enum import Enum

from backstop.deadline import DEADLINE
from backstop.model.errors import CouldNotLook
from backstop.polling import SYSTEM, Clock

MOST_PER_MINUTE = 6000
# Seconds. One more than a minute, so that what was late on its way shares none with what follows.
WINDOW = 61.0
_LEFT_FOR_URGENT = 10  # one in so many
_SLICE = 0.5  # seconds after which one that waits looks whether it still must
_TELL_FROM = 1.0  # seconds; a shorter wait is not worth a word
_TELL_EVERY = 10.0  # seconds


class Pace(Enum):
    """How a request takes its turn."""

    SPREAD = "waits for its turn"
    URGENT = "may use the last tenth of the budget, which the others leave"
    AT_ONCE = "is counted and never held up: it is there to exceed a limit"


class Budget:
    """Counts the requests of one session to one bot and holds back what would be too many.

    Requests go out as they come, until there were as many as a minute may see. From then on each waits
    for the one that many before it to be a minute old, and they leave one after the other, evenly.
    ``per_minute`` is None where nothing is held back. ``say`` hears of a wait of more than a second, at
    most every ten. For several threads.
    """

    def __init__(
        self,
        per_minute: int | None = None,
        say: Callable[[str], object] = lambda _: None,
        clock: Clock = SYSTEM,
    ) -> None:
        self.per_minute = per_minute
        self.requests = 0
        self.waited = 0.0
        self._say = say
        self._clock = clock
        self._lock = threading.Lock()
        self._turns: deque[float] = deque(maxlen=MOST_PER_MINUTE)  # in order
        self._held_until = -math.inf
        self._spread_until = -math.inf  # by then there was a minute without a wait
        self._told: float | None = None
        self._abandoned = False

    def spend(self, pace: Pace = Pace.SPREAD) -> None:
        """Count one request; returns when it may be sent. Raises CouldNotLook once abandoned."""
        with self._lock:
            now = self._clock.now()
            turn = self._turn(now, pace)
            self._turns.append(max(turn, self._turns[-1]) if self._turns else turn)
            self.requests += 1
            self.waited += max(0.0, turn - max(now, self._held_until))
            self._held_until = max(self._held_until, turn)
        while (left := turn - self._clock.now()) > 0:
            self._tell(left)
            self._clock.wait(min(left, _SLICE))

    def sent_within(self, seconds: float) -> int:
        """How many requests went out in the last ``seconds``, as far as is remembered."""
        with self._lock:
            since = self._clock.now() - seconds
            return sum(turn >= since for turn in self._turns)

    def abandon(self) -> None:
        """Let nothing wait any more: the session was interrupted."""
        self._abandoned = True

    def _turn(self, now: float, pace: Pace) -> float:
        if self.per_minute is None or pace is Pace.AT_ONCE:
            return now
        kept = 0 if pace is Pace.URGENT else self.per_minute // _LEFT_FOR_URGENT
        most = self.per_minute - kept
        free = self._turns[-most] + WINDOW if len(self._turns) >= most else now
        spread = self._turns[-1] + WINDOW / most if now < self._spread_until else now
        turn = max(now, free, spread)
        if turn > now:
            self._spread_until = turn + WINDOW
        return turn

    def _tell(self, left: float) -> None:
        if self._abandoned or DEADLINE.passed:
            message = "interrupted, or out of time, while a request waited for its turn"
            raise CouldNotLook(message)
        with self._lock:
            now = self._clock.now()
            quiet = left <= _TELL_FROM or (self._told is not None and now - self._told < _TELL_EVERY)
            self._told = self._told if quiet else now
        if not quiet:
            self._say(
                f"waiting {left:.0f} s: at most {self.per_minute} requests a minute go to this target …"
            )
