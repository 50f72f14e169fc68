"""Requests that go out when they are due, whatever became of those before them.

Who asks again only once answered sends nothing while a bot stalls, and counts the stall once: of a bot that
stalled for 2 s such times said 12 ms in 99 of 100 requests, where those who came meanwhile waited 1,964 ms
(coordinated omission). So each request has its moment, and some connections more than are usually under way:
a slow answer delays no other. Where all of them still wait for the bot, what the next one is late is part of
its time; where one was free, and our own machine or the budget was not in time, it is not, and the schedule
goes on from there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import inf
from statistics import median

from backstop.model.http import Answer, Exchange
from backstop.polling import Clock

LEAST_S = 0.005  # from one request to the next
_SLICE_S = 0.5  # after which one that waits looks whether it still must

Ask = Callable[[], Exchange]


@dataclass(frozen=True, slots=True)
class Sent:
    """One request and how far it missed its moment, in seconds; ``at`` is when it went out, by the clock.

    ``late`` is how long every connection still waited for an answer then, ``held`` how long our own side was
    behind: this machine, or the budget.
    """

    exchange: Exchange
    at: float = 0.0
    late: float = 0.0
    held: float = 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """A request's place in the order, and when it is due."""

    number: int
    due: float


class Schedule:
    """Hands out turns to the threads that have a connection each, and keeps what came of them.

    ``every`` says how many seconds lie between two, told what came back so far. ``wanted`` says whether one
    more is, told how many there were and what came back.
    """

    def __init__(
        self,
        began: float,
        every: Callable[[Sequence[Sent]], float],
        wanted: Callable[[int, Sequence[Sent]], bool],
        clock: Clock,
    ) -> None:
        self._next = began
        self._every = every
        self._wanted = wanted
        self._clock = clock
        self._changed = threading.Condition()
        self._given = 0
        self._out = 0
        self._closed = False
        self._back: list[Sent] = []
        self._numbers: list[int] = []

    @property
    def sent(self) -> tuple[Sent, ...]:
        """What came back, in the order in which it was due."""
        found = sorted(zip(self._numbers, self._back, strict=True), key=lambda each: each[0])
        return tuple(sent for _, sent in found)

    def turn(self) -> Turn | None:
        """The next one, at its moment; None when no more are wanted."""
        turn = self._take()
        if turn is None or (self._wait_for(turn) and self._still(turn)):
            return turn
        with self._changed:
            self._out -= 1
            self._changed.notify_all()
        return None

    def keep(self, turn: Turn, exchange: Exchange, free: float, sent: float) -> None:
        """Take what came back: ``free`` is when its connection was, by the bot, ``sent`` when it went out."""
        late = max(0.0, free - turn.due)
        held = max(0.0, sent - max(turn.due, free))
        with self._changed:
            self._out -= 1
            was_due = self._more(self._given)
            self._numbers.append(turn.number)
            self._back.append(Sent(exchange, sent, late, held))
            if held:
                self._next = max(self._next, turn.due + held + self._every(self._back))
            if not was_due:  # it may be now, by what just came back
                self._next = max(self._next, self._clock.now())
            self._changed.notify_all()

    def close(self) -> None:
        """Hand out no more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _take(self) -> Turn | None:
        """A turn; where those that are under way decide whether there is one, when they are back."""
        with self._changed:
            while not self._more(self._given):
                if self._closed or not self._out:
                    return None
                self._changed.wait(_SLICE_S)
            turn = Turn(self._given, self._next)
            self._next += self._every(self._back)
            self._given += 1
            self._out += 1
            return turn

    def _more(self, given: int) -> bool:
        return not self._closed and self._wanted(given, self._back)

    def _still(self, turn: Turn) -> bool:
        with self._changed:
            return self._more(turn.number)

    def _wait_for(self, turn: Turn) -> bool:
        while (left := turn.due - self._clock.now()) > 0:
            if self._closed:
                return False
            self._clock.wait(min(left, _SLICE_S))
        return True


def follow(schedules: Sequence[tuple[Schedule, Ask]], clock: Clock, abandon: Callable[[], None]) -> None:
    """Send until no more are wanted, each ``Ask`` in a thread of its own over a connection of its own.

    Raises what an Ask raises; ``abandon`` is called when it is interrupted.
    """
    pool = ThreadPoolExecutor(len(schedules), thread_name_prefix="backstop-due")
    try:
        for done in [pool.submit(_lane, schedule, ask, clock) for schedule, ask in schedules]:
            done.result()
    except KeyboardInterrupt:
        abandon()
        raise
    finally:
        for schedule, _ in schedules:
            schedule.close()
        pool.shutdown(wait=True, cancel_futures=True)


def once_each(asks: Sequence[Ask], clock: Clock, abandon: Callable[[], None]) -> tuple[Exchange, ...]:
    """What comes of asking once over each connection, all at the same moment. Raises as ``follow`` does."""
    once = [Schedule(clock.now(), lambda _: 0.0, lambda given, _sent: given == 0, clock) for _ in asks]
    follow(list(zip(once, asks, strict=True)), clock, abandon)
    return tuple(sent.exchange for each in once for sent in each.sent)


def _lane(schedule: Schedule, ask: Ask, clock: Clock) -> None:
    free = -inf
    try:
        while turn := schedule.turn():
            called = clock.now()
            exchange = ask()
            total = exchange.timing.total
            schedule.keep(turn, exchange, free, max(called, clock.now() - total))
            free = max(turn.due, free) + total  # by the bot alone: what our own side held up is left out
    except BaseException:
        schedule.close()
        raise


def usual(sent: Sequence[Sent], unknown: float) -> float:
    """How many seconds an answer usually takes; ``unknown`` where there is none yet."""
    answered = [each.exchange.timing.total for each in sent if isinstance(each.exchange.result, Answer)]
    return median(answered) if answered else unknown
