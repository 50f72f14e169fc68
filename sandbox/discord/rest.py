"""Discord's REST API: which of it exists here, and the refusal of everything else."""

from __future__ import annotations

import re

from aiohttp import web

from sandbox.discord import applications, channels, commands, incoming, messages, servers, webhooks
from sandbox.discord.bodies import MOST_BYTES
from sandbox.discord.errors import ApiError
from sandbox.discord.gate import Endpoint, PlainHandler, guarded
from sandbox.discord.limits import POSTS, READS, WEBHOOKS, WRITES
from sandbox.discord.models import State

# Without a version Discord takes an old one; those before 6 are gone: “API Versions” of its reference.
_VERSIONS = ("", *(f"/v{number}" for number in range(6, 11)))
_GLOBAL = "/applications/{application}/commands"
_GUILD = "/applications/{application}/guilds/{guild}/commands"
_HOOK = "/webhooks/{application}/{token}"  # an application's, or an incoming webhook's own id
_ORIGINAL = f"{_HOOK}/messages/@original"
_FOLLOW_UP = f"{_HOOK}/messages/{{message:\\d+}}"
_MESSAGE = "/channels/{channel}/messages/{message}"
_REACTION = f"{_MESSAGE}/reactions/{{emoji}}/{{who}}"
_MEMBER = "/guilds/{guild}/members/{user}"
# Where Discord's routes begin. What begins otherwise, nobody has: a bot that asks for it is wrong.
_RESOURCES = frozenset(
    {
        *("applications", "channels", "gateway", "guilds", "interactions", "invites", "lobbies", "oauth2"),
        *("skus", "soundboard-default-sounds", "stage-instances", "sticker-packs", "stickers", "users"),
        *("voice", "webhooks"),
    }
)

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
    *(Endpoint("PATCH", f"{scope}/{{command}}", commands.edit, WRITES) for scope in (_GLOBAL, _GUILD)),
    *(Endpoint("DELETE", f"{scope}/{{command}}", commands.remove, WRITES) for scope in (_GLOBAL, _GUILD)),
    Endpoint("GET", "/channels/{channel}", channels.show, READS),
    Endpoint("GET", "/channels/{channel}/messages", channels.messages, READS),
    Endpoint("POST", "/channels/{channel}/messages", channels.post, POSTS),
    Endpoint("POST", "/channels/{channel}/typing", messages.typing, POSTS),
    Endpoint("POST", "/channels/{channel}/threads", messages.thread, POSTS),
    Endpoint("GET", _MESSAGE, messages.show, READS),
    Endpoint("PATCH", _MESSAGE, messages.edit, POSTS),
    Endpoint("DELETE", _MESSAGE, messages.remove, WRITES),
    Endpoint("POST", f"{_MESSAGE}/threads", messages.thread, POSTS),
    *(Endpoint(method, _REACTION, messages.touch, POSTS) for method in ("PUT", "DELETE")),
    *(
        Endpoint(method, f"/channels/{{channel}}/{pins}/{{message}}", messages.touch, POSTS)
        for pins in ("pins", "messages/pins")
        for method in ("PUT", "DELETE")
    ),
    Endpoint("GET", "/guilds/{guild}", servers.show, READS),
    Endpoint("GET", "/guilds/{guild}/roles", servers.roles, READS),
    Endpoint("GET", "/guilds/{guild}/channels", servers.channels, READS),
    *(Endpoint(method, _MEMBER, servers.member, READS) for method in ("GET", "PATCH")),
    Endpoint("PUT", f"{_MEMBER}/roles/{{role}}", servers.give_role, WRITES),
    Endpoint("DELETE", f"{_MEMBER}/roles/{{role}}", servers.take_role, WRITES),
    Endpoint("POST", "/users/@me/channels", servers.direct_channel, WRITES),
    Endpoint("GET", "/users/{user:\\d+}", servers.user, READS),
    Endpoint("POST", "/interactions/{interaction}/{token}/callback", webhooks.callback, READS, open=True),
    Endpoint("POST", _HOOK, incoming.incoming_or(incoming.execute, webhooks.follow_up), POSTS, open=True),
    Endpoint("GET", _HOOK, incoming.show, READS, open=True),
    Endpoint("DELETE", _HOOK, incoming.remove, WRITES, open=True),
    Endpoint("GET", _FOLLOW_UP, webhooks.show_follow_up, READS, open=True),
    Endpoint(
        "PATCH", _FOLLOW_UP, incoming.incoming_or(incoming.edit, webhooks.edit_follow_up), WEBHOOKS, open=True
    ),
    Endpoint(
        "DELETE",
        _FOLLOW_UP,
        incoming.incoming_or(incoming.remove_message, webhooks.remove_follow_up),
        WRITES,
        open=True,
    ),
    Endpoint("DELETE", _ORIGINAL, webhooks.remove_original, WRITES, open=True),
    Endpoint("GET", _ORIGINAL, webhooks.show_original, READS, open=True),
    Endpoint("PATCH", _ORIGINAL, webhooks.edit_original, POSTS, open=True),
)

_PATH = re.compile(r"/api(?:/(?P<version>v\d+))?/(?P<resource>[^/]*)(?:/.*)?")


def add_discord(app: web.Application, state: State) -> None:
    """Adds all of ``discord.com`` that exists here, and the refusal of the rest."""
    for version in _VERSIONS:
        for endpoint in ENDPOINTS:
            app.router.add_route(endpoint.method, f"/api{version}{endpoint.path}", guarded(state, endpoint))
    app.router.add_route("*", "/{anything:.*}", _unknown(state))


def new_app() -> web.Application:
    """An application that reads bodies as big as Discord does."""
    return web.Application(client_max_size=MOST_BYTES)


def _unknown(state: State) -> PlainHandler:
    """Refuses what Discord would refuse as it does, and the rest loudly: the double lacks something then."""

    async def refuse(request: web.Request) -> web.Response:
        if (refusal := _as_discord(request.path)) is not None:
            return refusal.answer()
        asked = f"{request.method} {request.path}"
        state.unknown_requests.append(asked)
        return web.json_response({"message": f"the sandbox has no {asked}", "code": 0}, status=501)

    return refuse


def _as_discord(path: str) -> ApiError | None:
    """How Discord refuses what it does not have either; None where it may have it."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    if found["version"] and f"/{found['version']}" not in _VERSIONS:
        return ApiError(400, 50041, "Invalid API version provided.")
    return None if found["resource"] in _RESOURCES else ApiError(404, 0, "404: Not Found")
