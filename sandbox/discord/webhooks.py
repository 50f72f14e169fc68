"""What a bot may do with an interaction's token: answer it, change the answer, follow it up."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import Any

from aiohttp import web

from sandbox.discord.bodies import check_content, read_message, read_object
from sandbox.discord.errors import (
    FormError,
    already_acknowledged,
    unknown_interaction,
    unknown_message,
    unknown_webhook,
)
from sandbox.discord.interactions import Interaction
from sandbox.discord.models import State, new_message
from sandbox.discord.sender import REPLY_TYPES

# A bot may send its follow-up while its first answer is still on the way here.
_OVERTAKING_S = 0.25


async def callback(state: State, request: web.Request) -> web.Response:
    """``POST /interactions/{id}/{token}/callback``: the first answer by request instead of by response."""
    interaction = state.interactions.find(request.match_info["token"])
    if interaction is None or interaction.id != request.match_info["interaction"]:
        raise unknown_interaction()
    if interaction.answered.is_set():
        raise already_acknowledged()
    reply = await read_object(request)
    if reply.get("type") not in REPLY_TYPES:
        raise FormError("type", "BASE_TYPE_CHOICES", f"Value must be one of {tuple(REPLY_TYPES)}.")
    interaction.acknowledge(reply)
    return web.Response(status=204)


async def follow_up(state: State, request: web.Request) -> web.Response:
    """``POST /webhooks/{application}/{token}``."""
    interaction = await _answered(state, request)
    made = new_message(state.credentials.channel, await read_message(request))
    interaction.follow_up(made.id, made.body)
    return web.json_response(made.as_discord(state.user()))


async def show_follow_up(state: State, request: web.Request) -> web.Response:
    """``GET /webhooks/{application}/{token}/messages/{message}``."""
    interaction, identity = await _followed_up(state, request)
    return _follow_up(state, identity, interaction.messages[identity])


async def edit_follow_up(state: State, request: web.Request) -> web.Response:
    """``PATCH /webhooks/{application}/{token}/messages/{message}``."""
    interaction, identity = await _followed_up(state, request)
    message = await read_object(request)
    check_content(message.get("content"))
    return _follow_up(state, identity, interaction.change(identity, message))


async def remove_follow_up(state: State, request: web.Request) -> web.Response:
    """``DELETE /webhooks/{application}/{token}/messages/{message}``."""
    interaction, identity = await _followed_up(state, request)
    del interaction.messages[identity]
    return web.Response(status=204)


async def remove_original(state: State, request: web.Request) -> web.Response:
    """``DELETE /webhooks/{application}/{token}/messages/@original``."""
    interaction = await _answered(state, request)
    if interaction.original is None:
        raise unknown_message()
    interaction.original = None
    return web.Response(status=204)


async def edit_original(state: State, request: web.Request) -> web.Response:
    """``PATCH /webhooks/{application}/{token}/messages/@original``."""
    interaction = await _answered(state, request)
    message = await read_object(request)
    check_content(message.get("content"))
    interaction.edit(message)
    return _original(state, interaction)


async def show_original(state: State, request: web.Request) -> web.Response:
    """``GET /webhooks/{application}/{token}/messages/@original``."""
    return _original(state, await _answered(state, request))


def _original(state: State, interaction: Interaction) -> web.Response:
    if interaction.original is None:
        raise unknown_message()
    message = new_message(state.credentials.channel, interaction.original)
    return web.json_response(message.as_discord(state.user()))


def _follow_up(state: State, identity: str, body: dict[str, Any]) -> web.Response:
    message = replace(new_message(state.credentials.channel, body), id=identity)
    return web.json_response(message.as_discord(state.user()))


async def _followed_up(state: State, request: web.Request) -> tuple[Interaction, str]:
    """The interaction, and the id of a follow-up to it that is there."""
    interaction, identity = await _answered(state, request), request.match_info["message"]
    if identity not in interaction.messages:
        raise unknown_message()
    return interaction, identity


async def _answered(state: State, request: web.Request) -> Interaction:
    """The interaction of the token in the path, once it has its first answer."""
    interaction = state.interactions.find(request.match_info["token"])
    if interaction is None or request.match_info["application"] != state.credentials.application_id:
        raise unknown_webhook()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(interaction.answered.wait(), _OVERTAKING_S)
    if not interaction.answered.is_set():
        raise unknown_webhook()
    return interaction
