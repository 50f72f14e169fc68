"""A folder of small files, one an entry, that are never changed: machines share it, and it merges by copying.

A file is named by its number, its time and a random word. The number is one more than the highest that its
writer saw, so that the order holds whatever a clock says; two machines that write at once may choose the same
one, and both files stay.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from backstop.monitor.codec import NOT_OURS
from backstop.storage import write_atomic

T = TypeVar("T")

SCHEMA = 1
_NAME = re.compile(r"(\d{8,15})-\d{8}T\d{6}Z-[0-9a-f]{8}\.json")
_LARGEST = 256 * 1024  # bytes; an entry has some hundred
_BROKEN = ".broken"
_HALF_S = 3600.0


class Newer(ValueError):
    """Raised for what a newer backstop wrote: it is no broken file, and left as it is."""


@dataclass(frozen=True, slots=True)
class Pages:
    """The entries of one folder. ``kept`` of them stay; ``say`` takes what must be said of others."""

    directory: Path
    kept: int
    say: Callable[[str], object]

    def newest(self, most: int, read: Callable[[Mapping[str, Any]], T]) -> tuple[T, ...]:
        """What ``read`` makes of the newest files, oldest first; what is none is set aside and said."""
        return self.read(self._files()[-most:], read)

    def read(self, paths: Iterable[Path], read: Callable[[Mapping[str, Any]], T]) -> tuple[T, ...]:
        """What it makes of these files."""
        found, newer = [], 0
        for path in paths:
            try:
                found.append(read(load(path)))
            except FileNotFoundError:
                continue  # another machine has just folded it up
            except Newer:
                newer += 1
            except NOT_OURS as error:
                self.say(_set_aside(path, error))
        if newer:
            self.say(f"{newer} files in {self.directory} were written by a newer backstop, and are left out")
        return tuple(found)

    def add(self, at: datetime, members: Mapping[str, Any]) -> None:
        """Write one more. Raises CannotWrite."""
        files = self._files()
        number = _number(files[-1]) + 1 if files else 1
        name = f"{number:08d}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}.json"
        write_atomic(self.directory / name, json.dumps({"schema": SCHEMA, **members}) + "\n")

    def overdue(self) -> tuple[Path, ...]:
        """The files beyond those that stay, once they are as many again: not a few with each look."""
        files = self._files()
        return tuple(files[: -self.kept]) if len(files) >= 2 * self.kept else ()

    def remove(self, paths: Iterable[Path]) -> None:
        """Forget them, what was broken before now, and what a run that was killed had half written."""
        for path in (*paths, *self.directory.glob(f"*{_BROKEN}"), *self._half_written()):
            with suppress(OSError):
                path.unlink()

    def _half_written(self) -> Iterator[Path]:
        """Of an hour ago: what is newer may be another machine's that writes at this moment."""
        for path in self.directory.glob(".*.json-*"):
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > _HALF_S:
                    yield path

    def _files(self) -> list[Path]:
        try:
            found = [path for path in self.directory.iterdir() if _NAME.fullmatch(path.name)]
        except FileNotFoundError:
            return []
        return sorted(found, key=lambda path: (_number(path), path.name))


def load(path: Path) -> Mapping[str, Any]:
    """The members of one file. Raises Newer, OSError, or what is in ``NOT_OURS`` for what is none."""
    with path.open("rb") as file:
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        message = f"it has more than {_LARGEST} bytes"
        raise ValueError(message)
    members: Mapping[str, Any] = json.loads(content)
    schema = members["schema"]
    if isinstance(schema, int) and schema > SCHEMA:
        raise Newer(schema)
    if schema != SCHEMA:
        message = f"its schema is {schema!r}"
        raise ValueError(message)
    return members


def _number(path: Path) -> int:
    return int(path.name.partition("-")[0])


def _set_aside(path: Path, error: Exception) -> str:
    """Rename what is no entry, so that it is said once; the sentence."""
    aside = path.with_name(f"{path.name}{_BROKEN}")
    with suppress(OSError):
        path.rename(aside)
    return f"{path} was broken ({type(error).__name__}): it is set aside as {aside.name}, and left out"
