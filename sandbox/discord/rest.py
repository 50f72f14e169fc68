"""Discord's REST API: which of it exists here, and the refusal of everything else."""

from __future__ import annotations

from aiohttp import web

from sandbox.discord import applications, channels, commands, incoming, webhooks
from sandbox.discord.bodies import MOST_BYTES
from sandbox.discord.gate import Endpoint, PlainHandler, guarded
from sandbox.discord.limits import POSTS, READS, WEBHOOKS, WRITES
from sandbox.discord.models import State

_VERSIONS = ("v9", "v10")
_GLOBAL = "/applications/{application}/commands"
_GUILD = "/applications/{application}/guilds/{guild}/commands"
_HOOK = "/webhooks/{application}/{token}"  # an application's, or an incoming webhook's own id
_ORIGINAL = f"{_HOOK}/messages/@original"

ENDPOINTS = (
    Endpoint("GET", "/applications/@me", applications.show, READS),
    Endpoint("PATCH", "/applications/@me", applications.edit, WRITES),
    Endpoint("GET", "/oauth2/applications/@me", applications.show, READS),
    Endpoint("GET", "/users/@me", applications.show_user, READS),
    Endpoint("GET", "/gateway", applications.gateway, READS, open=True),
    Endpoint("GET", "/gateway/bot", applications.gateway_bot, READS),
    *(Endpoint("GET", scope, commands.show, READS) for scope in (_GLOBAL, _GUILD)),
    *(Endpoint("GET", f"{scope}/{{command}}", commands.show_one, READS) for scope in (_GLOBAL, _GUILD)),
    *(Endpoint("PUT", scope, commands.replace_all, WRITES) for scope in (_GLOBAL, _GUILD)),
    *(Endpoint("POST", scope, commands.create, WRITES) for scope in (_GLOBAL, _GUILD)),
    Endpoint("GET", "/channels/{channel}", channels.show, READS),
    Endpoint("GET", "/channels/{channel}/messages", channels.messages, READS),
    Endpoint("POST", "/channels/{channel}/messages", channels.post, POSTS),
    Endpoint("POST", "/interactions/{interaction}/{token}/callback", webhooks.callback, READS, open=True),
    Endpoint("POST", _HOOK, incoming.execute_or(webhooks.follow_up), POSTS, open=True),
    Endpoint("GET", _HOOK, incoming.show, READS, open=True),
    Endpoint("DELETE", _HOOK, incoming.remove, WRITES, open=True),
    Endpoint("PATCH", f"{_HOOK}/messages/{{message:\\d+}}", incoming.edit, WEBHOOKS, open=True),
    Endpoint("DELETE", f"{_HOOK}/messages/{{message:\\d+}}", incoming.remove_message, WRITES, open=True),
    Endpoint("GET", _ORIGINAL, webhooks.show_original, READS, open=True),
    Endpoint("PATCH", _ORIGINAL, webhooks.edit_original, POSTS, open=True),
)


def add_discord(app: web.Application, state: State) -> None:
    """Adds all of ``discord.com`` that exists here, and the refusal of the rest."""
    for version in _VERSIONS:
        for endpoint in ENDPOINTS:
            app.router.add_route(endpoint.method, f"/api/{version}{endpoint.path}", guarded(state, endpoint))
    app.router.add_route("*", "/{anything:.*}", _unknown(state))


def new_app() -> web.Application:
    """An application that reads bodies as big as Discord does."""
    return web.Application(client_max_size=MOST_BYTES)


def _unknown(state: State) -> PlainHandler:
    """Refuses loudly, and keeps what was asked: the double lacks something that somebody needs."""

    async def refuse(request: web.Request) -> web.Response:
        asked = f"{request.method} {request.path}"
        state.unknown_requests.append(asked)
        return web.json_response({"message": f"the sandbox has no {asked}", "code": 0}, status=501)

    return refuse
