"""How far away the doubles of Cloudflare's API and of Discord are."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware


@dataclass(slots=True)
class Distance:
    """``rtt_ms`` is the round-trip time that is added to every request, in milliseconds."""

    rtt_ms: float = 0.0


def from_afar(distance: Distance, *nearby: str) -> Middleware:
    """Answers later by the round-trip time; paths that begin as one of ``nearby`` are answered at once."""

    @web.middleware
    async def wait(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(nearby):
            await asyncio.sleep(distance.rtt_ms / 1000)
        return await handler(request)

    return wait
