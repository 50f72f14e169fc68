"""What the owner of an application does at Discord once: register commands, set the endpoint's address.

Only the sandbox's Discord is ever written to; what a real Discord has is looked at.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

import backstop
from backstop.discord.api import commands_path
from backstop.discord.payloads import OptionType, option_type
from backstop.model.target import Command, Secret
from backstop.probes.limits import Limits
from backstop.probes.prober import Prober
from backstop.probes.rest import Rest, excerpt

LIMITS = Limits(total=10.0)  # seconds; Discord tests an endpoint, which takes up to 3 s twice
_REFUSED = 400
_CHAT_INPUT = 1  # the type of slash commands


def manifest(commands: Sequence[Command]) -> list[dict[str, Any]]:
    """The commands as their owner would register them: names, subcommands, options and their types."""
    found: list[dict[str, Any]] = []
    for command in commands:
        _register(found, command.name.split(), command, _CHAT_INPUT)
    return found


def _register(into: list[dict[str, Any]], words: Sequence[str], command: Command, kind: int) -> None:
    """Put what the first of ``words`` names into a list, and what the others name into that."""
    first, *others = words
    there = next((each for each in into if each["name"] == first), None)
    if there is None:
        there = {"name": first, "type": kind, "description": first, "options": []}
        into.append(there)
    if others:
        below = OptionType.SUB_COMMAND if len(others) == 1 else OptionType.SUB_COMMAND_GROUP
        _register(there["options"], others, command, below)
    else:
        there["options"] += _options(command, {each["name"] for each in there["options"]})


def _options(command: Command, known: Container[str]) -> list[dict[str, Any]]:
    return [
        {"name": name, "type": option_type(value).value, "description": name}
        for name, value in command.options
        if name not in known
    ]


def set_up_application(
    base: str, token: Secret, application: str, endpoint: str, commands: Sequence[Command]
) -> tuple[str, ...]:
    """Register the commands, globally and for servers, and set the endpoint; what Discord refuses, in words.

    Raises CouldNotLook when Discord does not answer.
    """
    agent = f"DiscordBot (backstop, {backstop.__version__})"
    headers = (("Authorization", Secret(token.name, f"Bot {token.value}")), ("User-Agent", agent))
    rest = Rest("Discord", Prober(base, headers, LIMITS))
    scopes = dict.fromkeys(("", *(command.guild for command in commands)))
    try:
        refused = [
            line
            for guild in scopes
            for line in _asked(
                rest,
                "PUT",
                commands_path(application, guild),
                manifest([command for command in commands if command.guild == guild]),
            )
        ]
        set_endpoint = _asked(rest, "PATCH", "/applications/@me", {"interactions_endpoint_url": endpoint})
        return (*refused, *set_endpoint)
    finally:
        rest.close()


def _asked(rest: Rest, method: str, path: str, body: object) -> tuple[str, ...]:
    reply = rest.call(method, path, body)
    if reply.status < _REFUSED:
        return ()
    return (f"Discord refuses {method} {path}: {reply.status} {excerpt(reply.answer)}",)
