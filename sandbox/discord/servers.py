"""Servers, their members, and people: whoever a bot names is there, in every server that it names."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.discord.bodies import read_object, snowflake_in_path
from sandbox.discord.channels import open_channel
from sandbox.discord.errors import FormError
from sandbox.discord.models import State
from sandbox.discord.snowflake import is_snowflake

_DIRECT = 1  # a channel of two
_MOST_MEMBERS = 1_000
_SINCE = "2024-01-01T00:00:00.000000+00:00"


async def show(state: State, request: web.Request) -> web.Response:
    """``GET /guilds/{guild}``; its roles are those that somebody was given."""
    guild = snowflake_in_path(request, "guild", "guild_id")
    roles = [_role(guild, "@everyone"), *(_role(role) for role in sorted(_given(state, guild)))]
    return web.json_response({"id": guild, "name": "sandbox", "owner_id": guild, "roles": roles})


async def roles(state: State, request: web.Request) -> web.Response:
    """``GET /guilds/{guild}/roles``."""
    guild = snowflake_in_path(request, "guild", "guild_id")
    given = (_role(role) for role in sorted(_given(state, guild)))
    return web.json_response([_role(guild, "@everyone"), *given])


async def channels(state: State, request: web.Request) -> web.Response:
    """``GET /guilds/{guild}/channels``."""
    guild = snowflake_in_path(request, "guild", "guild_id")
    listed = [{"id": each, "type": 0, "guild_id": guild, "name": "registrations"} for each in state.channels]
    return web.json_response(listed)


async def member(state: State, request: web.Request) -> web.Response:
    """``GET /guilds/{guild}/members/{user}``, and what a ``PATCH`` is answered with."""
    key = _key(request)
    return web.json_response(
        {
            "user": _user(key[1]),
            "nick": None,
            "avatar": None,
            "roles": sorted(state.members.get(key, ())),
            "joined_at": _SINCE,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
            "communication_disabled_until": None,
        }
    )


async def give_role(state: State, request: web.Request) -> web.Response:
    """``PUT /guilds/{guild}/members/{user}/roles/{role}``."""
    if len(state.members) >= _MOST_MEMBERS:
        state.members.pop(next(iter(state.members)))
    state.members.setdefault(_key(request), set()).add(snowflake_in_path(request, "role", "role_id"))
    return web.Response(status=204)


async def take_role(state: State, request: web.Request) -> web.Response:
    """``DELETE /guilds/{guild}/members/{user}/roles/{role}``."""
    state.members.get(_key(request), set()).discard(snowflake_in_path(request, "role", "role_id"))
    return web.Response(status=204)


async def user(_state: State, request: web.Request) -> web.Response:
    """``GET /users/{user}``."""
    return web.json_response(_user(snowflake_in_path(request, "user", "user_id")))


async def direct_channel(state: State, request: web.Request) -> web.Response:
    """``POST /users/@me/channels``: where direct messages to somebody go."""
    recipient = (await read_object(request)).get("recipient_id")
    if not is_snowflake(str(recipient)):
        raise FormError("recipient_id", "NUMBER_TYPE_COERCE", f'Value "{recipient}" is not snowflake.')
    made = {"id": open_channel(state), "type": _DIRECT, "recipients": [_user(str(recipient))]}
    return web.json_response(made)


def _key(request: web.Request) -> tuple[str, str]:
    guild = snowflake_in_path(request, "guild", "guild_id")
    return guild, snowflake_in_path(request, "user", "user_id")


def _given(state: State, guild: str) -> set[str]:
    return {role for (there, _), roles in state.members.items() if there == guild for role in roles}


def _role(role: str, name: str = "role") -> dict[str, Any]:
    return {"id": role, "name": name, "color": 0, "position": 0, "permissions": "0", "managed": False}


def _user(user_id: str) -> dict[str, Any]:
    return {"id": user_id, "username": "somebody", "discriminator": "0", "global_name": None, "avatar": None}
