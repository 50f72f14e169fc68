"""Reads a journal back: strict about every line, and never stopped by a bad one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from backstop.collecting import paused
from backstop.journal.codec import from_line
from backstop.journal.doubts import Doubts
from backstop.journal.events import SCHEMA, SessionStarted
from backstop.journal.record import NEVER, Damaged, Record, dated
from backstop.model.errors import UsageError

JOURNAL = "journal.jsonl"
LONGEST_LINE = 4 * 1024 * 1024  # bytes
MOST_BYTES = 256 * 1024 * 1024
MOST_LINES = 400_000
MOST_DAMAGED = 100  # kept one by one; more of them are counted

_EXCERPT = 200
_SKIPPED = 64 * 1024  # bytes at a time


def read(path: Path) -> tuple[Record, ...]:
    """All lines of a journal, in order. A line that can't be read is a ``Damaged`` record in its place.

    ``path`` may be the folder that a session left. Of a file beyond all measure the first 256 MiB, or
    400,000 lines, are read, and the last record says so. Raises UsageError when there is no such file or
    it can't be opened.
    """
    file = path
    try:
        file = path / JOURNAL if path.is_dir() else path
        if file.exists() and not file.is_file():
            raise UsageError(f"{file} is no file", remedy="name the journal.jsonl of a report's folder")
        with file.open("rb") as opened:
            lines = _Lines(opened)
            with paused():
                records = tuple(parse(lines))
            return dated((*records, *_rest(records, lines)))
    except OSError as error:
        message = f"no journal can be read at {file}: {error.strerror}"
        raise UsageError(message, remedy="name the journal.jsonl of a report's folder") from error


def parse(lines: Iterable[bytes]) -> Iterator[Record]:
    """Records of the given lines, numbered as they stand there.

    Says so where lines are cut, missing, out of order, changed or another session's: that record has the
    number of the line before which it stands.
    """
    last = Record(-1, NEVER, 0.0, Damaged("nothing was read"))
    doubts, newer, damaged = Doubts(), False, 0
    for place, line in enumerate(lines):
        found = _record(line, place, last, newer=newer)
        doubt = doubts.about(found, line)
        record = replace(found, n=place) if found.n != place else found
        is_damaged = isinstance(record.event, Damaged)
        damaged += is_damaged or bool(doubt)
        if doubt and damaged <= MOST_DAMAGED:
            yield Record(place, last.at, last.t, Damaged(doubt))
        if not is_damaged or damaged <= MOST_DAMAGED:
            yield record
        if isinstance(record.event, SessionStarted):
            newer = record.event.schema > SCHEMA
        last = record
    if damaged > MOST_DAMAGED:
        yield Record(last.n, last.at, last.t, Damaged(f"{damaged - MOST_DAMAGED} more lines are damaged"))


def _record(line: bytes, place: int, last: Record, *, newer: bool) -> Record:
    if not line.endswith(b"\n"):
        cut = len(line) < LONGEST_LINE
        why = "the line is cut: the session died while it was written" if cut else "the line is far too long"
        return _damaged(line, place, last, why)
    try:
        return from_line(line, newer=newer)
    except (ValueError, RecursionError) as error:
        return _damaged(line, place, last, f"not a line of a journal: {error}")


def _damaged(line: bytes, place: int, last: Record, why: str) -> Record:
    excerpt = line[:_EXCERPT].decode("utf-8", errors="backslashreplace").rstrip("\n")
    return Record(place, last.at, last.t, Damaged(why[:_EXCERPT], excerpt))


def _rest(records: tuple[Record, ...], lines: _Lines) -> Iterator[Record]:
    if lines.left:
        last = records[-1]
        why = f"{lines.left} more bytes were not read: no session writes so much"
        yield Record(last.n + 1, last.at, last.t, Damaged(why))


class _Lines:
    """The lines of a file, as many as are read; of one that is too long, its begin. ``left`` are bytes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = file.seek(0, 2)
        file.seek(0)

    @property
    def left(self) -> int:
        """How many bytes were not read."""
        return self._size - self._file.tell()

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(MOST_LINES):
            line = self._file.readline(LONGEST_LINE)
            if not line:
                return
            if len(line) == LONGEST_LINE:
                self._skip_line(line)
            yield line
            if self._file.tell() > MOST_BYTES:
                return

    def _skip_line(self, part: bytes) -> None:
        """Go on to the next line, for as long as the file is not beyond all measure."""
        while part and not part.endswith(b"\n") and self._file.tell() <= MOST_BYTES:
            part = self._file.readline(_SKIPPED)
