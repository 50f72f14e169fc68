"""What every request to the API passes before its handler: firewall, token, limits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from secrets import compare_digest

from aiohttp import web

from sandbox.discord.errors import ApiError, blocked_by_firewall, unauthorized
from sandbox.discord.limits import Rate, ban_page
from sandbox.discord.models import State

_MAJOR = ("channel", "guild", "token")

Handler = Callable[[State, web.Request], Awaitable[web.StreamResponse]]
PlainHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One thing that the API can do. An ``open`` one needs no bot token."""

    method: str
    path: str
    handler: Handler
    rate: Rate
    open: bool = False


def guarded(state: State, endpoint: Endpoint) -> PlainHandler:
    """The handler behind its gate; counts what Discord counts."""

    async def serve(request: web.Request) -> web.StreamResponse:
        answer = await _answer(state, endpoint, request)
        state.limits.count(answer.status, answer.headers.get("X-RateLimit-Scope", ""))
        return answer

    return serve


async def _answer(state: State, endpoint: Endpoint, request: web.Request) -> web.StreamResponse:
    if state.limits.banned:
        return ban_page()
    faulty = await state.faults.answer(request)
    if faulty is not None:
        return faulty
    try:
        _check_client(state, endpoint, request)
    except ApiError as error:
        return error.answer()
    return await _limited(state, endpoint, request)


def _check_client(state: State, endpoint: Endpoint, request: web.Request) -> None:
    if not request.headers.get("User-Agent"):
        raise blocked_by_firewall()
    given = request.headers.get("Authorization", "").encode()
    if not endpoint.open and not compare_digest(given, f"Bot {state.credentials.token}".encode()):
        raise unauthorized()


async def _limited(state: State, endpoint: Endpoint, request: web.Request) -> web.StreamResponse:
    exceeded = None if endpoint.open else state.limits.take_global()
    if exceeded is not None:
        return exceeded
    bucket, exceeded = state.limits.take(_route(endpoint, request), endpoint.rate)
    if exceeded is not None:
        return exceeded
    try:
        answer: web.StreamResponse = await endpoint.handler(state, request)
    except ApiError as error:
        answer = error.answer()
    answer.headers.update(state.limits.headers(bucket))
    return answer


def _route(endpoint: Endpoint, request: web.Request) -> str:
    """Requests of one route share a bucket, apart for each channel, guild and webhook."""
    major = [request.match_info[name] for name in _MAJOR if name in request.match_info]
    return " ".join((endpoint.method, endpoint.path, *major))
