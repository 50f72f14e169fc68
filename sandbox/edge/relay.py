"""Carries one request to a version's process and the answer back, both as streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
from aiohttp import web
from yarl import URL

from sandbox.edge.errorpages import EdgeError, page
from sandbox.edge.flight import Flight, Outcome
from sandbox.edge.headers import decoded, to_client, to_worker
from sandbox.edge.limits import Limits
from sandbox.edge.live import LiveVersion

_ATTEMPTS = 3
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_ANSWER = b"Internal Server Error"
_ERROR_STATUS = 500
_DOOM_S = 2.0
_PIECE = 16 * 1024  # bytes
_LARGE = 64 * 1024  # bytes; what is smaller is with the worker before it can answer
_PAGES: dict[Outcome | None, EdgeError] = {Outcome.UNKNOWN: EdgeError.EXCEPTION}


class Answer(web.StreamResponse):
    """A worker's own answer; ``typed`` says whether the worker gave it a content type."""

    typed = True


class _Again(Exception):
    """Raised when a request met the end of a process that it did not cause, and may be sent again."""


@dataclass(frozen=True, slots=True)
class Relay:
    """One request on its way to one version."""

    request: web.Request
    version: LiveVersion
    limits: Limits

    async def run(self) -> web.StreamResponse:
        """The answer; by the edge itself when the worker has none."""
        for _ in range(_ATTEMPTS):
            flight = self._begin()
            try:
                return await self._attempt(flight)
            except _Again:
                continue
            finally:
                self.version.finish(flight)
        return self._page(EdgeError.RESOURCES, flight)

    def _begin(self) -> Flight:
        url = f"{self.request.scheme}://{self.request.host}{self.request.raw_path}"
        return self.version.begin(self.request.method, url, decoded(self.request.raw_headers))

    async def _attempt(self, flight: Flight) -> web.StreamResponse:
        try:
            upstream = await self._ask(flight)
        except TimeoutError:
            return self._page(EdgeError.TIMED_OUT, flight)
        except aiohttp.ClientError as error:
            return await self._without_answer(
                flight, sent=not isinstance(error, aiohttp.ClientConnectorError)
            )
        async with upstream:
            self.version.progress()
            if await self._threw(upstream, flight):
                return self._page(EdgeError.EXCEPTION, flight)
            return await self._pass_on(upstream, flight)

    async def _ask(self, flight: Flight) -> aiohttp.ClientResponse:
        """Send the request; the answer once its head is here."""
        async with asyncio.timeout(self.limits.response_s):
            port = await self.version.port()
            return await self.version.session.request(
                self.request.method,
                URL(f"http://127.0.0.1:{port}{self.request.raw_path}", encoded=True),
                headers=to_worker(
                    flight.headers, flight.ray, self.request.remote or "127.0.0.1", self.request.scheme
                ),
                data=self._body() if self.request.body_exists else None,
                allow_redirects=False,
                expect100=self._is_large(),
            )

    async def _body(self) -> AsyncIterator[bytes]:
        """The body piece by piece; between two pieces an answer that came early is taken in."""
        async for piece in self.request.content.iter_chunked(_PIECE):
            yield piece
            await asyncio.sleep(0)

    def _is_large(self) -> bool:
        """Whether the worker is asked before the body is sent.

        One that answers without reading it closes the connection, and what is under way then destroys
        the answer.
        """
        length = self.request.content_length
        return self.request.body_exists and (length is None or length > _LARGE)

    async def _threw(self, upstream: aiohttp.ClientResponse, flight: Flight) -> bool:
        """Whether this is workerd's own answer to an uncaught exception, not one that the worker made."""
        if upstream.status != _ERROR_STATUS or "Content-Type" in upstream.headers:
            return False
        if upstream.content_length != len(_OWN_ANSWER):
            return False
        done, _ = await asyncio.wait({flight.trace}, timeout=self.limits.trace_s)
        return not done or flight.trace.result() is Outcome.EXCEPTION

    async def _pass_on(self, upstream: aiohttp.ClientResponse, flight: Flight) -> web.StreamResponse:
        answer = Answer(
            status=upstream.status,
            reason=upstream.reason,
            headers=to_client(decoded(upstream.raw_headers), flight.ray),
        )
        answer.typed = "Content-Type" in upstream.headers
        try:
            await answer.prepare(self.request)
            async for chunk in upstream.content.iter_any():
                self.version.progress()
                await answer.write(chunk)
            await answer.write_eof()
        except (aiohttp.ClientError, ConnectionError):
            self._cut_off()
        return answer

    async def _without_answer(self, flight: Flight, *, sent: bool) -> web.Response:
        """The process is gone, or its connection: who is to blame decides what the client sees."""
        done, _ = await asyncio.wait({flight.doom}, timeout=_DOOM_S)
        cause = flight.doom.result() if done else None
        if cause is None and (not sent or self._repeatable()):
            raise _Again
        error = EdgeError.UNKNOWN if not done else _PAGES.get(cause, EdgeError.RESOURCES)
        return self._page(error, flight)

    def _repeatable(self) -> bool:
        return self.request.method in _SAFE and not self.request.body_exists

    def _cut_off(self) -> None:
        """Let the client see that the answer is not whole."""
        if self.request.transport is not None:
            self.request.transport.abort()

    def _page(self, error: EdgeError, flight: Flight) -> web.Response:
        return page(error, self.request.host, flight.ray)
