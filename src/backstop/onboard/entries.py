"""Entries of ``[targets.NAME.accept]``, written into somebody's targets file without touching the rest."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from backstop.model.errors import UsageError
from backstop.settings.lines import headers

_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding to live with until a day, that day included. ``notes`` stand above it as comments."""

    check: str
    reason: str
    until: date
    notes: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        """What the targets file says of it."""
        return f"{self.reason}, until {self.until.isoformat()}"

    @property
    def line(self) -> str:
        """The key and its value."""
        return f"{quoted(self.check)} = {quoted(self.value)}"

    @property
    def lines(self) -> list[str]:
        """Its lines in the file."""
        return [*(f"# {_short(note)}" for note in self.notes), self.line]


def _short(note: str) -> str:
    return note if len(note) <= _WIDTH else f"{note[:_WIDTH]}…"


def quoted(text: str) -> str:
    """A text as a basic string of TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def with_entries(text: str, target: str, entries: Sequence[Entry]) -> str:
    """The text of a targets file with these entries; one that is there already gets the new value.

    Everything else stays as it is, comments and layout included. Raises UsageError, with the lines to
    write by hand, where the table is written in a way that can't be added to.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(newline)
    changed = _changed(lines, target, entries)
    written = newline.join(changed)
    if _parsed(written) != _wanted(text, target, entries):
        by_hand = "\n".join(f"    {entry.line}" for entry in entries)
        message = f"the accept table of {target} is written in a way that can't be added to"
        raise UsageError(message, remedy=f"write it as [targets.{target}.accept], and below it:\n{by_hand}")
    return written


def _changed(lines: list[str], target: str, entries: Sequence[Entry]) -> list[str]:
    """The lines with the entries in the accept table, which is made when there is none."""
    lines = list(lines)
    section = _section(lines, ("targets", target, "accept"), below=False)
    if section is None:
        return _with_table(lines, target, entries)
    begin, end = section
    fresh: list[str] = []
    for entry in entries:
        key = re.compile(rf"\s*[\"']?{re.escape(entry.check)}[\"']?\s*=")
        at = next((n for n in range(begin, end) if key.match(lines[n])), None)
        if at is None:
            fresh += entry.lines
        else:
            lines[at] = entry.line
    return [*lines[:end], *fresh, *lines[end:]]


def _with_table(lines: list[str], target: str, entries: Sequence[Entry]) -> list[str]:
    section = _section(lines, ("targets", target), below=True)
    end = section[1] if section else _last(lines, 0, len(lines))
    table = ["", f"[targets.{target}.accept]", *(line for entry in entries for line in entry.lines)]
    after = lines[end:]
    return [*lines[:end], *table, *(after if any(after) else [""])]


def _section(lines: list[str], key: tuple[str, ...], *, below: bool) -> tuple[int, int] | None:
    """From the last header of ``key`` (or ``below`` it) to behind the last line that says something."""
    found = [*headers("\n".join(lines)), (len(lines), ())]
    for (start, name), (end, _) in reversed(list(pairwise(found))):
        if name == key or (below and name[: len(key)] == key):
            return start, _last(lines, start, end)
    return None


def _last(lines: list[str], start: int, end: int) -> int:
    """Behind the last line that is neither empty nor a comment: what follows belongs to the next table."""
    says = [n for n in range(start, end) if lines[n].strip() and not lines[n].lstrip().startswith("#")]
    return says[-1] + 1 if says else start


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _wanted(text: str, target: str, entries: Sequence[Entry]) -> dict[str, Any]:
    values = copy.deepcopy(tomllib.loads(text))
    accept = values["targets"][target].setdefault("accept", {})
    accept |= {entry.check: entry.value for entry in entries}
    return values
