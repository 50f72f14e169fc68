"""Channels and their messages."""

from __future__ import annotations

from collections import deque

from aiohttp import web

from sandbox.discord.bodies import read_message, snowflake_in_path
from sandbox.discord.errors import FormError, unknown_channel
from sandbox.discord.models import Message, State, new_message
from sandbox.discord.snowflake import is_snowflake, new_snowflake

_MOST_ASKED = 100
_MOST_CHANNELS, _MOST_KEPT = 100, 100


async def show(state: State, request: web.Request) -> web.Response:
    """``GET /channels/{id}``."""
    kept_in(state, request)
    return web.json_response({"id": request.match_info["channel"], "type": 0, "name": "registrations"})


async def messages(state: State, request: web.Request) -> web.Response:
    """``GET /channels/{id}/messages``, newest first; with ``limit``, ``before`` and ``after``."""
    kept = kept_in(state, request)
    before = _id(request, "before", most=True)
    after = _id(request, "after", most=False)
    asked = [one for one in reversed(kept) if after < int(one.id) < before]
    return web.json_response([one.as_discord(state.user()) for one in asked[: _limit(request)]])


async def post(state: State, request: web.Request) -> web.Response:
    """``POST /channels/{id}/messages``."""
    kept = kept_in(state, request)
    message = new_message(request.match_info["channel"], await read_message(request))
    kept.append(message)
    return web.json_response(message.as_discord(state.user()))


def kept_in(state: State, request: web.Request) -> deque[Message]:
    """The messages of the channel in the path, oldest first. Raises ApiError for one that is not there."""
    channel = snowflake_in_path(request, "channel", "channel_id")
    if channel not in state.channels:
        raise unknown_channel()
    return state.channels[channel]


def open_channel(state: State) -> str:
    """One more channel, for direct messages or a thread; its id. The oldest of too many is gone then."""
    if len(state.channels) >= _MOST_CHANNELS:
        del state.channels[next(each for each in state.channels if each != state.credentials.channel)]
    made = new_snowflake()
    state.channels[made] = deque(maxlen=_MOST_KEPT)
    return made


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
