"""Channels and their messages."""

from __future__ import annotations

from collections import deque

from aiohttp import web

from sandbox.discord.bodies import read_message, snowflake_in_path
from sandbox.discord.errors import FormError, unknown_channel
from sandbox.discord.models import Message, State, new_message
from sandbox.discord.snowflake import is_snowflake

_MOST_ASKED = 100


async def show(state: State, request: web.Request) -> web.Response:
    """``GET /channels/{id}``."""
    _messages(state, request)
    return web.json_response({"id": request.match_info["channel"], "type": 0, "name": "registrations"})


async def messages(state: State, request: web.Request) -> web.Response:
    """``GET /channels/{id}/messages``, newest first; with ``limit``, ``before`` and ``after``."""
    kept = _messages(state, request)
    before = _id(request, "before", most=True)
    after = _id(request, "after", most=False)
    asked = [one for one in reversed(kept) if after < int(one.id) < before]
    return web.json_response([one.as_discord(state.user()) for one in asked[: _limit(request)]])


async def post(state: State, request: web.Request) -> web.Response:
    """``POST /channels/{id}/messages``."""
    kept = _messages(state, request)
    message = new_message(request.match_info["channel"], await read_message(request))
    kept.append(message)
    return web.json_response(message.as_discord(state.user()))


def _messages(state: State, request: web.Request) -> deque[Message]:
    channel = snowflake_in_path(request, "channel", "channel_id")
    if channel not in state.channels:
        raise unknown_channel()
    return state.channels[channel]


def _limit(request: web.Request) -> int:
    text = request.query.get("limit", "50")
    if not text.isdigit() or not 1 <= int(text) <= _MOST_ASKED:
        raise FormError("limit", "NUMBER_TYPE_RANGE", f"int value should be between 1 and {_MOST_ASKED}.")
    return int(text)


def _id(request: web.Request, name: str, *, most: bool) -> int:
    """The id in the query, or the end of the range where there is none."""
    text = request.query.get(name, str(1 << 64) if most else "0")
    if not is_snowflake(text):
        raise FormError(name, "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
    return int(text)
