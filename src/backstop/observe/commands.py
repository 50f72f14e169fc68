"""Slash commands, sent as Discord sends them, with what they answer and post."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from backstop.discord import payloads
from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, Request
from backstop.model.target import Command
from backstop.place import Place
from backstop.polling import poll

_OK = 200
POSTED_WITHIN = 5.0  # seconds; a message is posted after the reply, in waitUntil


@dataclass(frozen=True, slots=True)
class CommandLook:
    """What one command led to: the exchange, and the contents newly posted to its channel."""

    exchange: Exchange
    posted: tuple[str, ...]


def send_command(place: Place, command: Command) -> CommandLook:
    """Send a signed command and wait for what it posts.

    Raises CouldNotLook without a signing key, or without a Discord token where messages must be read.
    """
    if command.effects == "none":
        return CommandLook(_send(place, command), ())
    before = _messages(place, command.channel)
    exchange = _send(place, command)
    if not isinstance(exchange.result, Answer) or exchange.result.status != _OK:
        return CommandLook(exchange, ())
    return CommandLook(exchange, _new_messages(place, command.channel, before))


def _send(place: Place, command: Command) -> Exchange:
    if place.signer is None:
        message = f"/{command.name} can't be sent: this session holds no signing key for the bot"
        raise CouldNotLook(message, remedy="set signing_key for this target, or accept the check by name")
    payload = payloads.command(
        command.name,
        dict(command.options),
        channel=command.channel,
        application=place.target.discord_application_id,
    )
    body = json.dumps(payload).encode()
    url = urljoin(place.target.url, place.target.interactions_path)
    headers = (("Content-Type", "application/json"), *place.signer.sign(body))
    return place.prober.ask(Request("POST", url, headers, body))


def _messages(place: Place, channel: str) -> dict[str, str]:
    if place.discord is None:
        message = f"what is posted to channel {channel} can't be read: no Discord token"
        raise CouldNotLook(message, remedy="set discord_token for this target")
    found: list[dict[str, Any]] = place.discord.messages(channel)
    return {str(message["id"]): str(message.get("content", "")) for message in found}


def _new_messages(place: Place, channel: str, before: dict[str, str]) -> tuple[str, ...]:
    def look() -> tuple[str, ...] | None:
        now = _messages(place, channel)
        return tuple(content for key, content in now.items() if key not in before) or None

    try:
        return poll(look, deadline=POSTED_WITHIN, what=f"a new message in channel {channel}")
    except CouldNotLook:
        _messages(place, channel)  # tells "nothing was posted" apart from "could not read"
        return ()
