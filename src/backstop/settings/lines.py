"""On which line of a TOML file a key stands. The parser doesn't tell, so the text is searched."""

from __future__ import annotations

import re
from collections.abc import Iterator

Key = tuple[str | int, ...]

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*(?P<open>\[\[?)\s*(?P<key>{_DOTTED})\s*\]\]?")
_ASSIGNMENT = re.compile(rf"\s*(?P<key>{_DOTTED})\s*=")


def headers(text: str) -> Iterator[tuple[int, Key]]:
    """Each ``[table]`` and ``[[table]]`` of a text: its line, counted from 0, and its key."""
    for number, line in enumerate(text.splitlines()):
        if header := _HEADER.match(line):
            yield number, _parts(header["key"])


class LineIndex:
    """Knows the lines of one text; made for text that parses, a guess for any other."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Key, int] = {}
        self._counts: dict[Key, int] = {}
        table: Key = ()
        for number, line in enumerate(text.splitlines(), start=1):
            if header := _HEADER.match(line):
                table = self._enter(header["open"], _parts(header["key"]))
                self._note(table, number)
            elif assignment := _ASSIGNMENT.match(line):
                self._note((*table, *_parts(assignment["key"])), number)

    def line(self, key: Key) -> int | None:
        """The line of a key, or of the nearest table around it; None when the text has neither."""
        for length in range(len(key), 0, -1):
            if key[:length] in self._lines:
                return self._lines[key[:length]]
        return None

    def _enter(self, bracket: str, parts: Key) -> Key:
        """The full key of a table, with the numbers of the array elements it lies in."""
        table: Key = ()
        for part in parts[:-1]:
            table = self._newest((*table, part))
        last = (*table, parts[-1])
        if bracket == "[":
            return self._newest(last)
        self._counts[last] = self._counts.get(last, 0) + 1
        return self._newest(last)

    def _newest(self, key: Key) -> Key:
        return (*key, self._counts[key] - 1) if key in self._counts else key

    def _note(self, key: Key, number: int) -> None:
        for length in range(1, len(key) + 1):
            self._lines.setdefault(key[:length], number)


def _parts(key: str) -> Key:
    return tuple(part.strip("\"'") for part in re.findall(_PART, key))
