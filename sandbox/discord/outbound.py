"""Where the outgoing requests of workers arrive, whatever host they were meant for."""

from __future__ import annotations

from aiohttp import web

from sandbox.discord.gate import PlainHandler
from sandbox.discord.models import State
from sandbox.discord.rest import add_discord, new_app

HOSTS = ("discord.com", "canary.discord.com", "ptb.discord.com", "discordapp.com")


def outbound_app(state: State) -> web.Application:
    """Discord's hosts lead to its double; there is no way out of the sandbox for the rest."""
    app = web.Application()
    for host in HOSTS:
        site = new_app()
        add_discord(site, state)
        app.add_domain(host, site)
    app.router.add_route("*", "/{anything:.*}", _nowhere(state))
    return app


def _nowhere(state: State) -> PlainHandler:
    async def refuse(request: web.Request) -> web.Response:
        asked = f"{request.method} https://{request.host}{request.path}"
        state.unknown_requests.append(asked)
        return web.Response(status=502, text=f"the sandbox leads nowhere else: {asked}\n")

    return refuse
