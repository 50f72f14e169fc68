"""Writes a journal: one redacted JSON line for each event, on disk before anybody hears of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any, Protocol, Self

from backstop.journal.chain import chained, link
from backstop.journal.codec import members, to_line
from backstop.journal.events import Event, Problem
from backstop.journal.record import Record
from backstop.model.errors import BackstopError
from backstop.model.plain_text import plain_text
from backstop.model.verdict import Ending
from backstop.polling import SYSTEM
from backstop.redaction import REDACTOR
from backstop.storage import CannotWrite, cleaned, write_from

Listener = Callable[[Record], None]


def _to_milliseconds(moment: datetime) -> datetime:
    """As precise as the file is, so that what is in memory equals what is read back."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class MonotonicClock(Protocol):
    """What a journal needs of a clock."""

    def now(self) -> float:
        """Seconds that only ever grow."""


def utc_now() -> datetime:
    """The time of day, asked once for each journal."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Safe:
    """How much is certainly on disk: so many records, which end at byte ``end``."""

    records: int = 0
    end: int = 0


class Journal:
    """The record of one session; a context manager, to be written to from any thread.

    ``at`` is the time of day at the start plus what the monotonic ``clock`` has counted since, so
    that a clock being set does not reorder events. ``listeners`` hear each record once it is safe.
    """

    def __init__(
        self,
        path: Path,
        clock: MonotonicClock = SYSTEM,
        *,
        today: Callable[[], datetime] = utc_now,
        listeners: Sequence[Listener] = (),
    ) -> None:
        self.path = path
        self._clock = clock
        self._listeners = list(listeners)
        self._records: list[Record] = []
        self._waiting: dict[int, bytes] = {}  # lines that are not certainly on disk, by their number
        self._lock = RLock()
        self._on_disk = False
        self._safe = _Safe()
        self._start = clock.now()
        self._began = _to_milliseconds(today())

    def __enter__(self) -> Self:
        """Begin the file. Raises CannotWrite when that can't be done, or there is one already."""
        if self.path.exists():
            message = f"{self.path} holds another session's journal already"
            raise CannotWrite(message, remedy="give each session a folder of its own")
        write_from(self.path, 0, "")
        self._on_disk = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._on_disk = False

    @property
    def records(self) -> tuple[Record, ...]:
        """Everything that was written, and what came after the disk gave out."""
        with self._lock:
            return tuple(self._records)

    def listen(self, listener: Listener) -> None:
        """Have ``listener`` called with every record from now on."""
        self._listeners.append(listener)

    def write(self, event: Event) -> Record:
        """Redact and append one event, then tell the listeners; the record as it was kept.

        Raises CannotWrite the first time that the disk refuses; events are only kept in memory then,
        the failure itself among them. Raises ValueError for a number that is not finite.
        """
        with self._lock:
            record = self._record(event)
            self._records.append(record)
            failure = self._catch_up()
        self._tell(record)
        if failure is not None:
            self._tell(self._note(failure))
            raise failure
        return record

    def _record(self, event: Event) -> Record:
        t = round(self._clock.now() - self._start, 6)
        shown = replace(event, **{name: _redacted(value) for name, value in members(event).items()})
        at = self._began + timedelta(milliseconds=int(t * 1000))
        return self._chained(Record(len(self._records), at, t, shown))

    def _chained(self, record: Record) -> Record:
        """The record with its chain; its line waits to be written. Raises ValueError when it can't be one."""
        line = cleaned(to_line(record))
        chain = link(self._records[-1].chain if self._records else "", line)
        self._waiting[record.n] = chained(line, chain)
        return replace(record, chain=chain)

    def _catch_up(self) -> BackstopError | None:
        """Put on disk what is not there unless the disk has refused before; why it could not be, if so.

        That is the newest record, and the one before it when an interrupt cut its writing short.
        """
        if not self._on_disk:
            self._waiting.clear()
            return None
        due = range(self._safe.records, len(self._records))
        try:
            end = write_from(self.path, self._safe.end, b"".join(self._waiting[n] for n in due))
        except CannotWrite as failure:
            self._on_disk = False
            return failure
        self._safe = _Safe(len(self._records), end)
        self._waiting.clear()
        return None

    def _note(self, failure: BackstopError) -> Record:
        with self._lock:
            record = self._record(Problem(int(Ending.INTERNAL_ERROR), failure.message, failure.remedy))
            self._records.append(record)
            return record

    def _tell(self, record: Record) -> None:
        for listener in self._listeners:
            listener(record)


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return plain_text(REDACTOR.redact(value))
    if isinstance(value, tuple):
        return tuple(map(_redacted, value))
    if isinstance(value, dict):
        return {_redacted(key): _redacted(inner) for key, inner in value.items()}
    return value
