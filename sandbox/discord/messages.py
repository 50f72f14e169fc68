"""What a bot does with one message of a channel, and with what belongs to it: reactions, pins, threads."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from aiohttp import web

from sandbox.discord.bodies import check_content, read_object
from sandbox.discord.channels import kept_in, open_channel
from sandbox.discord.errors import FormError, unknown_message
from sandbox.discord.models import Message, State

_THREAD = 11  # a public one
_MOST_NAME = 100


async def show(state: State, request: web.Request) -> web.Response:
    """``GET /channels/{id}/messages/{message}``."""
    return web.json_response(_found(state, request).as_discord(state.user()))


async def edit(state: State, request: web.Request) -> web.Response:
    """``PATCH /channels/{id}/messages/{message}``: what is not named stays."""
    found, changes = _found(state, request), await read_object(request)
    check_content(changes.get("content"))
    body = {**found.body, **changes}
    changed = replace(found, body=body, content=body.get("content") or "")
    kept = kept_in(state, request)
    kept[kept.index(found)] = changed
    return web.json_response(changed.as_discord(state.user()))


async def remove(state: State, request: web.Request) -> web.Response:
    """``DELETE /channels/{id}/messages/{message}``."""
    kept_in(state, request).remove(_found(state, request))
    return web.Response(status=204)


async def touch(state: State, request: web.Request) -> web.Response:
    """A reaction or a pin, set or taken off: nothing of it is kept."""
    _found(state, request)
    return web.Response(status=204)


async def typing(state: State, request: web.Request) -> web.Response:
    """``POST /channels/{id}/typing``."""
    kept_in(state, request)
    return web.Response(status=204)


async def thread(state: State, request: web.Request) -> web.Response:
    """``POST …/threads``: a channel of its own, under a message or not."""
    kept_in(state, request)
    if "message" in request.match_info:
        _found(state, request)
    name = (await read_object(request)).get("name")
    if not isinstance(name, str) or not 1 <= len(name) <= _MOST_NAME:
        raise FormError("name", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {_MOST_NAME} in length.")
    made = {"id": open_channel(state), "type": _THREAD, "name": name}
    return web.json_response({**made, "parent_id": request.match_info["channel"]}, status=201)


def _found(state: State, request: web.Request) -> Message:
    kept: deque[Message] = kept_in(state, request)
    wanted = request.match_info["message"]
    for message in kept:
        if message.id == wanted:
            return message
    raise unknown_message()
