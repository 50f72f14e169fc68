"""Incoming webhooks of a channel, which their address alone gives access to."""

from __future__ import annotations

import secrets

from aiohttp import web

from sandbox.discord.errors import invalid_webhook_token, unknown_webhook
from sandbox.discord.models import State, Webhook
from sandbox.discord.snowflake import new_snowflake

_INCOMING = 1


async def show(state: State, request: web.Request) -> web.Response:
    """``GET /webhooks/{webhook}/{token}``: the webhook, without its user."""
    found = state.webhooks.get(request.match_info["webhook"])
    if found is None:
        raise unknown_webhook()
    if not secrets.compare_digest(found.token, request.match_info["token"]):
        raise invalid_webhook_token()
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


def new_webhook(state: State) -> Webhook:
    """One more webhook of the one channel."""
    webhook = Webhook(new_snowflake(), secrets.token_urlsafe(51))
    state.webhooks[webhook.id] = webhook
    return webhook
