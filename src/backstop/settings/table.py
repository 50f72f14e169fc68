"""One table of a configuration file, read value by value; what is wrong is collected, not raised."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from backstop.settings.faults import FaultList, dotted, listed, nearest
from backstop.settings.lines import Key

_LONGEST_FOUND = 60
_MOST = sys.float_info.max


class Table:
    """Reading a key marks it as known; ``finish`` reports the others. A faulty value reads as its default."""

    def __init__(self, values: Mapping[str, Any], key: Key, faults: FaultList) -> None:
        self.key = key
        self.faults = faults
        self._values = values
        self._known: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def fault(self, name: str, problem: str) -> None:
        """Note that something is wrong with the value of ``name``."""
        self.faults.add((*self.key, name), problem)

    def wanted(self, name: str, wanted: str) -> None:
        """Note that the value of ``name`` isn't what is wanted, and show it."""
        self.fault(name, f"found {shown(self._values.get(name))}, wanted {wanted}")

    def value(self, name: str) -> Any:
        """The value as it was parsed, or None."""
        self._known.add(name)
        return self._values.get(name)

    def text(self, name: str) -> str:
        """A string that isn't empty; empty when there is none."""
        value = self.value(name)
        if name not in self._values:
            return ""
        if isinstance(value, str) and value.strip():
            return value
        self.wanted(name, "a text")
        return ""

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self.value(name)
        if isinstance(value, bool):
            return value
        if name in self._values:
            self.wanted(name, "true or false")
        return default

    def number(self, name: str) -> float | None:
        """A number above zero that ends somewhere, or None."""
        value = self.value(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= _MOST:
            return float(value)
        if name in self._values:
            self.wanted(name, "a number above 0")
        return None

    def integer(self, name: str, default: int, lowest: int, highest: int) -> int:
        """A whole number within bounds, both included."""
        value = self.value(name)
        if isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest:
            return value
        if name in self._values:
            self.wanted(name, f"a whole number from {lowest} to {highest}")
        return default

    def choice(self, name: str, choices: Collection[str], default: str) -> str:
        """One of a few words."""
        value = self.value(name)
        if value in choices:
            return str(value)
        if name in self._values:
            self.wanted(name, f"one of {listed(choices)}{nearest(str(value), choices)}")
        return default

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings."""
        value = self.value(name)
        if isinstance(value, list) and all(isinstance(each, str) and each for each in value):
            return tuple(value)
        if name in self._values:
            self.wanted(name, "a list of texts")
        return ()

    def path(self, name: str, base: Path) -> Path | None:
        """A path, relative to ``base``; it need not exist."""
        text = self.text(name)
        return (base / text).resolve() if text else None

    def url_path(self, name: str) -> str:
        """A path within the bot's address, ``/`` when there is none."""
        text = self.text(name) or "/"
        if not text.startswith("/"):
            self.wanted(name, "a path that starts with /")
        return text

    def table(self, name: str, wanted: str = "a table") -> Table | None:
        """A table within this one, or None."""
        value = self.value(name)
        if isinstance(value, dict):
            return Table(value, (*self.key, name), self.faults)
        if name in self._values:
            self.wanted(name, wanted)
        return None

    def tables(self, name: str) -> Iterator[Table]:
        """The tables of an array; none when it is missing."""
        value = self.value(name)
        if isinstance(value, list) and all(isinstance(each, dict) for each in value):
            for number, each in enumerate(value):
                yield Table(each, (*self.key, name, number), self.faults)
        elif name in self._values:
            self.wanted(name, f"tables, each headed [[{dotted((*self.key, name))}]]")

    def items(self) -> Iterator[tuple[str, Any]]:
        """Every key with its value, for a table whose keys are the user's own."""
        self._known |= set(self._values)
        yield from self._values.items()

    def finish(self) -> None:
        """Report the keys that nobody has read."""
        for name in self._values:
            if name not in self._known:
                hint = nearest(name, self._known) or f"; known here: {listed(sorted(self._known))}"
                self.fault(name, f"unknown key{hint}")


def is_web_address(text: str) -> bool:
    """Whether this is an absolute http or https URL without credentials, query or fragment."""
    try:
        url = urlsplit(text)
        plain = url.port != 0 and not (url.query or url.fragment or "@" in url.netloc)
    except ValueError:
        return False
    return url.scheme in {"http", "https"} and bool(url.hostname) and plain


def shown(value: object) -> str:
    """A value that was found, as a reader knows it, and not too long."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, int) and abs(value) > _MOST:
        return "a number of hundreds of digits"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST_FOUND else f"{text[:_LONGEST_FOUND]}…"
