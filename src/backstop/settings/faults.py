"""What is wrong in a configuration file, and where."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from backstop.model.errors import UsageError
from backstop.settings.lines import Key, LineIndex

_ABBREVIATION = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend. ``key`` is dotted; ``line`` counts from 1 and is None where it isn't known."""

    file: Path
    key: str
    problem: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{where}: {self.key}: {self.problem}" if self.key else f"{where}: {self.problem}"


class SettingsError(UsageError):
    """Raised when a configuration can't be used; ``faults`` holds everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        head = [] if len(self.faults) == 1 else [f"{len(self.faults)} things are wrong:"]
        super().__init__("\n".join([*head, *map(str, self.faults)]))


class FaultList:
    """Collects the faults of one file while it is read."""

    def __init__(self, file: Path, lines: LineIndex) -> None:
        self.found: list[Fault] = []
        self._file = file
        self._lines = lines

    def add(self, key: Key, problem: str) -> None:
        """Note a fault of the value at ``key``."""
        self.found.append(self.fault(key, problem))

    def fault(self, key: Key, problem: str) -> Fault:
        """A fault with its place, without noting it."""
        return Fault(self._file, dotted(key), problem, self._lines.line(key))


def dotted(key: Key) -> str:
    """A key as people write it: ``targets.local.commands[0].name``."""
    text = ""
    for part in key:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            shown = part if part.replace("-", "").replace("_", "").isalnum() else f'"{part}"'
            text += f".{shown}" if text else shown
    return text


def nearest(word: str, known: Collection[str]) -> str:
    """`` did you mean …?`` with the known word that looks most like ``word``, or nothing."""
    begun = [each for each in known if len(word) >= _ABBREVIATION and each.startswith(word.lower())]
    alike = begun or difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return f'; did you mean "{alike[0]}"?' if alike else ""


def listed(words: Iterable[str]) -> str:
    """Words as part of a sentence, in the order given."""
    return ", ".join(words) or "none"
