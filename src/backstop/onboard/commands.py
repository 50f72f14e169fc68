"""Which slash commands a bot has: read where it registers them, believed only when the bot answers."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backstop.discord import payloads
from backstop.discord.signer import Signer
from backstop.model.http import Answer, Exchange, Request
from backstop.onboard.interactions import reply_type, signed
from backstop.onboard.reading import beginning
from backstop.probes.prober import Prober

_NAME = re.compile(r"[a-z0-9_-]{1,32}")
_LITERAL = re.compile(
    r"\bname\s*:\s*[\"'`]([a-z0-9_-]{1,32})[\"'`]\s*,\s*(?:type\s*:\s*1\s*,\s*)?description\s*:"
)
_NO_SUCH = "backstop-no-such-command"
_SOURCES = frozenset({".js", ".mjs", ".cjs", ".ts", ".mts", ".json"})
_NEVER = frozenset({"node_modules", "dist", "build", "coverage"})
_MOST_FILES, _MOST_COMMANDS = 300, 20
_COMMAND = 1  # of the types of application commands: those that are typed
_DEFERRED = 5
_REPLIES = frozenset({4, _DEFERRED, 9})
_SAMPLES: Mapping[int, Any] = {3: "test", 4: 1, 5: True, 10: 1.0}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A command that a file mentions; ``options`` holds a value for each that must be given."""

    name: str
    options: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class CommandFound:
    """A command that the bot answered, twice with a reply of type ``reply``."""

    name: str
    options: tuple[tuple[str, Any], ...]
    reply: int


def candidates(directory: Path) -> tuple[Candidate, ...]:
    """The commands that a project's files mention: JSON arrays of commands first, then literals in code."""
    found: dict[str, Candidate] = {}
    for path in _files(directory):
        text = beginning(path)
        for each in _of_json(text) if path.suffix == ".json" else _of_code(text):
            found.setdefault(each.name, each)
    return tuple(found.values())[:_MOST_COMMANDS]


def find_commands(
    prober: Prober, signer: Signer, application: str, path: str, mentioned: Sequence[Candidate]
) -> tuple[CommandFound, ...]:
    """Use every candidate twice, and a command that nobody has: what is answered as that one is none."""

    def use(each: Candidate) -> Callable[[], Request]:
        payload = payloads.command(each.name, dict(each.options), application=application)
        return lambda: signed(path, signer, payload)

    nobody, *first = prober.ask_all([use(each) for each in (Candidate(_NO_SUCH), *mentioned)])
    unknown = _shown(nobody, _NO_SUCH)
    replied = [
        CommandFound(each.name, each.options, kind)
        for each, one in zip(mentioned, first, strict=True)
        if (kind := reply_type(one)) in _REPLIES and _shown(one, each.name) != unknown
    ]
    again = prober.ask_all([use(Candidate(each.name, each.options)) for each in replied])
    return tuple(each for each, two in zip(replied, again, strict=True) if reply_type(two) == each.reply)


def _shown(exchange: Exchange, name: str) -> tuple[int, bytes] | None:
    result = exchange.result
    return (result.status, result.body.replace(name.encode(), b"")) if isinstance(result, Answer) else None


def _files(directory: Path) -> Iterator[Path]:
    seen = 0
    for folder, names, files in os.walk(directory):
        names[:] = sorted(name for name in names if name not in _NEVER and not name.startswith("."))
        chosen = sorted((name for name in files if Path(name).suffix in _SOURCES), key=_json_first)
        for name in chosen:
            seen += 1
            if seen > _MOST_FILES:
                return
            yield Path(folder) / name


def _json_first(name: str) -> tuple[bool, str]:
    return not name.endswith(".json"), name


def _of_code(text: str) -> Iterator[Candidate]:
    return (Candidate(name) for name in dict.fromkeys(_LITERAL.findall(text)))


def _of_json(text: str) -> Iterator[Candidate]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return
    listed = found.get("commands") if isinstance(found, dict) else found
    for entry in listed if isinstance(listed, list) else ():
        if candidate := _candidate(entry):
            yield candidate


def _candidate(entry: object) -> Candidate | None:
    """A command that can be used with plain values; None for one that can't, or for what is no command."""
    if not isinstance(entry, dict) or not isinstance(entry.get("description"), str):
        return None
    name, kind = entry.get("name"), entry.get("type", _COMMAND)
    options = entry.get("options", [])
    if (
        not isinstance(name, str)
        or not _NAME.fullmatch(name)
        or kind != _COMMAND
        or not isinstance(options, list)
    ):
        return None
    samples = _samples(each for each in options if isinstance(each, dict) and each.get("required"))
    return None if samples is None else Candidate(name, samples)


def _samples(required: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, Any], ...] | None:
    values: list[tuple[str, Any]] = []
    for option in required:
        choices = option.get("choices")
        choice = choices[0].get("value") if isinstance(choices, list) and choices else None
        value = choice if choice is not None else _SAMPLES.get(option.get("type", 0))
        if value is None:
            return None
        values.append((str(option.get("name")), value))
    return tuple(values)
