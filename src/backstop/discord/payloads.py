"""Interactions as Discord sends them: whole, with all the members that a bot may read."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

Payload = dict[str, Any]

_DISCORD_EPOCH_MS = 1_420_070_400_000
_GUILD = "100000000000000002"
_CHANNEL = "100000000000000001"
_APPLICATION = "100000000000000003"
_USER = "100000000000000004"
_PERMISSIONS = "2251799813685247"


class Interaction(IntEnum):
    """The types of interactions, by Discord's numbers."""

    PING = 1
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class OptionType(IntEnum):
    """The types of command options that a plain value can be of, by Discord's numbers."""

    SUB_COMMAND = 1
    SUB_COMMAND_GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    NUMBER = 10


def encode(payload: Payload) -> bytes:
    """The body that is sent and signed: compact JSON in UTF-8."""
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()


def ping(application: str = _APPLICATION) -> Payload:
    """What Discord sends to see whether an endpoint is alive and verifies signatures."""
    return {
        "id": snowflake(),
        "application_id": application,
        "type": Interaction.PING.value,
        "token": _token(),
        "user": _user(),
        "version": 1,
        "entitlements": [],
        "authorizing_integration_owners": {},
    }


@dataclass(frozen=True, slots=True)
class Where:
    """The ids of a channel and its server; one without a server is a direct message."""

    channel: str = _CHANNEL
    guild: str = _GUILD


SOMEWHERE = Where()


def command(
    name: str,
    options: Mapping[str, Any] | None = None,
    *,
    application: str = _APPLICATION,
    where: Where = SOMEWHERE,
) -> Payload:
    """A slash command. An option whose value is a mapping is a subcommand with options of its own.

    An option of a mapping of mappings is a group of subcommands. Raises TypeError for a value that is no
    text, number, truth value or mapping.
    """
    data: Payload = {"id": snowflake(), "type": 1, "name": name}
    if where.guild:
        data["guild_id"] = where.guild
    if options:
        data["options"] = [_option(key, value) for key, value in options.items()]
    return _interaction(Interaction.COMMAND, data, application, where)


def around(given: Mapping[str, Any], application: str = _APPLICATION) -> Payload:
    """What Discord would send around the members that are given, which win; a type that is unknown as a PING.

    One that names a ``user`` and no ``member`` is from a direct message.
    """
    kind = next((each for each in Interaction if each == given.get("type")), Interaction.PING)
    if kind is Interaction.PING:
        return {**ping(application), **given}
    direct = "user" in given and "member" not in given
    guild = "" if direct else str(given.get("guild_id", _GUILD))
    where = Where(str(given.get("channel_id", _CHANNEL)), guild)
    sent = _interaction(kind, {}, application, where)
    if kind is Interaction.COMPONENT:
        data = given.get("data")
        pressed = data.get("custom_id") if isinstance(data, dict) else None
        sent["message"] = _message(str(pressed or "button"), where.channel, application)
    return {**sent, **given}


def snowflake() -> str:
    """A new id, made as Discord makes them: 42 bits of milliseconds since 2015, 22 bits of our own."""
    milliseconds = time.time_ns() // 1_000_000 - _DISCORD_EPOCH_MS
    return str(milliseconds << 22 | secrets.randbits(22))


def _interaction(kind: Interaction, data: Payload, application: str, where: Where) -> Payload:
    return {
        "id": snowflake(),
        "application_id": application,
        "type": kind.value,
        "data": data,
        **(_in_guild(where.guild) if where.guild else _in_direct_message()),
        "channel": _channel(where),
        "channel_id": where.channel,
        "token": _token(),
        "version": 1,
        "app_permissions": _PERMISSIONS,
        "locale": "en-US",
        "entitlements": [],
        "attachment_size_limit": 10_485_760,
    }


def _in_guild(guild: str) -> Payload:
    return {
        "guild": {"id": guild, "locale": "en-US", "features": []},
        "guild_id": guild,
        "guild_locale": "en-US",
        "member": _member(),
        "authorizing_integration_owners": {"0": guild},
        "context": 0,
    }


def _in_direct_message() -> Payload:
    return {"user": _user(), "authorizing_integration_owners": {"0": "0"}, "context": 1}


def _option(name: str, value: Any) -> Payload:
    if isinstance(value, Mapping):
        group = any(isinstance(member, Mapping) for member in value.values())
        kind = OptionType.SUB_COMMAND_GROUP if group else OptionType.SUB_COMMAND
        return {"name": name, "type": kind.value, "options": [_option(*member) for member in value.items()]}
    return {"name": name, "type": option_type(value).value, "value": value}


def option_type(value: Any) -> OptionType:
    """The type of option that a plain value is of. Raises TypeError for a value that is of none."""
    if isinstance(value, bool):
        return OptionType.BOOLEAN
    for kind, option in ((str, OptionType.STRING), (int, OptionType.INTEGER), (float, OptionType.NUMBER)):
        if isinstance(value, kind):
            return option
    message = f"{value!r} can't be the value of a command option; wanted text, a number or a truth value"
    raise TypeError(message)


def _channel(where: Where) -> Payload:
    if not where.guild:
        return {"id": where.channel, "type": 1, "flags": 0, "last_message_id": None}
    return {
        "id": where.channel,
        "type": 0,
        "guild_id": where.guild,
        "name": "bot-commands",
        "parent_id": None,
        "position": 0,
        "permissions": _PERMISSIONS,
        "flags": 0,
        "nsfw": False,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "topic": None,
    }


def _member() -> Payload:
    return {
        "user": _user(),
        "roles": [],
        "nick": None,
        "avatar": None,
        "joined_at": "2024-01-01T00:00:00.000000+00:00",
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "permissions": _PERMISSIONS,
        "communication_disabled_until": None,
    }


def _user() -> Payload:
    return {
        "id": _USER,
        "username": "backstop",
        "global_name": "backstop",
        "discriminator": "0",
        "avatar": None,
        "public_flags": 0,
    }


def _message(custom_id: str, channel: str, application: str) -> Payload:
    button = {"type": 2, "id": 2, "style": 1, "label": "button", "custom_id": custom_id}
    return {
        "id": snowflake(),
        "type": 20,
        "channel_id": channel,
        "content": "",
        "author": {**_user(), "id": application, "username": "the bot", "bot": True},
        "attachments": [],
        "embeds": [],
        "mentions": [],
        "mention_roles": [],
        "pinned": False,
        "mention_everyone": False,
        "tts": False,
        "timestamp": "2024-01-01T00:00:00.000000+00:00",
        "edited_timestamp": None,
        "flags": 0,
        "components": [{"type": 1, "id": 1, "components": [button]}],
        "application_id": application,
    }


def _token() -> str:
    """As opaque and as long as a real one; it is the key to follow-ups, so never the same twice."""
    return f"aW50ZXJhY3Rpb246{secrets.token_urlsafe(120)}"
