"""What Discord knows of an application, beside what its target declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from backstop.discord.payloads import OptionType, option_type
from backstop.model.errors import CouldNotLook
from backstop.model.target import Command

_CHAT_INPUT = 1
_SUBCOMMANDS = frozenset({OptionType.SUB_COMMAND.value, OptionType.SUB_COMMAND_GROUP.value})
_DEEPEST = 2  # a group, and a subcommand in it
_NUMBERS = frozenset({OptionType.INTEGER.value, OptionType.NUMBER.value})
_TEXTS = frozenset({OptionType.STRING.value, 6, 7, 8, 9, 11})  # ids of users, channels, … are sent as text
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Registered:
    """One registered command: its options' names with their types, and which of them are required.

    A command with subcommands is as many as it has of these, named as Discord shows them: "config set".
    """

    name: str
    kind: int
    options: tuple[tuple[str, int], ...]
    required: frozenset[str]


def registered(found: Mapping[str, Any]) -> tuple[Registered, ...]:
    """A command as Discord's API shows it; it may lack its type and its options.

    Raises CouldNotLook for what no command looks like: that tells nothing of the bot.
    """
    return tuple(_registered(_name(found), _kind(found, _CHAT_INPUT), found, 0))


def _registered(name: str, kind: int, found: Mapping[str, Any], depth: int) -> Iterator[Registered]:
    options = _options_of(found)
    below = [option for option in options if option.get("type") in _SUBCOMMANDS]
    if below and depth < _DEEPEST:
        for option in below:
            yield from _registered(f"{name} {_name(option)}", kind, option, depth + 1)
        return
    yield Registered(
        name=name,
        kind=kind,
        options=tuple((_name(option), _kind(option)) for option in options),
        required=frozenset(_name(option) for option in options if option.get("required")),
    )


def _options_of(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = found.get("options") or []
    if not isinstance(listed, list) or not all(isinstance(option, dict) for option in listed):
        raise _unreadable(found, "a list of options")
    return listed


def _name(found: Mapping[str, Any]) -> str:
    name = found.get("name")
    if not isinstance(name, str):
        raise _unreadable(found, "a name")
    return name


def _kind(found: Mapping[str, Any], otherwise: int | None = None) -> int:
    kind = found.get("type", otherwise)
    if not isinstance(kind, int) or isinstance(kind, bool):
        raise _unreadable(found, "a type that is a number")
    return kind


def _unreadable(found: Mapping[str, Any], wanted: str) -> CouldNotLook:
    message = (
        f"Discord lists a command or an option that can't be read: {str(found)[:120]!r}; wanted {wanted}"
    )
    return CouldNotLook(message, remedy="try again; if it stays so, look at https://discordstatus.com")


def deviations(declared: Sequence[Command], known: Sequence[Registered]) -> tuple[str, ...]:
    """What Discord has otherwise than the target declares, a sentence each; empty when nothing."""
    slash = {command.name: command for command in known if command.kind == _CHAT_INPUT}
    found: list[str] = []
    for command in declared:
        there = slash.get(command.name)
        if there is None:
            have = ", ".join(f"/{name}" for name in sorted(slash)) or "none"
            found.append(f"/{command.name} is not registered; found {have}")
        else:
            found += _options(command, there)
    return tuple(found)


def deviations_by_server(
    declared: Sequence[Command], known: Callable[[str], Sequence[Registered]]
) -> tuple[str, ...]:
    """The same for commands of any servers; ``known`` reads those of one, of "" the global ones."""
    found: list[str] = []
    for guild in dict.fromkeys(command.guild for command in declared):
        there = deviations([command for command in declared if command.guild == guild], known(guild))
        found += [f"for server {guild}: {line}" if guild else line for line in there]
    return tuple(found)


def _options(command: Command, there: Registered) -> list[str]:
    known = dict(there.options)
    given = dict(command.options)
    found = [f"/{command.name} has no option {name}" for name, _ in command.options if name not in known]
    found += [
        f"/{command.name} has option {name} of type {known[name]}, wanted {option_type(value).value}"
        for name, value in command.options
        if name in known and not _takes(known[name], value)
    ]
    return found + [
        f"/{command.name} requires option {name}, which the target does not declare"
        for name in sorted(there.required - given.keys())
    ]


def _takes(kind: int, value: object) -> bool:
    wanted = option_type(value)
    if wanted is OptionType.STRING:
        return kind in _TEXTS
    return kind == wanted.value or (wanted is OptionType.INTEGER and kind in _NUMBERS)


def same_address(one: str, other: str) -> bool:
    """Whether two URLs are the same but for the case of the host, the usual port and a last slash.

    What is no URL is the same as nothing else.
    """
    try:
        return _normal(one) == _normal(other)
    except ValueError:
        return one == other


def _normal(url: str) -> tuple[str, str, int | None, str, str]:
    """Raises ValueError for what is no URL."""
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme)
    return parts.scheme, parts.hostname or "", port, parts.path.rstrip("/"), parts.query
