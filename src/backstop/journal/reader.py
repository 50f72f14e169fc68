"""Reads a journal back: strict about every line, and never stopped by a bad one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from backstop.journal.codec import from_line
from backstop.journal.events import SCHEMA, SessionStarted
from backstop.journal.record import Damaged, Record
from backstop.model.errors import UsageError

_MOST_BYTES = 4 * 1024 * 1024
_EXCERPT = 200
_NEVER = datetime.fromtimestamp(0, UTC)


def read(path: Path) -> tuple[Record, ...]:
    """All lines of a journal, in order. A line that can't be read is a ``Damaged`` record in its place.

    Raises UsageError when there is no such file or it can't be opened.
    """
    try:
        with path.open("rb") as file:
            return tuple(parse(_lines(file)))
    except OSError as error:
        message = f"no journal can be read at {path}: {error.strerror}"
        raise UsageError(message, remedy="name the journal.jsonl of a report's folder") from error


def parse(lines: Iterable[bytes]) -> Iterator[Record]:
    """Records of the given lines; says so where lines are cut, missing or out of order."""
    last = Record(-1, _NEVER, 0.0, Damaged("nothing was read"))
    newer = False
    for line in lines:
        record = _record(line, last, newer=newer)
        if record.n != last.n + 1:
            yield Record(last.n + 1, last.at, last.t, _out_of_order(record.n, last.n + 1))
        if isinstance(record.event, SessionStarted):
            newer = record.event.schema > SCHEMA
        yield record
        last = record


def _record(line: bytes, last: Record, *, newer: bool) -> Record:
    if not line.endswith(b"\n"):
        return _damaged(line, last, "the line is cut: the session died while it was written")
    try:
        return from_line(line, newer=newer)
    except (ValueError, RecursionError) as error:
        return _damaged(line, last, f"not a line of a journal: {error}")


def _damaged(line: bytes, last: Record, why: str) -> Record:
    excerpt = line[:_EXCERPT].decode("utf-8", errors="backslashreplace").rstrip("\n")
    return Record(last.n + 1, last.at, last.t, Damaged(why, excerpt))


def _out_of_order(found: int, wanted: int) -> Damaged:
    if found > wanted:
        return Damaged(f"{found - wanted} lines are missing before line {found}")
    return Damaged(f"line {found} comes where line {wanted} was due")


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(_MOST_BYTES):
        yield line
