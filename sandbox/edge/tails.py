"""The open tails of all workers: who gets which trace event."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Self

from sandbox.edge.filters import Filter, parse

_MOST_EVENTS = 1000


class Tail:
    """The events of one worker that passed the filters; one reader iterates it until it is closed."""

    def __init__(self, worker: str, wanted: Filter) -> None:
        self.id = secrets.token_hex(16)
        self.worker = worker
        self.dropped = 0
        self._wanted = wanted
        self._events: deque[dict[str, Any]] = deque()
        self._news = asyncio.Event()
        self._closed = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> dict[str, Any]:
        while not self._events:
            if self._closed:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._events.popleft()

    def offer(self, event: dict[str, Any]) -> None:
        """Keep an event that is wanted; ``dropped`` counts those for which there was no room."""
        if self._closed or not self._wanted(event):
            return
        if len(self._events) >= _MOST_EVENTS:
            self.dropped += 1
            return
        self._events.append(event)
        self._news.set()

    def close(self) -> None:
        """Take no more events; the reader still gets those that are here."""
        self._closed = True
        self._news.set()


class Tails:
    """All tails, by id."""

    def __init__(self) -> None:
        self._open: dict[str, Tail] = {}

    def open(self, worker: str, filters: Sequence[Mapping[str, Any]] = ()) -> Tail:
        """Start to collect a worker's events that pass all filters. Raises BadFilter."""
        tail = Tail(worker, parse(filters))
        self._open[tail.id] = tail
        return tail

    def close(self, tail_id: str) -> None:
        """End a tail; one that is not there is ignored."""
        tail = self._open.pop(tail_id, None)
        if tail is not None:
            tail.close()

    def close_all(self) -> None:
        """End every tail."""
        for tail_id in tuple(self._open):
            self.close(tail_id)

    def publish(self, worker: str, event: dict[str, Any]) -> None:
        """Offer an event to every tail of the worker."""
        for tail in self._open.values():
            if tail.worker == worker:
                tail.offer(event)
