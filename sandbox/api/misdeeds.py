"""What the API can be made to do to a request: hang, answer something else, drop it, lie, be late, be cut."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, assert_never

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.api.calls import LIE, STALE
from sandbox.api.errors import timed_out
from sandbox.api.responses import failed


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer for some seconds, then a 504; what was asked for is not done, unless ``done``."""

    seconds: float
    done: bool = False


@dataclass(frozen=True, slots=True)
class Say:
    """Another answer; what was asked for is not done, unless ``done``. ``body`` is JSON, or text as it is."""

    status: int
    body: Any
    done: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """The connection is reset; what was asked for is not done, unless ``done``."""

    done: bool = False


@dataclass(frozen=True, slots=True)
class Lie:
    """The answer of success; what was asked for is not done."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A list of deployments without its newest; everything else is done and answered as ever."""


@dataclass(frozen=True, slots=True)
class Truncated:
    """The first half of the answer, as if it were the whole; what was asked for is done."""


Misdeed = Hang | Say | Drop | Lie | Stale | Truncated


async def commit(misdeed: Misdeed, request: web.Request, handler: Handler) -> web.StreamResponse:
    """Do it."""
    match misdeed:
        case Lie():
            request[LIE] = True
            return await handler(request)
        case Stale():
            request[STALE] = True
            return await handler(request)
        case Truncated():
            return _half(await handler(request))
        case Hang() | Say() | Drop():
            if misdeed.done:
                await handler(request)
            return await _instead(misdeed, request)
    assert_never(misdeed)


async def _instead(misdeed: Hang | Say | Drop, request: web.Request) -> web.Response:
    match misdeed:
        case Hang(seconds):
            await asyncio.sleep(seconds)
            return failed(timed_out())
        case Say(status, body):
            if isinstance(body, str):
                return web.Response(status=status, text=body, content_type="text/html")
            return web.json_response(body, status=status)
        case Drop():
            if request.transport:
                request.transport.abort()
            return web.Response()
    assert_never(misdeed)


def _half(answer: web.StreamResponse) -> web.Response:
    whole = (answer.text or "") if isinstance(answer, web.Response) else ""
    half = whole[: len(whole) // 2].encode()
    return web.Response(status=answer.status, body=half, content_type="application/json")
