"""One live version: its process, kept running, and the requests that it has open."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

import aiohttp

from sandbox.edge import trace
from sandbox.edge.flight import Flight, Headers, Outcome, Roster
from sandbox.edge.script import Script, StartupError
from sandbox.edge.watchdog import watch
from sandbox.edge.workerd import Launcher, Workerd

Publish = Callable[[str, dict[str, Any]], None]
_CONNECT_S = 5.0
_SCHEDULED_S = 60.0
_LINE_BYTES = 128 * 1024


class LiveVersion:
    """Serves one version from boot to stop; starts its process again when it dies."""

    def __init__(self, script: Script, launcher: Launcher, publish: Publish) -> None:
        self.script = script
        self.token = secrets.token_hex(16)
        self._launcher = launcher
        self._publish = publish
        self._roster = Roster()
        self._process: Workerd | None = None
        self._ready = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._ended = asyncio.Event()
        self._waits_for: tuple[LiveVersion, ...] = ()

    @property
    def session(self) -> aiohttp.ClientSession:
        """The connections to the process; only while the version is live."""
        if self._session is None:
            raise RuntimeError("the version is not live")
        return self._session

    @property
    def pid(self) -> int | None:
        """The process that serves now."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Boot it. Raises StartupError."""
        self._process = await self._launcher.boot(self.script, self.token)
        self._session = _session()
        self._ready.set()
        self._keeper = asyncio.create_task(self._keep(self._process))

    async def stop(self) -> None:
        """End it at once, whatever it is doing; every caller waits for the same end."""
        if self._stopping is None:
            self._stopping = asyncio.create_task(self._stop())
        await asyncio.shield(self._stopping)

    async def _stop(self) -> None:
        if self._keeper:
            self._keeper.cancel()
            await asyncio.wait({self._keeper})
        if self._process:
            await self._process.stop()
        self._ended.set()
        if self._session:
            await self._session.close()

    async def wait_ended(self) -> None:
        """Wait until its process is gone for good."""
        await self._ended.wait()

    def succeed(self, others: Iterable[LiveVersion]) -> None:
        """Serve nothing before these have ended: two must not change the same Durable Objects."""
        self._waits_for = tuple(others)

    async def retire(self) -> None:
        """Let it finish what it has open, for a bounded time, then end it."""
        try:
            async with asyncio.timeout(self._launcher.limits.drain_s):
                while self._roster:
                    await self._roster.idle()
        except TimeoutError:
            pass  # what is still open then is cut off, as at the real edge
        finally:
            await self.stop()

    def begin(self, method: str, url: str, headers: Headers) -> Flight:
        """Register a request that is about to be dispatched."""
        flight = Flight(
            ray=secrets.token_hex(8),
            method=method,
            url=url,
            headers=headers,
            began_ms=time.time_ns() // 1_000_000,
            began=time.monotonic(),
        )
        self._roster.add(flight)
        return flight

    def finish(self, flight: Flight) -> None:
        """The request is answered, or its client is gone."""
        self._roster.answered(flight, time.monotonic())

    def progress(self) -> None:
        """The process answered something."""
        self._roster.progress()

    async def port(self) -> int:
        """Where the process listens, once it does. Raises TimeoutError."""
        process = await self._serving()
        return process.port if process else 0

    async def _serving(self) -> Workerd | None:
        async with asyncio.timeout(self._launcher.limits.boot_s):
            for each in self._waits_for:
                await each.wait_ended()
            self._waits_for = ()
            await self._ready.wait()
        return self._process

    async def scheduled(self, cron: str, at_ms: int) -> Outcome:
        """Have its handler of crons called, as at that time (milliseconds since 1970); how that ended.

        Raises TimeoutError.
        """
        flight = self.begin("SCHEDULED", cron, ())
        try:
            process = await self._serving()
            url = f"http://127.0.0.1:{process.trigger_port if process else 0}/"
            async with asyncio.timeout(_SCHEDULED_S):
                async with self.session.post(url, json={"cron": cron, "scheduledTime": at_ms}) as answer:
                    found = await answer.json(content_type=None)
            return Outcome.of(found.get("outcome"))
        except aiohttp.ClientError:
            return await self._cause_of(flight)
        finally:
            self._roster.traced(flight.ray, Outcome.OK)
            self.finish(flight)

    async def _cause_of(self, flight: Flight) -> Outcome:
        """Why there was no answer: the process is gone, or its connection."""
        done, _ = await asyncio.wait({flight.doom}, timeout=_CONNECT_S)
        return (flight.doom.result() if done else None) or Outcome.UNKNOWN

    def traced(self, event: dict[str, Any]) -> None:
        """Take a genuine trace event in: settle its request and pass it on to the tails."""
        self.progress()
        self._roster.traced(trace.ray_of(event), Outcome.of(event.get("outcome")))
        self._publish(self.script.worker, trace.complete(event, self.script))

    async def _keep(self, process: Workerd) -> None:
        while True:
            outcome = await watch(process, self._roster, self._launcher.limits)
            self._ready.clear()
            for flight in self._roster.bury(outcome):
                event = trace.of_death(flight, outcome)
                self._publish(self.script.worker, trace.complete(event, self.script))
            process = await self._boot_again()
            self._process = process
            self._ready.set()

    async def _boot_again(self) -> Workerd:
        while True:
            try:
                return await self._launcher.boot(self.script, self.token)
            except (OSError, StartupError):
                await self._roster.stirred()  # the next request tries again


class Broken(aiohttp.ClientError):
    """Raised when the connection to a process ended before the head of an answer came."""


async def _once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Send a request once: aiohttp would repeat some by itself, and what kills a process would kill two."""
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise Broken(str(error)) from error


def _session() -> aiohttp.ClientSession:
    # A connection per request: one that is kept could end just when it is used again.
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, force_close=True),
        middlewares=(_once,),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_S),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        max_line_size=_LINE_BYTES,
        max_field_size=_LINE_BYTES,
    )
