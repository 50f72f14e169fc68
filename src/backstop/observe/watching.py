"""The half hour after a rollback: the tail and probes of our own, until it is over or the bot gets worse.

Each probe is a canary too: one that is not in the tail some seconds later says that the tail was blind then,
since it is sampled under load and expires without a word.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urljoin

from backstop.cloudflare.tail import Tail
from backstop.journal.events import Event, MinuteWatched, Said
from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, NoAnswer, Request
from backstop.observe.error_counts import tail_of
from backstop.observe.errors import is_error, reached
from backstop.observe.tail_tally import TailTally, Tallied
from backstop.observe.watched import Finding, Watched, worse_in_all, worse_now
from backstop.place import Place
from backstop.polling import SYSTEM, Clock
from backstop.probes.budget import Pace
from backstop.rollback.edge_witness import MARKER, TAIL_PATIENCE

EVERY_S = 2.0  # between two probes
MINUTE_S = 60.0
_SHARE = 10  # probes take one request of the budget in so many
_LATE_S = 2.0  # what is less is the usual unrest of a machine
_STALE = 5  # canaries in a row that did not come: the tail has expired, and is opened anew
_AGAIN_S = (1.0, 30.0)  # the first pause before a tail is opened again, and the longest
_MOST_TROUBLE = 20  # different reasons that are kept


@dataclass(slots=True)
class _Minute:
    """What was counted since its beginning."""

    began: float
    sent: int = 0
    failed: int = 0
    unseen: int = 0
    answered: int = 0
    waited: float = 0.0
    blind: float = 0.0
    lost: int = 0


@dataclass(slots=True)
class Watch:
    """One for each session. ``online`` tells whether our own network works.

    ``record`` takes a MinuteWatched for each minute, and what happened to the tail; ``show`` a line about how
    it stands, every few seconds.
    """

    place: Place
    stage: str
    online: Callable[[], bool]
    record: Callable[[Event], object]
    show: Callable[[str], object] = lambda _: None
    clock: Clock = SYSTEM
    _tally: TailTally = field(default_factory=TailTally, init=False)
    _tail: Tail | None = field(default=None, init=False)
    _stack: ExitStack = field(default_factory=ExitStack, init=False)
    _minutes: list[MinuteWatched] = field(default_factory=list, init=False)
    _canaries: dict[str, float] = field(default_factory=dict, init=False)
    _missed: int = field(default=0, init=False)
    _pause: float = field(default=_AGAIN_S[0], init=False)
    _again: float = field(default=0.0, init=False)
    _trouble: dict[str, None] = field(default_factory=dict, init=False)
    _now: _Minute = field(default_factory=lambda: _Minute(0.0), init=False)

    def run(self, seconds: float) -> Watched:
        """Watch for so long, or until it has got worse. What was seen is recorded, whatever ends it."""
        began = self.clock.now()
        self._now = _Minute(began)
        worse: tuple[Finding, ...] = ()
        try:
            while not worse and (left := began + seconds - self.clock.now()) > 0:
                sent = self.clock.now()
                self._keep_tail()
                self._nobody_looked_since(sent)
                self._probe()
                self._look_for_canaries()
                self.show(self._line(began, seconds))
                worse = self._close_minute() if sent - self._now.began >= MINUTE_S else self._weigh()
                due = max(self.clock.now(), sent + self._every)
                self.clock.wait(min(due - self.clock.now(), left))
                self._nobody_looked_since(due)
            self._last_canaries()
        finally:
            self._close_minute()
            self._stack.close()
        findings = worse or worse_in_all(self._minutes, self.place.target)
        return Watched(seconds, tuple(self._minutes), findings, tuple(self._trouble))

    @property
    def _every(self) -> float:
        per_minute = self.place.target.requests_per_minute
        return max(EVERY_S, 60.0 * _SHARE / per_minute) if per_minute else EVERY_S

    def _nobody_looked_since(self, due: float) -> None:
        """Count the time in which this process was held up, by a tail that did not open or by the machine."""
        late = self.clock.now() - due
        self._now.blind += late if late > _LATE_S else 0.0

    def _probe(self) -> None:
        marker = uuid.uuid4().hex
        self._tally.await_canary(marker)
        sent = self.clock.now()
        exchange = self.place.prober.ask_cold(Request("GET", self._address, ((MARKER, marker),)), Pace.URGENT)
        self._count(exchange)
        if isinstance(exchange.result, Answer) and reached(exchange):
            self._canaries[marker] = sent
        else:
            self._tally.forget(marker)  # nobody knows whether it ran at all

    def _count(self, exchange: Exchange) -> None:
        now, result = self._now, exchange.result
        now.sent += 1
        if not reached(exchange) or (isinstance(result, NoAnswer) and not self.online()):
            now.unseen += 1
        elif is_error(exchange):
            now.failed += 1
        else:
            now.answered += 1
            now.waited += exchange.timing.first_byte or 0.0

    def _look_for_canaries(self, patience: float = TAIL_PATIENCE) -> None:
        """Those that came prove that the tail is alive; those that are late were lost in it."""
        for marker, sent in list(self._canaries.items()):
            came = self._tally.came(marker)
            if not came and self.clock.now() - sent < patience:
                continue
            del self._canaries[marker]
            self._tally.forget(marker)
            self._missed = 0 if came else self._missed + 1
            self._now.blind += 0.0 if came else self._every

    def _last_canaries(self) -> None:
        """Wait for those that are under way, a little."""
        until = self.clock.now() + TAIL_PATIENCE
        while self._canaries and self._tail is not None and self.clock.now() < until:
            self.clock.wait(0.1)
            self._look_for_canaries()
        self._look_for_canaries(patience=0.0)

    def _keep_tail(self) -> None:
        """Open the tail where there is none, where it was lost, and where it shows nothing any more."""
        stale = self._missed >= _STALE
        if self._tail is not None and not self._tail.lost and not stale:
            return
        if self._tail is not None:
            why = self._tail.lost or "it shows nothing any more"
            self._say(f"the tail was lost: {why}; opening it anew …")
            self._now.lost += 1
            if self._tail.lost:  # at some time since the last look at it
                self._now.blind += self._every
            self._drop()
        if self.clock.now() >= self._again:
            self._open()

    def _open(self) -> None:
        try:
            self._tail = self._stack.enter_context(tail_of(self.place, self._tally))
        except CouldNotLook as error:
            self._say(error.message)
            self._again = self.clock.now() + self._pause
            self._pause = min(2 * self._pause, _AGAIN_S[1])
            return
        self._missed, self._pause = 0, _AGAIN_S[0]

    def _drop(self) -> None:
        self._tail, self._missed = None, 0
        self._stack.close()

    def _say(self, text: str) -> None:
        """Each thing once: what goes on for long is in the minutes."""
        if text not in self._trouble and len(self._trouble) < _MOST_TROUBLE:
            self._trouble[text] = None
            self.record(Said(text))

    def _weigh(self) -> tuple[Finding, ...]:
        """Weigh the minute that is not over yet with those before it."""
        return worse_now([*self._minutes, self._seen(self._tally.peek())], self.place.target)

    def _close_minute(self) -> tuple[Finding, ...]:
        minute = self._seen(self._tally.reap())
        if minute.sent:
            self._minutes.append(minute)
            self.record(minute)
        self._now = _Minute(self.clock.now())
        return worse_now(self._minutes, self.place.target)

    def _seen(self, tail: Tallied) -> MinuteWatched:
        now = self._now
        return MinuteWatched(
            stage=self.stage,
            minute=len(self._minutes) + 1,
            seconds=round(self.clock.now() - now.began, 3),
            sent=now.sent,
            failed=now.failed,
            unseen=now.unseen,
            mean=round(now.waited / now.answered, 6) if now.answered else 0.0,
            events=tail.seen,
            blind=round(min(now.blind, self.clock.now() - now.began), 3),
            outcomes=tail.outcomes,
            versions={name: each.seen for name, each in tail.versions.items()},
            failures={name: each.failed for name, each in tail.versions.items() if each.failed},
            unauthorised=tail.unauthorised,
            sampled=tail.sampled,
            lost=now.lost,
        )

    def _line(self, began: float, seconds: float) -> str:
        passed = min(self.clock.now() - began, seconds)
        sofar = [*self._minutes, self._seen(self._tally.peek())]
        sent, failed = sum(each.sent for each in sofar), sum(each.failed for each in sofar)
        events = sum(each.events for each in sofar)
        bad = sum(sum(each.failures.values()) for each in sofar)
        tail = "tail open" if self._tail and not self._missed else "tail blind" if self._tail else "no tail"
        clock = f"{passed // 60:02.0f}:{passed % 60:02.0f} of {seconds // 60:02.0f}:{seconds % 60:02.0f}"
        return f"{clock} · probes {sent}, {failed} failed · {tail}, {events} events, {bad} failed"

    @property
    def _address(self) -> str:
        health = self.place.target.health
        return urljoin(self.place.target.url, health.path if health else "/")
