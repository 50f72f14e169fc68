"""Where a bot says that it is well, and in which words: asked, never guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backstop.model.http import Answer, Exchange, Request
from backstop.model.target import HealthExpectation
from backstop.probes.prober import Prober

_NOWHERE = "/backstop/there-is-no-such-page"
_OK = 200
_TELLING = ("status", "health", "healthy", "ok", "state", "alive", "success")
_WELL = frozenset({"ok", "healthy", "up", "pass", "passing", "alive", "running", "online", "operational"})
_LONGEST = 60  # characters of a text that is worth comparing
_WORDS = re.compile(r"[^\W\d_](?:[^\W\d_]|[ ,.!'-])*")
_LEAST = 2  # letters that tell one text from another


@dataclass(frozen=True, slots=True)
class HealthFound:
    """``expectation`` is None where no path says it; ``sentences`` tell what was asked and found."""

    expectation: HealthExpectation | None
    sentences: tuple[str, ...]


def find_health(prober: Prober, paths: Sequence[str]) -> HealthFound:
    """Ask every path, and one that no bot has; then again what differs from that.

    What is found is the path that says most clearly that the bot is well.
    """
    *first, nobody = prober.ask_all([Request("GET", path) for path in (*paths, _NOWHERE)])
    there = [
        (path, one)
        for path, one in zip(paths, first, strict=True)
        if path == "/" or _shown(path, one) != _shown(_NOWHERE, nobody)
    ]
    again = prober.ask_all([Request("GET", path) for path, _ in there])
    candidates = [
        (path, found)
        for (path, one), two in zip(there, again, strict=True)
        if (found := _expectation(path, one, two))
    ]
    if not candidates:
        asked = f"GET / answered {_status(first[0])}: health = false"
        return HealthFound(None, (f"{asked}; of {len(paths) - 1} other paths none says that it is well",))
    path, found = max(candidates, key=lambda each: _clearness(each[1]))
    before = "" if path == "/" else f"GET / answered {_status(first[0])}; found: "
    return HealthFound(found, (f"{before}GET {path} answers 200{_in_words(found)}",))


def _expectation(path: str, one: Exchange, two: Exchange) -> HealthExpectation | None:
    """What a path can be held to: that which it said both times."""
    first, second = one.result, two.result
    if not (isinstance(first, Answer) and isinstance(second, Answer)) or {first.status, second.status} != {
        _OK
    }:
        return None
    members = tuple(pair for pair in _members(first) if pair in _members(second))
    text = "" if members or first.members() else _stable_text(first, second)
    return HealthExpectation(path=path, json=members, text=text)


def _members(answer: Answer) -> tuple[tuple[str, Any], ...]:
    """The first member that says that all is well."""
    found = answer.members() or {}
    well = ((name, found[name]) for name in _TELLING if name in found and _says_well(found[name]))
    return tuple(well)[:1]


def _says_well(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.lower() in _WELL)


def _stable_text(one: Answer, two: Answer) -> str:
    """The longest words of a plain text, without numbers: those may be of this run only."""
    if "html" in (one.header("content-type") or ""):
        return ""
    words = [word.strip() for word in _WORDS.findall(one.text[:_LONGEST]) if word.strip() in two.text]
    longest = max(words, key=len, default="")
    return longest if len(longest) >= _LEAST else ""


def _clearness(found: HealthExpectation) -> tuple[bool, bool, bool]:
    """JSON that says it is well, then a path that is there for it, then any text; the first of equals."""
    return bool(found.json), found.path != "/", bool(found.text)


def _in_words(found: HealthExpectation) -> str:
    if found.json:
        name, value = found.json[0]
        return f" with {name} = {value!r}" if isinstance(value, str) else f" with {name} = true"
    return f" with “{found.text}”" if found.text else "; only its status is looked at"


def _status(exchange: Exchange) -> str:
    result = exchange.result
    return str(result.status) if isinstance(result, Answer) else result.silence.value


def _shown(path: str, exchange: Exchange) -> tuple[int, bytes] | None:
    """What a path answers, without the path itself; None for no answer."""
    result = exchange.result
    return (result.status, result.body.replace(path.encode(), b"")) if isinstance(result, Answer) else None
