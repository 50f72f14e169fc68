"""What goes wrong at a channel's service, set from outside: slow, hanging, redirecting, broken, another's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

SERVICES = ("slack", "discord", "statuspage")
LOSING = "losing"  # of a service that takes the message
_REFUSED = 400
GUARDED = ("slack", "statuspage")  # those that are asked through ``guard``
_HANGS_S = 60.0
_HUGE = 10 * 1024 * 1024
_PAGE = "<!DOCTYPE html><html><body><h1>Sign in to the network</h1></body></html>"
_BUSY = {"slack": 429, "discord": 429, "statuspage": 420}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Trouble:
    """``kind`` is a key of KINDS; ``times`` of None is for ever. The rest is for the kinds that have it."""

    kind: str
    times: int | None = None
    seconds: float = 1.0
    location: str = ""
    status: int = 0

    @classmethod
    def parse(cls, members: Mapping[str, Any]) -> Trouble:
        """From JSON. Raises ValueError for what it can't be."""
        try:
            found = cls(**members)
        except TypeError as error:
            raise ValueError(str(error)) from error
        if found.kind not in KINDS:
            message = f"wanted a kind of {', '.join(KINDS)}; found {found.kind}"
            raise ValueError(message)
        return found


@dataclass(slots=True)
class Troubles:
    """One at a time for each service. ``asked`` counts the requests that met one."""

    now: dict[str, Trouble] = field(default_factory=dict)
    left: dict[str, int | None] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)

    def put(self, service: str, members: Mapping[str, Any] | None) -> None:
        """Set a service's trouble; None for a service that works again. Raises ValueError."""
        if service not in SERVICES:
            message = f"wanted a service of {', '.join(SERVICES)}; found {service}"
            raise ValueError(message)
        if members is not None and members.get("kind") == LOSING and service not in GUARDED:
            message = f"wanted one of {', '.join(GUARDED)} for {LOSING}; found {service}"
            raise ValueError(message)
        self.now.pop(service, None)
        self.asked[service] = 0
        if members is not None:
            self.now[service] = trouble = Trouble.parse(members)
            self.left[service] = trouble.times

    def guard(self, service: str, handler: Handler) -> Handler:
        """The handler, as long as its service has no trouble."""

        async def serve(request: web.Request) -> web.StreamResponse:
            trouble = self.now.get(service)
            if trouble is None or trouble.kind != LOSING:
                return await self.answer(service, request) or await handler(request)
            taken = await handler(request)
            if request.method == "GET" or taken.status >= _REFUSED:
                return taken
            return await self.answer(service, request) or taken

        return serve

    async def answer(self, service: str, request: web.Request) -> web.StreamResponse | None:
        """What comes in the place of an answer; None where nothing is wrong."""
        trouble, left = self.now.get(service), self.left.get(service)
        if trouble is None or left == 0:
            return None
        self.left[service] = None if left is None else left - 1
        self.asked[service] = self.asked.get(service, 0) + 1
        return await KINDS[trouble.kind](trouble, service, request)


async def _slow(trouble: Trouble, _service: str, _request: web.Request) -> None:
    await asyncio.sleep(trouble.seconds)


async def _hanging(_trouble: Trouble, _service: str, request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(_HANGS_S)
    return await _down(_trouble, _service, request)


async def _down(_trouble: Trouble, _service: str, request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _broken(trouble: Trouble, _service: str, _request: web.Request) -> web.StreamResponse:
    return web.Response(status=trouble.status or 503, text="upstream connect error")


async def _redirecting(trouble: Trouble, _service: str, _request: web.Request) -> web.StreamResponse:
    return web.Response(status=trouble.status or 307, headers={"Location": trouble.location})


async def _page(_trouble: Trouble, _service: str, _request: web.Request) -> web.StreamResponse:
    return web.Response(text=_PAGE, content_type="text/html")


async def _huge(_trouble: Trouble, _service: str, _request: web.Request) -> web.StreamResponse:
    return web.Response(text="<html>" + "x" * _HUGE, content_type="text/html")


async def _losing(_trouble: Trouble, _service: str, _request: web.Request) -> web.StreamResponse:
    """The message is taken, and what tells of that is lost on the way."""
    return web.Response(status=502, text="upstream connect error")


async def _busy(trouble: Trouble, service: str, _request: web.Request) -> web.StreamResponse:
    headers = {"Retry-After": f"{trouble.seconds:g}"}
    body = {"message": "You are being rate limited.", "retry_after": trouble.seconds, "global": False}
    return web.json_response(body, status=_BUSY[service], headers=headers)


KINDS: Mapping[str, Callable[[Trouble, str, web.Request], Awaitable[web.StreamResponse | None]]] = {
    "slow": _slow,
    "hanging": _hanging,
    "down": _down,
    "broken": _broken,
    "redirecting": _redirecting,
    "page": _page,
    "huge": _huge,
    "busy": _busy,
    LOSING: _losing,
}
