"""What is to be known on the next machine too: a file for each entry, never changed once it is written.

The files of many machines merge by copying; no two write the same one, unless it says the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from backstop.storage import write_atomic

_AHEAD = timedelta(days=1)  # more than two honest clocks differ by
_LARGEST = 64 * 1024  # bytes; an entry has a few hundred, an old list some thousands


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of one directory: a folder for each target, the newest ``kept`` of it."""

    directory: Path
    kept: int

    def of(self, target: str) -> tuple[Any, ...]:
        """What is in each file, the newest first, then what an old backstop kept in one list.

        What can't be read is left out: nothing depends on it.
        """
        files = (_load(path) for path in reversed(self._files(target)))
        listed = _load(self.directory / f"{target}.json")
        return (*files, *(listed if isinstance(listed, list) else ()))

    def add(self, target: str, at: datetime, members: Mapping[str, Any]) -> None:
        """Write one entry of that moment, and forget the oldest. Raises CannotWrite."""
        text = json.dumps(members, indent=2) + "\n"
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        name = f"{at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{digest}.json"
        write_atomic(self.directory / target / name, text)
        for old in self._files(target)[: -self.kept]:
            old.unlink(missing_ok=True)

    def _files(self, target: str) -> list[Path]:
        """The oldest first: names begin with the time."""
        return sorted(self._listed(target), key=lambda path: path.name)

    def _listed(self, target: str) -> Iterator[Path]:
        yield from (self.directory / target).glob("*.json")


def as_dated(at: datetime, now: datetime) -> tuple[bool, datetime]:
    """By what entries are sorted, the newest last: what a wrong clock dated ahead of ``now`` is first."""
    return at <= now + _AHEAD, at


def _load(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            return json.loads(file.read(_LARGEST))
    except (OSError, ValueError, RecursionError):
        return None
