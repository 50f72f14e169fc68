"""Where drill records are kept: one file a run, never written again, so that many machines' merge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from backstop.score.codec import NoRecord, from_text, to_text
from backstop.score.record import DrillRecord
from backstop.storage import write_atomic

_MOST = 2000  # files that are read, the newest: a drill a day for five years
_LARGEST = 1024 * 1024  # bytes; a record has some kilobytes
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Kept:
    """All records, the oldest first, and a sentence for each file that is none."""

    records: tuple[DrillRecord, ...]
    unreadable: tuple[str, ...]


class DrillRecords:
    """The records of some directories: each has all that were made here, and what others brought."""

    def __init__(self, *directories: Path) -> None:
        self._directories = directories

    def keep(self, record: DrillRecord) -> tuple[Path, ...]:
        """Write a record into each directory; the files. Raises CannotWrite, once it is where it can be."""
        paths = tuple(directory / file_name(record) for directory in self._directories)
        with ExitStack() as last:  # all of them run, also where one raises
            for path in paths:
                last.callback(write_atomic, path, to_text(record))
        return paths

    def all(self) -> Kept:
        """Every record once, whichever of the directories has it."""
        records: dict[str, DrillRecord] = {}
        unreadable: dict[str, str] = {}
        for path in self._newest():
            try:
                records[path.name] = from_text(_read(path))
            except (OSError, NoRecord) as error:
                unreadable[path.name] = f"{path} is no drill record: {error}"
        ordered = sorted(records.values(), key=lambda each: (each.at, each.run))
        told = (why for name, why in unreadable.items() if name not in records)
        return Kept(tuple(ordered), tuple(told))

    def _newest(self) -> Sequence[Path]:
        """Names begin with the time, so that their order is that of the drills."""
        return sorted(self._files(), key=lambda path: path.name)[-_MOST:]

    def _files(self) -> Iterator[Path]:
        for directory in dict.fromkeys(path.resolve() for path in self._directories):
            if directory.is_dir():
                yield from directory.glob("*.json")


def file_name(record: DrillRecord) -> str:
    """Unique among the records of all machines: the time, the target and the run."""
    target = _NOT_IN_A_NAME.sub("_", record.target) or "_"
    run = _NOT_IN_A_NAME.sub("_", record.run) or "_"
    return f"{record.at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{target}-{run}.json"


def _read(path: Path) -> str:
    if path.exists() and not path.is_file():  # a pipe might never end
        raise NoRecord("it is no file")
    with path.open("rb") as file:
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise NoRecord(f"it has more than {_LARGEST} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise NoRecord(str(error)) from error
