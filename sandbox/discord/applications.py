"""The application, its bot user and the gateway."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.discord.bodies import read_object
from sandbox.discord.errors import FormError
from sandbox.discord.models import State
from sandbox.discord.sender import Sender

_GATEWAY = "wss://gateway.discord.gg"
_EDITABLE = frozenset({"description", "flags", "tags", "install_params", "custom_install_url", "icon"})


async def show(state: State, _request: web.Request) -> web.Response:
    """``GET /applications/@me``."""
    return web.json_response(state.application())


async def edit(state: State, request: web.Request) -> web.Response:
    """``PATCH /applications/@me``; a new endpoint address must pass Discord's test."""
    changes = await read_object(request)
    if "interactions_endpoint_url" in changes:
        state.endpoint_url = await _tested(state, changes["interactions_endpoint_url"])
    shown = {name: value for name, value in changes.items() if name in _EDITABLE}
    return web.json_response({**state.application(), **shown})


async def show_user(state: State, _request: web.Request) -> web.Response:
    """``GET /users/@me``."""
    return web.json_response(state.user())


async def gateway(_state: State, _request: web.Request) -> web.Response:
    """``GET /gateway``."""
    return web.json_response({"url": _GATEWAY})


async def gateway_bot(_state: State, _request: web.Request) -> web.Response:
    """``GET /gateway/bot``."""
    left = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    return web.json_response({"url": _GATEWAY, "shards": 1, "session_start_limit": left})


async def _tested(state: State, url: Any) -> str | None:
    if url in (None, ""):
        return None
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise FormError("interactions_endpoint_url", "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    if not await Sender(state.credentials, state.authority).endpoint_is_valid(url):
        raise FormError(
            "interactions_endpoint_url",
            "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID",
            "The specified interactions endpoint url could not be verified.",
        )
    return url
