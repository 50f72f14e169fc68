"""A plain request now and then through a whole drill: how many the bot failed, and for how long.

It goes at its own pace beside the checks, and takes at most a tenth of the target's budget of requests.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from backstop.journal.events import AvailabilitySeen
from backstop.model.errors import BackstopError
from backstop.model.http import Answer, NoAnswer
from backstop.place import Place
from backstop.polling import SYSTEM, Clock
from backstop.probes.budget import Pace
from backstop.probes.plain import plain_request
from backstop.probes.prober import SERVER_ERROR
from backstop.rollback.edge_witness import MARKER

_EVERY_S = 1.0
_SHARE = 10  # one request of the budget in so many
_LAST_ANSWER_S = 30.0  # for the thread to end: longer than any request may take


@dataclass(slots=True)
class _Count:
    """What was seen of one stage. An outage is counted where it began, until the next good answer."""

    sent: int = 0
    failed: int = 0
    unseen: int = 0
    outages: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """Counts answers by stage. ``every`` is the time between two requests, in seconds. For two threads."""

    every: float = _EVERY_S
    clock: Clock = SYSTEM
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _counts: dict[str, _Count] = field(default_factory=dict, init=False)
    _stage: str = field(default="", init=False)
    _outage: tuple[str, float] | None = field(default=None, init=False)

    def begin(self, stage: str) -> None:
        """From now on count for this stage."""
        with self._lock:
            self._stage = stage
            self._counts.setdefault(stage, _Count())

    def count(self, *, well: bool | None, began: float) -> None:
        """Take one answer to a request that was sent at ``began``; None where it says nothing of the bot."""
        with self._lock:
            stage = self._counts[self._stage]
            stage.sent += 1
            if well is None:
                stage.unseen += 1
            elif well:
                self._over(began)
            else:
                stage.failed += 1
                self._outage = self._outage or (self._stage, began)

    def ended(self) -> tuple[AvailabilitySeen, ...]:
        """What was seen in each stage, in order. An outage that still goes on is counted until now."""
        with self._lock:
            self._over(self.clock.now())
            return tuple(self._seen(stage, count) for stage, count in self._counts.items())

    def _over(self, now: float) -> None:
        if self._outage is not None:
            stage, began = self._outage
            self._counts[stage].outages.append(now - began)
            self._outage = None

    def _seen(self, stage: str, count: _Count) -> AvailabilitySeen:
        down, longest = round(sum(count.outages, 0.0), 3), round(max(count.outages, default=0.0), 3)
        return AvailabilitySeen(stage, count.sent, count.failed, down, longest, self.every, count.unseen)


class Pulse:
    """Asks for one address in a thread of its own, from ``begin`` to ``stop``."""

    def __init__(self, place: Place, clock: Clock = SYSTEM) -> None:
        target = place.target
        per_minute = target.requests_per_minute
        every = max(_EVERY_S, 60.0 * _SHARE / per_minute) if per_minute else _EVERY_S
        self._place = place
        self._tally = Tally(every, clock)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._ask_on, name="backstop-pulse", daemon=True)

    def begin(self, stage: str) -> None:
        """Count for this stage from now on; the first time it begins to ask."""
        self._tally.begin(stage)
        if self._thread.ident is None:
            self._thread.start()

    def stop(self, record: Callable[[AvailabilitySeen], object]) -> None:
        """Ask no more, and say what was seen: one event for each stage."""
        self._stopped.set()
        self._thread.join(_LAST_ANSWER_S)
        for seen in self._tally.ended():
            record(seen)

    def _ask_on(self) -> None:
        while not self._stopped.is_set():
            began = self._tally.clock.now()
            try:
                result = self._ask()
            except BackstopError:  # interrupted while it waited for its turn
                return
            self._tally.count(well=self._well(result), began=began)
            self._stopped.wait(max(0.0, began + self._tally.every - self._tally.clock.now()))

    def _ask(self) -> Answer | NoAnswer:
        request = plain_request(self._place.target, ((MARKER, uuid.uuid4().hex),))
        return self._place.prober.ask_cold(request, Pace.URGENT).result

    def _well(self, result: Answer | NoAnswer) -> bool | None:
        """Silence says nothing of the bot where an independent address does not answer either."""
        if isinstance(result, Answer):
            return result.status < SERVER_ERROR
        return False if self._place.control.answers() else None
