"""Slash commands, sent as Discord sends them, with what they answer and post."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from backstop.discord.signer import Signer
from backstop.model.errors import CouldNotLook, OnlyDiscordSigns
from backstop.model.http import Answer, Exchange, Request
from backstop.model.target import Command, Target
from backstop.observe.catalogue.commands import payload_of
from backstop.observe.interaction import DEFERRED, kind_of, text_of
from backstop.observe.reply import Reply
from backstop.place import Place
from backstop.polling import poll

_OK = 200
POSTED_WITHIN = 5.0  # seconds; a message is posted after the reply, in waitUntil


@dataclass(frozen=True, slots=True)
class CommandLook:
    """What one command led to: the exchange, and the texts of the messages newly posted to its channel."""

    exchange: Exchange
    posted: tuple[str, ...]

    @property
    def deferred(self) -> bool:
        """Whether the reply was that another one follows."""
        result = self.exchange.result
        return isinstance(result, Answer) and kind_of(Reply(self.exchange.request, result)) in DEFERRED


def send_command(place: Place, command: Command) -> CommandLook:
    """Send a signed command and wait for what it posts.

    Raises OnlyDiscordSigns without a signing key, CouldNotLook without a Discord token where messages must
    be read.
    """
    if command.effects == "none":
        return CommandLook(_send(place, command), ())
    before = _messages(place, command.channel)
    exchange = _send(place, command)
    if not isinstance(exchange.result, Answer) or exchange.result.status != _OK:
        return CommandLook(exchange, ())
    return CommandLook(exchange, _new_messages(place, command, before))


def _send(place: Place, command: Command) -> Exchange:
    if place.signer is None:
        message = f"/{command.name} can't be sent: this session holds no signing key for the bot"
        raise OnlyDiscordSigns(message, remedy="set signing_key, or accept discord.signed.*")
    signer = place.signer
    return place.prober.ask(lambda: _signed(place.target, signer, command))


def _signed(target: Target, signer: Signer, command: Command) -> Request:
    body = json.dumps(payload_of(command, dict(command.options), command.channel, target)).encode()
    url = urljoin(target.url, target.interactions_path)
    return Request("POST", url, (("Content-Type", "application/json"), *signer.sign(body)), body)


def _messages(place: Place, channel: str) -> dict[str, str]:
    if place.discord is None:
        message = f"what is posted to channel {channel} can't be read: no Discord token"
        raise CouldNotLook(message, remedy="set discord_token for this target")
    found: list[dict[str, Any]] = place.discord.messages(channel)
    return {str(message["id"]): text_of(message) for message in found}


def _new_messages(place: Place, command: Command, before: dict[str, str]) -> tuple[str, ...]:
    """What is new in the channel: as soon as the declared text is there, at last whatever there is."""

    def posted() -> tuple[str, ...]:
        now = _messages(place, command.channel)
        return tuple(text for key, text in now.items() if key not in before)

    def look() -> tuple[str, ...] | None:
        found = posted()
        return found if any(command.expect.posted in text for text in found) else None

    try:
        return poll(look, deadline=POSTED_WITHIN, what=f"a new message in channel {command.channel}")
    except CouldNotLook:
        return posted()  # tells "nothing was posted" apart from "could not read"
