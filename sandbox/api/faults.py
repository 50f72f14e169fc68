"""Which requests the API misbehaves at, and how: set on demand, each for a number of requests."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.api.misdeeds import Drop, Hang, Lie, Misdeed, Say, Stale, Truncated

MOST_HANG_S = 600.0
_MOST_FAULTS = 100
_MEMBERS = ("method", "path", "times", "skip", "answer")
# What decides the kind of an answer, and what else may stand beside it.
_KINDS: Mapping[str, tuple[str, ...]] = {
    "hang_s": ("done",),
    "status": ("body", "done"),
    "drop": ("done",),
    "lie": (),
    "stale": (),
    "truncated": (),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A misdeed that lets ``skip`` of its requests pass and then waits for the next ``times``."""

    method: str
    path: re.Pattern[str]
    misdeed: Misdeed
    times: int = 1
    skip: int = 0

    def fits(self, request: web.Request) -> bool:
        """Whether this request is one of those."""
        return self.method in {"*", request.method} and bool(self.path.search(request.path_qs))


class Faults:
    """The faults that are set, in order; the first that fits acts, and none after it counts the request."""

    def __init__(self) -> None:
        self._set: tuple[Fault, ...] = ()
        self._met: Counter[int] = Counter()  # how many requests each has met, by its place

    def replace(self, entries: object) -> int:
        """Set these and no others; how many. Raises ValueError with what is wrong."""
        if not isinstance(entries, list) or len(entries) > _MOST_FAULTS:
            message = f"faults must be a list of at most {_MOST_FAULTS}"
            raise ValueError(message)
        self._set = tuple(_read(entry) for entry in entries)
        self._met.clear()
        return len(self._set)

    def take(self, request: web.Request) -> Misdeed | None:
        """What to do to this request instead of answering it; counted as done."""
        for place, fault in enumerate(self._set):
            before = self._met[place]
            if before < fault.skip + fault.times and fault.fits(request):
                self._met[place] += 1
                if before >= fault.skip:
                    return fault.misdeed
        return None


def _read(entry: object) -> Fault:
    try:
        return _fault(_members(entry, _MEMBERS, "a fault"))
    except (TypeError, ValueError, re.error) as error:
        message = f"a fault is {{{', '.join(_MEMBERS)}}}: {error}; found {entry!r}"
        raise ValueError(message) from error


def _fault(entry: Mapping[str, Any]) -> Fault:
    method, path = entry.get("method", "*"), entry.get("path")
    if not isinstance(method, str) or not isinstance(path, str):
        raise TypeError("method and path must be texts, path a regular expression")
    return Fault(
        method.upper(),
        re.compile(path),
        _misdeed(entry.get("answer")),
        _count("times", entry.get("times", 1)),
        _count("skip", entry.get("skip", 0)),
    )


def _misdeed(answer: object) -> Misdeed:
    known = (*_KINDS, "body", "done")
    said = _members(answer, known, "an answer")
    kinds = [kind for kind in _KINDS if kind in said]
    if len(kinds) != 1:
        raise ValueError(f"an answer has exactly one of {', '.join(_KINDS)}")
    if odd := said.keys() - {kinds[0], *_KINDS[kinds[0]]}:
        raise ValueError(f"{', '.join(sorted(odd))} does not go with {kinds[0]}")
    return _of_kind(kinds[0], said, done=_flag("done", said.get("done", False)))


def _of_kind(kind: str, said: Mapping[str, Any], *, done: bool) -> Misdeed:
    if kind == "hang_s":
        return Hang(min(_seconds(said["hang_s"]), MOST_HANG_S), done)
    if kind == "status":
        return Say(_status(said["status"]), said.get("body", ""), done)
    if not _flag(kind, said[kind]):
        raise ValueError(f"{kind} must be true")
    plain: Mapping[str, Misdeed] = {"lie": Lie(), "stale": Stale(), "truncated": Truncated()}
    return plain.get(kind, Drop(done))


def _members(value: object, known: tuple[str, ...], what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{what} must be an object")
    if odd := value.keys() - set(known):
        raise ValueError(f"{what} has no {', '.join(sorted(odd))}")
    return value


def _count(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{name} must be a whole number of 0 or more")
    return value


def _seconds(value: object) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not value >= 0:
        raise ValueError("hang_s must be a number of 0 or more")
    return float(value)


def _status(value: object) -> int:
    if not isinstance(value, int) or not 200 <= value <= 599:  # noqa: PLR2004 - what a server may answer with
        raise ValueError("status must be a whole number from 200 to 599")
    return value


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be true or false")
    return value
