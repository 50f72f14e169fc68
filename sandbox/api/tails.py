"""Endpoints about tails: made and ended over HTTP, read over a WebSocket whose address is the only secret."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.api.calls import Call
from sandbox.api.errors import ApiError, Code, bad_request, too_many_tails
from sandbox.api.ports import TailPort, TailsPort
from sandbox.api.responses import failed, ok
from sandbox.edge.filters import BadFilter

_LIFE = timedelta(hours=6)
_MOST_PER_WORKER = 10
_PROTOCOL = "trace-v1"
_SEND_S = 10.0


class TailDesk:
    """The open tails, by id."""

    def __init__(self, tails: TailsPort) -> None:
        self._tails = tails
        self._open: dict[str, tuple[str, TailPort]] = {}
        self._sockets: set[web.WebSocketResponse] = set()

    def open(self, worker: str, filters: list[Mapping[str, Any]]) -> str:
        """Open a tail; its id. Raises ApiError when the worker has too many."""
        if sum(1 for name, _ in self._open.values() if name == worker) >= _MOST_PER_WORKER:
            raise too_many_tails(_MOST_PER_WORKER)
        try:
            tail = self._tails.open(worker, filters)
        except BadFilter as error:
            raise bad_request(str(error)) from error
        self._open[tail.id] = (worker, tail)
        return tail.id

    def close(self, tail_id: str) -> None:
        """End a tail; one that is not there is ignored."""
        if self._open.pop(tail_id, None):
            self._tails.close(tail_id)

    async def stop(self) -> None:
        """End all tails and their sockets."""
        for tail_id in list(self._open):
            self.close(tail_id)
        for socket in list(self._sockets):
            await socket.close(code=1001)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The WebSocket of a tail: one text frame per event, until either side ends it."""
        tail_id = request.match_info["tail"]
        if tail_id not in self._open:
            return failed(ApiError(404, Code.BAD_REQUEST, "There is no such tail."))
        socket = web.WebSocketResponse(protocols=(_PROTOCOL,))
        await socket.prepare(request)
        self._sockets.add(socket)
        sender = asyncio.create_task(_send(self._open[tail_id][1], socket))
        try:
            await _until_closed(socket)
        finally:
            self._sockets.discard(socket)
            sender.cancel()
            await asyncio.wait({sender})
            self.close(tail_id)
        return socket


async def _send(tail: TailPort, socket: web.WebSocketResponse) -> None:
    async for event in tail:
        async with asyncio.timeout(_SEND_S):
            await socket.send_str(json.dumps(event))
    await socket.close()


async def _until_closed(socket: web.WebSocketResponse) -> None:
    """The client only ever says whether it wants debug output, which there is none of."""
    async for message in socket:
        if message.type is WSMsgType.ERROR:
            return


DESK = web.AppKey("desk", TailDesk)


async def post_tail(call: Call) -> web.Response:
    """POST S/tails."""
    call.workers.newest(call.name)
    filters = (await call.json_object()).get("filters") or [] if call.request.can_read_body else []
    if not isinstance(filters, list):
        raise bad_request("filters is not a list")
    tail_id = call.request.app[DESK].open(call.name, filters)
    expires = datetime.now(UTC) + _LIFE
    url = f"ws://{call.request.host}/tails/{tail_id}"
    return ok({"id": tail_id, "url": url, "expires_at": expires.isoformat(timespec="seconds")})


async def delete_tail(call: Call) -> web.Response:
    """DELETE S/tails/{tail}."""
    call.request.app[DESK].close(call.part("tail"))
    return ok(None)
