"""Where the tailer beside each worker posts the genuine trace events."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.edge.listener import Listener

Receive = Callable[[dict[str, Any]], None]
_MOST_BYTES = 16 * 1024 * 1024


class Collector:
    """A listener on loopback; whoever knows a token may hand in events for it."""

    def __init__(self) -> None:
        self._receivers: dict[str, Receive] = {}
        app = web.Application(client_max_size=_MOST_BYTES)
        app.router.add_post("/{token}", self._take)
        self._listener = Listener(app)

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        return self._listener.address

    async def start(self) -> None:
        """Listen."""
        await self._listener.start()

    async def stop(self) -> None:
        """Stop listening."""
        await self._listener.stop()

    def register(self, token: str, receive: Receive) -> None:
        """Have the events handed in under a token received."""
        self._receivers[token] = receive

    def unregister(self, token: str) -> None:
        """Turn events handed in under a token away from now on."""
        self._receivers.pop(token, None)

    async def _take(self, request: web.Request) -> web.Response:
        receive = self._receivers.get(request.match_info["token"])
        if receive is None:
            return web.Response(status=404)
        for event in json.loads(await request.read()):
            receive(event)
        return web.Response(status=204)
