"""The network between a session and the sandbox, which can be lost: nothing gets through or is refused."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

_LIMIT = 10.0  # seconds for what this thread asks of the other
_CHUNK = 64 * 1024  # bytes
_PEER_GONE = (ConnectionError, asyncio.IncompleteReadError, OSError)

T = TypeVar("T")


class Network:
    """Relays on loopback, in a thread of their own; open one with ``network``."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._up = asyncio.Event()
        self._up.set()
        self._servers: list[asyncio.Server] = []
        self._connections: set[asyncio.Task[None]] = set()

    def through(self, url: str) -> str:
        """The same address as ``url``, by way of this network."""
        parts = urlsplit(url)
        port = self._ask(self._listen(parts.hostname or "", parts.port or 80))
        return urlunsplit(parts._replace(netloc=f"127.0.0.1:{port}"))

    @contextmanager
    def lost(self) -> Iterator[None]:
        """Let nothing through for as long as the context lasts; what was sent gets there after it."""
        self._loop.call_soon_threadsafe(self._up.clear)
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._up.set)

    def close(self) -> None:
        """End every relay."""
        self._ask(self._end())

    def _ask(self, wanted: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(wanted, self._loop).result(_LIMIT)

    async def _listen(self, host: str, port: int) -> int:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            if task is not None:
                self._connections.add(task)
                task.add_done_callback(self._connections.discard)
            with suppress(*_PEER_GONE):
                await self._relay(reader, writer, host, port)

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        self._servers.append(server)
        found: int = server.sockets[0].getsockname()[1]
        return found

    async def _relay(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int
    ) -> None:
        try:
            await self._up.wait()
            there, back = await asyncio.open_connection(host, port)
            try:
                await asyncio.gather(self._pump(reader, back), self._pump(there, writer))
            finally:
                back.close()
        finally:
            writer.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(_CHUNK):
            await self._up.wait()
            sink.write(data)
            await sink.drain()
        await self._up.wait()
        sink.close()

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)


@contextmanager
def network() -> Iterator[Network]:
    """A network that is there; all of it is gone after the context."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="soak-network", daemon=True)
    thread.start()
    made = Network(loop)
    try:
        yield made
    finally:
        made.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_LIMIT)
        loop.close()
