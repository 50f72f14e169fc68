"""Tells one channel, in a thread of its own, one thing after the other."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from backstop.journal.events import AlertChanged, Event, NotificationSent
from backstop.journal.record import Record
from backstop.model.errors import BackstopError, CouldNotLook
from backstop.model.severity import Severity
from backstop.notify.deliver import MOST_S, Delivered, Delivery, look_for, new_mark
from backstop.notify.memory import Memory
from backstop.notify.notifier import Known, Letter, Notifier, Taken
from backstop.notify.occasion import Occasion
from backstop.notify.story import Backdrop, Story, story
from backstop.notify.texts import Texts
from backstop.polling import SYSTEM, Clock
from backstop.storage import CannotWrite

_MOST_WAITING = 50
_OVER = frozenset({Occasion.RESOLVED, Occasion.DRILL_ENDED})
_END_OF_PRACTICE = frozenset({Occasion.COMPLETED, Occasion.FAILED})
_BEGIN = frozenset({Occasion.INITIATED, Occasion.ROLLED_BACK, Occasion.DRILL_BEGUN})


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told, with the journal as it was then. ``follow_up``: only who knows of the incident.

    ``told`` is the story, where no journal holds it.
    """

    occasion: Occasion
    records: Sequence[Record]
    alert: AlertChanged | None = None
    follow_up: bool = False
    told: Story | None = None


@dataclass(slots=True)
class Desk:
    """One channel. ``record`` takes what became of each message; it may be called in any thread.

    ``check`` looks whether the channel is there; no message waits for it. ``alerts``: it hears of those too.
    """

    notifier: Notifier
    memory: Memory
    texts: Texts
    backdrop: Backdrop
    record: Callable[[Event], object]
    check: Callable[[], None] = lambda: None
    alerts: bool = True
    clock: Clock = SYSTEM
    _waiting: queue.Queue[News | None] = field(init=False)
    _thread: threading.Thread = field(init=False)
    _ends: float | None = field(default=None, init=False)
    _current: News | None = field(default=None, init=False)
    _closed: threading.Lock = field(default_factory=threading.Lock, init=False)
    _unkept: Known | None = field(default=None, init=False)
    _silent: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._waiting = queue.Queue(_MOST_WAITING)
        name = f"backstop-tell-{self.notifier.name}"
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    def open(self) -> None:
        """Begin."""
        name = f"backstop-check-{self.notifier.name}"
        threading.Thread(target=self.check, name=name, daemon=True).start()
        self._thread.start()

    def tell(self, news: News) -> None:
        """Put it last of what is to be told; returns at once."""
        try:
            self._waiting.put_nowait(news)
        except queue.Full:
            self._write(news, Delivered(None, "too much was waiting to be told before it", 0, 0.0))

    def end(self, by: float) -> None:
        """Let what waits be told until ``by``, a time of the clock."""
        self._ends = by
        with suppress(queue.Full):
            self._waiting.put_nowait(None)

    def join(self) -> None:
        """Return when all is told, or the time is up; what is not told by then is recorded as such."""
        left = (self._ends or 0.0) - self.clock.now()
        self._thread.join(max(0.0, left))
        if (current := self._current) is not None:
            self._write(current, Delivered(None, "no answer before the session's end", 0, 0.0, perhaps=True))
        late = []
        with suppress(queue.Empty):
            while True:
                late.append(self._waiting.get_nowait())
        for news in late:
            if news is not None:
                self._write(news, Delivered(None, "there was no time left to tell it", 0, 0.0))
        with self._closed:
            self._silent = True

    def _work(self) -> None:
        while (news := self._waiting.get()) is not None:
            self._current = news
            self._tell(news)
            self._current = None

    def _tell(self, news: News) -> None:
        left = MOST_S if self._ends is None else min(MOST_S, self._ends - self.clock.now())
        if self.notifier.problem:
            if self._is_for_us(news, None):
                self._write(news, Delivered(None, self.notifier.problem, 0, 0.0))
            return
        if news.follow_up and self.memory.known(datetime.now(UTC)) is None:
            return
        began = self.clock.now()
        try:
            with self.memory.held(max(0.0, left)):
                self._tell_once(news, left - (self.clock.now() - began))
        except CouldNotLook as error:
            self._write(news, Delivered(None, error.message, 0, round(self.clock.now() - began, 3)))
        except CannotWrite:  # without a memory it is told all the same
            self._tell_once(news, left)

    def _tell_once(self, news: News, left: float) -> None:
        began = self.clock.now()
        known = self.memory.known(datetime.now(UTC)) or self._unkept
        if known is not None and known.lost and self._is_for_us(news, known):
            found = look_for(self.notifier, known.mark, left)
            if not isinstance(found, Taken) and found.perhaps:
                why = "whether its incident is there could not be seen, so nothing was sent"
                self._write(news, Delivered(None, why, 1, round(self.clock.now() - began, 3)))
                return
            known = self._found_again(known, found.id if isinstance(found, Taken) else "")
        self._tell_of(news, known, left - (self.clock.now() - began))

    def _found_again(self, known: Known, found: str) -> Known | None:
        """An incident that was lost, with its id; None for one that is not there."""
        if not found:
            self._forget()
            return None
        again = replace(known, id=found, mark="")
        self._remember(again)
        return again

    def _tell_of(self, news: News, known: Known | None, left: float) -> None:
        if not self._is_for_us(news, known):
            return
        if known is not None and self._goes_on(news, known):
            self._remember(replace(known, alerts=_less(known.alerts, news)))
            return
        told = news.told or story(news.records, news.occasion, self.backdrop, news.alert)
        words = self.texts.words(self.notifier.name, news.occasion, told)
        if words is None:
            return
        weight = max(told.weight, known.weight if known else Severity.NONE)
        letter = Letter(news.occasion, words, weight, told.drill, new_mark())
        lost = Known(told.run, severity=weight.value, mark=letter.mark)
        sought = known is None and self.notifier.seek(letter, None) is not None
        if sought:
            self._remember(lost)  # before it is sent: who ends meanwhile leaves what the next one looks for
        found = Delivery(self.notifier, letter, known, left, self.clock).make()
        self._write(news, found)
        if found.taken is not None:
            self._keep(news, known, Known(told.run, found.taken.id, severity=weight.value))
        elif found.perhaps and known is None and (sought or self.notifier.goes_on_unseen):
            self._keep(news, known, lost if sought else replace(lost, mark=""))
        elif sought:
            self._forget()

    def _is_for_us(self, news: News, known: Known | None) -> bool:
        if news.follow_up and known is None:
            return False
        if news.alert is not None and not self.alerts:
            return known is not None and news.occasion is Occasion.ALERT_RESOLVED
        return self.notifier.hears(news.occasion, known)

    def _goes_on(self, news: News, known: Known) -> bool:
        """Whether one alert is over, and the incident that one message stands for is not."""
        over = news.occasion is Occasion.ALERT_RESOLVED and bool(known.id)
        return over and (known.under_way or bool(_less(known.alerts, news)))

    def _keep(self, news: News, known: Known | None, now: Known) -> None:
        alerts = known.alerts if known else ()
        if news.occasion is Occasion.ALERT_RESOLVED:
            alerts = _less(alerts, news)
        elif news.alert is not None:
            alerts = (*_less(alerts, news), news.alert.subject)
        over = news.occasion in _OVER or (self.backdrop.drill and news.occasion in _END_OF_PRACTICE)
        under_way = news.occasion in _BEGIN or (news.alert is not None and bool(known and known.under_way))
        if over or (news.occasion is Occasion.ALERT_RESOLVED and not alerts and not under_way):
            self._forget()
            return
        incident = known.incident if known else now.incident
        self._remember(replace(now, incident=incident, under_way=under_way, alerts=alerts))

    def _forget(self) -> None:
        self._unkept = None
        self.memory.forget()

    def _remember(self, known: Known) -> None:
        """Without a place for it the next session tells anew: nothing else hangs on it."""
        try:
            self.memory.keep(known, datetime.now(UTC))
        except CannotWrite:
            self._unkept = known

    def _write(self, news: News, found: Delivered) -> None:
        event = NotificationSent(
            self.notifier.name,
            news.occasion.value,
            found.taken is not None,
            found.answer,
            found.attempts,
            found.seconds,
            found.perhaps,
        )
        with self._closed:
            if not self._silent:
                with suppress(BackstopError):
                    self.record(event)


def _less(alerts: Sequence[str], news: News) -> tuple[str, ...]:
    subject = news.alert.subject if news.alert else ""
    return tuple(each for each in alerts if each != subject)
