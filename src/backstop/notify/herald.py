"""Listens to a session and has its channels told. Nothing waits for it but the very end, and not for long."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from backstop.journal.conclusion import conclude
from backstop.journal.events import AlertChanged, Event, Said, SessionFinished
from backstop.journal.record import Record
from backstop.model.errors import CouldNotLook
from backstop.model.run import SessionKind
from backstop.model.target import Channels
from backstop.notify.deliver import MOST_S
from backstop.notify.desk import Desk, News
from backstop.notify.occasion import Occasion, at_the_end, called_for, follows_up
from backstop.observe.readiness.channels import reachable
from backstop.observe.readiness.finding import Lacking
from backstop.polling import SYSTEM, Clock
from backstop.storage import CannotWrite

_MOST_NOTES = 20


@dataclass(slots=True)
class Herald:
    """One for a session. ``record`` takes journal events, ``records`` gives what was written so far."""

    kind: SessionKind
    desks: Sequence[Desk]
    record: Callable[[Event], object]
    records: Callable[[], Sequence[Record]]
    notes: Notes
    clock: Clock = SYSTEM
    _told: set[Occasion] = field(default_factory=set, init=False)

    def open(self) -> None:
        """Begin; channels are looked at meanwhile."""
        for desk in self.desks:
            desk.open()

    def hear(self, record: Record) -> None:
        """Take a record of the journal; what is to be told is told behind its back."""
        if isinstance(record.event, Said):
            return
        self._show_notes()
        occasion = called_for(record.event, self.kind, frozenset(self._told))
        if occasion is not None:
            alert = record.event if isinstance(record.event, AlertChanged) else None
            self._tell(News(occasion, self.records(), alert))

    def end(self, last: SessionFinished) -> None:
        """Tell how it ended, by the journal with its last line to come, and wait for that, within bounds."""
        written = self.records()
        records = (*written, Record(len(written), written[-1].at, written[-1].t, last))
        conclusion = conclude(records)
        occasion = at_the_end(conclusion, self.kind, frozenset(self._told))
        if occasion is not None:
            follow_up = occasion is not Occasion.DRILL_ENDED and follows_up(conclusion)
            self._tell(News(occasion, records, follow_up=follow_up))
        by = self.clock.now() + MOST_S
        for desk in self.desks:
            desk.end(by)
        for desk in self.desks:
            desk.join()
        self._show_notes()

    def _tell(self, news: News) -> None:
        self._told.add(news.occasion)
        for desk in self.desks:
            desk.tell(news)

    def _show_notes(self) -> None:
        """In the thread of the session alone: others would write into the middle of a line."""
        if threading.current_thread() is threading.main_thread():
            for note in self.notes.taken():
                with suppress(CannotWrite):  # the journal notes that itself; what goes on must go on
                    self.record(Said(note))


class Notes:
    """What the desks have to say to whoever watches the session. Safe between threads."""

    def __init__(self) -> None:
        self._notes: deque[str] = deque(maxlen=_MOST_NOTES)

    def say(self, note: str) -> None:
        """Leave a line."""
        self._notes.append(note)

    def __len__(self) -> int:
        return len(self._notes)

    def taken(self) -> list[str]:
        """The lines that were left; they are gone then."""
        found = []
        while self._notes:
            found.append(self._notes.popleft())
        return found


def look_at(channels: Channels, say: Callable[[str], None]) -> None:
    """See whether the one channel of ``channels`` is there; what is wrong with it is one line."""
    try:
        reachable(channels)
    except (Lacking, CouldNotLook) as error:
        remedy = " ".join(error.remedy.split())
        say(f"{error.message}; nothing waits for it" + (f" ({remedy})" if remedy else ""))
