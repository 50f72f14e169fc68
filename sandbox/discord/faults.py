"""Faults of Discord's API, set from outside: what goes wrong, for which requests, and how often."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True, slots=True)
class ApiFault:
    """An answer in place of the real one.

    ``path`` is a pattern that is searched for in the request's path; ``times`` of None means for ever.
    ``hang_s`` holds the answer back; with ``drop`` the connection is cut instead of an answer.
    """

    method: str = "GET"
    path: str = ""
    times: int | None = None
    status: int = 500
    body: str = '{"message": "500: Internal Server Error", "code": 0}'
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    hang_s: float = 0.0
    drop: bool = False

    def matches(self, request: web.Request) -> bool:
        """Whether the request is one of those that go wrong; the method ``*`` stands for all."""
        return self.method in ("*", request.method) and re.search(self.path, request.path) is not None


class ApiFaults:
    """The faults that are set now."""

    def __init__(self) -> None:
        self._left: list[tuple[ApiFault, int | None]] = []

    def set(self, faults: Sequence[ApiFault]) -> None:
        """Replaces all faults; none for a Discord that works again."""
        self._left = [(fault, fault.times) for fault in faults]

    async def answer(self, request: web.Request) -> web.Response | None:
        """The faulty answer to the request, or None when nothing is wrong with it."""
        fault = self._take(request)
        if fault is None:
            return None
        await asyncio.sleep(fault.hang_s)
        if fault.drop and request.transport:
            request.transport.abort()
        return web.Response(
            status=fault.status, text=fault.body, content_type=fault.content_type, headers=fault.headers
        )

    def _take(self, request: web.Request) -> ApiFault | None:
        for at, (fault, left) in enumerate(self._left):
            if left == 0 or not fault.matches(request):
                continue
            self._left[at] = (fault, None if left is None else left - 1)
            return fault
        return None
