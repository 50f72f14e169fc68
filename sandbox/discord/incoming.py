"""Incoming webhooks of a channel, which their address alone gives access to."""

from __future__ import annotations

import secrets

from aiohttp import web

from sandbox.discord.announcement import Announcement, check_form
from sandbox.discord.bodies import check_content, read_message, read_object
from sandbox.discord.errors import (
    empty_message,
    invalid_webhook_token,
    unknown_message,
    unknown_webhook,
)
from sandbox.discord.gate import Handler
from sandbox.discord.models import State, Webhook
from sandbox.discord.snowflake import new_snowflake

_INCOMING = 1
_MOST = 1_000


async def show(state: State, request: web.Request) -> web.StreamResponse:
    """``GET /webhooks/{webhook}/{token}``: the webhook, without its user."""
    if (trouble := await state.troubles.answer("discord", request)) is not None:
        return trouble
    found = _webhook(state, request)
    return web.json_response(
        {
            "id": found.id,
            "type": _INCOMING,
            "guild_id": found.guild,
            "channel_id": state.credentials.channel,
            "name": "Status",
            "avatar": None,
            "application_id": None,
            "token": found.token,
            "url": f"https://discord.com/api/webhooks/{found.id}/{found.token}",
        }
    )


def incoming_or(handler: Handler, otherwise: Handler) -> Handler:
    """``handler`` for an incoming webhook, ``otherwise`` for what has the same address and is none."""

    async def serve(state: State, request: web.Request) -> web.StreamResponse:
        ours = request.match_info["application"] in state.webhooks
        return await (handler if ours else otherwise)(state, request)

    return serve


async def execute(state: State, request: web.Request) -> web.StreamResponse:
    """``POST /webhooks/{webhook}/{token}``: a message; its object only with ``wait``."""
    if (trouble := await state.troubles.answer("discord", request)) is not None:
        return trouble
    webhook = _webhook(state, request)
    message = await read_message(request)
    check_form(message)
    if len(state.announcements) >= _MOST:
        state.announcements.pop(next(iter(state.announcements)))
    made = Announcement(webhook.id, [message])
    state.announcements[made.id] = made
    if request.query.get("wait", "").lower() not in {"true", "1"}:
        return web.Response(status=204)
    return web.json_response(made.as_discord(state.credentials.channel))


async def edit(state: State, request: web.Request) -> web.StreamResponse:
    """``PATCH /webhooks/{webhook}/{token}/messages/{message}``: other words; what is not named stays."""
    if (trouble := await state.troubles.answer("discord", request)) is not None:
        return trouble
    webhook = _webhook(state, request)
    made = state.announcements.get(request.match_info["message"])
    if made is None or made.webhook != webhook.id:
        raise unknown_message()
    changes = await read_object(request)
    check_content(changes.get("content"))
    check_form(changes)
    merged = {**made.bodies[-1], **changes}
    if not merged.get("content") and not merged.get("embeds"):
        raise empty_message()
    made.bodies.append(merged)
    return web.json_response(made.as_discord(state.credentials.channel))


async def remove(state: State, request: web.Request) -> web.StreamResponse:
    """``DELETE /webhooks/{webhook}/{token}``: the webhook is gone, as when somebody removes it."""
    webhook = _webhook(state, request)
    del state.webhooks[webhook.id]
    return web.Response(status=204)


async def remove_message(state: State, request: web.Request) -> web.StreamResponse:
    """``DELETE /webhooks/{webhook}/{token}/messages/{message}``."""
    _webhook(state, request)
    if state.announcements.pop(request.match_info["message"], None) is None:
        raise unknown_message()
    return web.Response(status=204)


def _webhook(state: State, request: web.Request) -> Webhook:
    found = state.webhooks.get(request.match_info["application"])
    if found is None:
        raise unknown_webhook()
    if not secrets.compare_digest(found.token, request.match_info["token"]):
        raise invalid_webhook_token()
    return found


def new_webhook(state: State) -> Webhook:
    """One more webhook of the one channel."""
    webhook = Webhook(new_snowflake(), secrets.token_urlsafe(51))
    state.webhooks[webhook.id] = webhook
    return webhook
