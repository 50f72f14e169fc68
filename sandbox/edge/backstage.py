"""What bindings lead to: one listener on loopback that workerd asks on a bot's behalf."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.edge import static
from sandbox.edge.assets import Assets
from sandbox.edge.listener import Listener
from sandbox.edge.wires import LEADS_TO
from sandbox.kv.namespace import Namespaces
from sandbox.kv.wire import answer

_MOST_BYTES = (
    32 * 1024 * 1024
)  # more than the largest value of a KV namespace, which refuses in its own words
Neighbour = Callable[[str, web.Request], Awaitable[web.StreamResponse]]


class Backstage:
    """Serves KV from ``namespaces``; what is meant for another worker goes to ``neighbour`` with its name."""

    def __init__(self, namespaces: Namespaces, neighbour: Neighbour) -> None:
        self._namespaces = namespaces
        self._neighbour = neighbour
        self._assets: dict[str, Assets] = {}
        app = web.Application(client_max_size=_MOST_BYTES)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._listener = Listener(app)

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        return self._listener.address

    def show(self, token: str, assets: Assets | None) -> None:
        """Serve the static assets of the process with this token, if it has any."""
        if assets is not None:
            self._assets[token] = assets

    def hide(self, token: str) -> None:
        """Serve them no longer."""
        self._assets.pop(token, None)

    async def start(self) -> None:
        """Listen."""
        await self._listener.start()

    async def stop(self) -> None:
        """Stop listening."""
        await self._listener.stop()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        kind, _, target = request.headers.get(LEADS_TO, "").partition(" ")
        if kind == "kv":
            return await answer(request, self._namespaces.get(target))
        if kind == "assets":
            assets = self._assets.get(target)
            return static.answer(request, assets) if assets else web.Response(status=404)
        if kind == "service":
            return await self._neighbour(target, request)
        return web.Response(status=404)
