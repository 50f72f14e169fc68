"""Probes of commands and other interactions: those that a target declares, and one that nobody knows.

What must have no effect is here, and is sent with everything else; a command as it should be sent may
have one, and is sent by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from backstop.discord import payloads
from backstop.discord.forgeries import OTHER_TYPES
from backstop.model.http import Request
from backstop.model.target import Command, Interaction, Target
from backstop.observe.probe import Probe, Sending

UNKNOWN_NAME = "backstop-no-such-command"
WRONG_CHANNEL = "100000000000000998"
JUNK = "this is not what the option wants"


def _signed(sending: Sending, payload: Mapping[str, Any]) -> Request | None:
    if sending.signer is None:
        return None
    body = payloads.encode(dict(payload))
    headers = (("Content-Type", "application/json"), *sending.signer.sign(body))
    return Request("POST", sending.interactions, headers, body)


def _unknown(sending: Sending) -> Request | None:
    application = sending.target.discord_application_id
    return _signed(sending, payloads.command(UNKNOWN_NAME, application=application))


# With the genuine PINGs of a look these are more than ten, so that one in ten that fails is among them.
UNKNOWN_COMMAND = Probe("unknown command", _unknown, needs_key=True, times=5)


def _nobodys(kind: payloads.Interaction, data: Mapping[str, object]) -> Callable[[Sending], Request | None]:
    def make(sending: Sending) -> Request | None:
        given = {"type": kind.value, "data": dict(data)}
        return _signed(sending, payloads.around(given, sending.target.discord_application_id))

    return make


# A button, a form and a request for suggestions, by the type of interaction.
UNKNOWN_OTHERS = {
    kind: Probe(f"unknown {title}", _nobodys(kind, data), needs_key=True)
    for _, title, kind, data in OTHER_TYPES
    if kind is not payloads.Interaction.COMMAND
}
PROBES = (UNKNOWN_COMMAND, *UNKNOWN_OTHERS.values())


def payload_of(
    command: Command, options: Mapping[str, object], channel: str, target: Target
) -> dict[str, Any]:
    """The command with these options from that channel, as Discord would put it."""
    name, *path = command.name.split()
    for word in reversed(path):
        options = {word: options}
    where = payloads.Where(
        channel or payloads.SOMEWHERE.channel,
        "" if command.dm else command.guild or payloads.SOMEWHERE.guild,
    )
    return payloads.command(name, options, application=target.discord_application_id, where=where)


@cache
def wrong_channel(command: Command) -> Probe | None:
    """The command from a channel where it is not served; None where it is served everywhere."""
    if not command.channel or not command.expect.content:
        return None

    def make(sending: Sending) -> Request | None:
        options = dict(command.options)
        return _signed(sending, payload_of(command, options, WRONG_CHANNEL, sending.target))

    return Probe(f"/{command.name} from another channel", make, needs_key=True)


@cache
def bad_options(command: Command) -> Probe | None:
    """The command with junk in each of its texts; None where it takes no text."""
    if not any(isinstance(value, str) for _, value in command.options):
        return None
    junk = {name: JUNK if isinstance(value, str) else value for name, value in command.options}

    def make(sending: Sending) -> Request | None:
        channel = command.channel or WRONG_CHANNEL
        return _signed(sending, payload_of(command, junk, channel, sending.target))

    return Probe(f"/{command.name} with bad options", make, needs_key=True)


@cache
def raw(interaction: Interaction) -> Probe:
    """An interaction as the target gives it, with all else that Discord would send where it says nothing."""
    given: dict[str, Any] = json.loads(interaction.payload)

    def make(sending: Sending) -> Request | None:
        return _signed(sending, payloads.around(given, sending.target.discord_application_id))

    return Probe(f"interaction {interaction.source.name}", make, needs_key=True)


def of_target(target: Target) -> tuple[Probe, ...]:
    """The probes of what this target declares."""
    made = (probe for command in target.commands for probe in (wrong_channel(command), bad_options(command)))
    found = (*(probe for probe in made if probe), *(raw(each) for each in target.interactions))
    return tuple(dict.fromkeys(found))
