"""One KV namespace in memory, with the limits of the real ones."""

from __future__ import annotations

import bisect
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

MOST_LISTED = 1000
_KEY_BYTES = 512
_VALUE_BYTES = 25 * 1024 * 1024
_METADATA_BYTES = 1024
_SHORTEST_TTL_S = 60
_WHOLE_BYTES = 256 * 1024 * 1024  # of all values; the real ones have no such bound, this machine has


class KvError(Exception):
    """Raised when a namespace refuses a request; ``status`` is that of HTTP."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class Entry:
    """A value with what was put beside it; ``metadata`` is JSON text, ``expires`` in seconds since 1970."""

    value: bytes
    metadata: str = ""
    expires: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, in the order of the keys' bytes; ``cursor`` is empty where it is complete."""

    keys: tuple[tuple[str, Entry], ...]
    cursor: str


class Namespace:
    """Keys and values; what has expired is not there."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._entries: dict[str, Entry] = {}
        self._bytes = 0

    def get(self, key: str) -> Entry | None:
        """The entry, or None. Raises KvError for a key that can't be."""
        check_key(key)
        entry = self._entries.get(key)
        if entry is not None and self._has_expired(entry):
            self.delete(key)
            return None
        return entry

    def put(self, key: str, value: bytes, *, metadata: str = "", expires: int | None = None) -> None:
        """Write an entry; ``expires`` in seconds since 1970. Raises KvError beyond the limits."""
        check_key(key)
        _check_size("Value", len(value), _VALUE_BYTES)
        _check_size("Metadata", len(metadata.encode()), _METADATA_BYTES)
        if expires is not None and expires < self._clock() + _SHORTEST_TTL_S - 1:
            message = f"Invalid expiration of {expires}. Expiration times must be at least 60 seconds ahead."
            raise KvError(400, message)
        before = self._entries.get(key)
        grown = self._bytes + len(value) - (len(before.value) if before else 0)
        if grown > _WHOLE_BYTES:
            raise KvError(507, f"The sandbox keeps at most {_WHOLE_BYTES} bytes in a namespace.")
        self._entries[key], self._bytes = Entry(value, metadata, expires), grown

    def put_for(self, key: str, value: bytes, *, metadata: str = "", ttl_s: int) -> None:
        """Write an entry that expires after so many seconds. Raises KvError beyond the limits."""
        if ttl_s < _SHORTEST_TTL_S:
            message = f"Invalid expiration_ttl of {ttl_s}. Expiration TTL must be at least {_SHORTEST_TTL_S}."
            raise KvError(400, message)
        self.put(key, value, metadata=metadata, expires=int(self._clock()) + ttl_s)

    def delete(self, key: str) -> None:
        """Remove an entry; one that is not there is ignored. Raises KvError for a key that can't be."""
        check_key(key)
        gone = self._entries.pop(key, None)
        self._bytes -= len(gone.value) if gone else 0

    def page(self, prefix: str, cursor: str, limit: int) -> Page:
        """The keys after ``cursor`` (the last key of the page before) that start with ``prefix``."""
        names = sorted(name for name in self._entries if name.startswith(prefix))
        start = bisect.bisect_right(names, cursor) if cursor else 0
        found: list[tuple[str, Entry]] = []
        for name in names[start:]:
            if len(found) == limit:
                return Page(tuple(found), found[-1][0])
            entry = self.get(name)
            if entry is not None:
                found.append((name, entry))
        return Page(tuple(found), "")

    def _has_expired(self, entry: Entry) -> bool:
        return entry.expires is not None and entry.expires <= self._clock()


class Namespaces:
    """All namespaces by id; one is there from its first use."""

    def __init__(self) -> None:
        self._known: dict[str, Namespace] = {}

    def get(self, namespace: str) -> Namespace:
        """The namespace of this id."""
        return self._known.setdefault(namespace, Namespace())

    def seed(self, namespace: str, values: Mapping[str, str]) -> None:
        """Write values under keys that are not there yet. Raises KvError beyond the limits."""
        into = self.get(namespace)
        for key, text in values.items():
            if into.get(key) is None:
                into.put(key, text.encode())


def check_key(key: str) -> None:
    """Raise KvError for a key that no entry can have."""
    if not key:
        raise KvError(400, "Key names must not be empty")
    if key in {".", ".."}:
        raise KvError(400, f'"{key}" is not allowed as a key name.')
    size = len(key.encode())
    if size > _KEY_BYTES:
        message = f"UTF-8 encoded length of {size} exceeds key length limit of {_KEY_BYTES}."
        raise KvError(414, message)


def as_metadata(text: str) -> Any:
    """Metadata as JSON; None where there is none."""
    return json.loads(text) if text else None


def _check_size(what: str, size: int, most: int) -> None:
    if size > most:
        raise KvError(413, f"{what} length of {size} exceeds limit of {most}.")
