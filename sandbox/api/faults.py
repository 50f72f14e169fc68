"""Makes the API misbehave on demand: hang, answer something else, drop the connection, lie."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.api.calls import LIE
from sandbox.api.errors import timed_out
from sandbox.api.responses import failed

MOST_HANG_S = 600.0
_MOST_FAULTS = 100


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer for some seconds, then a 504; what was asked for is not done."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Say:
    """Another answer; what was asked for is not done. ``body`` is JSON, or text as it is."""

    status: int
    body: Any


@dataclass(frozen=True, slots=True)
class Drop:
    """The connection is reset; what was asked for is not done."""


@dataclass(frozen=True, slots=True)
class Lie:
    """The answer of success; what was asked for is not done."""


Misdeed = Hang | Say | Drop | Lie


@dataclass(slots=True)
class Fault:
    """A misdeed that waits for its next ``times`` requests."""

    method: str
    path: re.Pattern[str]
    times: int
    misdeed: Misdeed

    def meets(self, request: web.Request) -> bool:
        """Whether this request is one of those."""
        return (
            self.times > 0
            and self.method in {"*", request.method}
            and bool(self.path.search(request.path_qs))
        )


class Faults:
    """The faults that are set, in order; the first that fits acts."""

    def __init__(self) -> None:
        self._set: list[Fault] = []

    def replace(self, entries: object) -> int:
        """Set these and no others; how many. Raises ValueError with what is wrong."""
        if not isinstance(entries, list) or len(entries) > _MOST_FAULTS:
            message = f"faults must be a list of at most {_MOST_FAULTS}"
            raise ValueError(message)
        self._set = [_read(entry) for entry in entries]
        return len(self._set)

    def take(self, request: web.Request) -> Misdeed | None:
        """What to do to this request instead of answering it; counted as done."""
        for fault in self._set:
            if fault.meets(request):
                fault.times -= 1
                return fault.misdeed
        return None


async def commit(misdeed: Misdeed, request: web.Request, handler: Handler) -> web.StreamResponse:
    """Do it."""
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
        case Lie():
            request[LIE] = True
            return await handler(request)
    assert_never(misdeed)


def _read(entry: object) -> Fault:
    try:
        if not isinstance(entry, dict):
            raise TypeError(entry)  # noqa: TRY301 - one message for all that a fault can lack
        pattern = re.compile(str(entry["path"]))
        times = max(0, int(entry.get("times", 1)))
        return Fault(str(entry.get("method", "*")).upper(), pattern, times, _misdeed(entry["answer"]))
    except (KeyError, TypeError, ValueError, re.error) as error:
        message = f"a fault is {{method, path, times, answer}}; found {entry!r} ({error!r})"
        raise ValueError(message) from error


def _misdeed(answer: Mapping[str, Any]) -> Misdeed:
    if "hang_s" in answer:
        return Hang(min(float(answer["hang_s"]), MOST_HANG_S))
    if "status" in answer:
        return Say(int(answer["status"]), answer.get("body", ""))
    if answer.get("drop"):
        return Drop()
    if answer.get("lie"):
        return Lie()
    raise ValueError(answer)
