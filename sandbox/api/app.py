"""The web application of the API double."""

from __future__ import annotations

import logging
import time
from collections import deque

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.api.calls import WORKERS, unknown
from sandbox.api.faults import Faults
from sandbox.api.misdeeds import commit
from sandbox.api.routes import BASE, endpoints
from sandbox.api.tails import DESK, TailDesk
from sandbox.api.workers import Workers
from sandbox.distance import Distance, from_afar

MOST_UPLOAD_BYTES = 64 * 1024 * 1024
CONTROL = "/sandbox"  # what the sandbox itself is told, beside the API
_MOST_REMEMBERED = 1000
_LOG = logging.getLogger("sandbox.api")
_NO_ROUTE = (web.HTTPNotFound, web.HTTPMethodNotAllowed)


class Unknown:
    """The requests that no endpoint took; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._seen: deque[str] = deque(maxlen=_MOST_REMEMBERED)

    def add(self, request: web.Request) -> None:
        """Remember one."""
        self._seen.append(f"{request.method} {request.path}")
        _LOG.warning("unknown endpoint: %s %s", request.method, request.path)

    def all(self) -> list[str]:
        """Method and path of each, oldest first."""
        return list(self._seen)


def build(
    workers: Workers, desk: TailDesk, faults: Faults, unknowns: Unknown, distance: Distance
) -> web.Application:
    """The application with every endpoint; what is set in ``faults`` is done to its requests."""
    app = web.Application(
        middlewares=[from_afar(distance, CONTROL), _recorder(unknowns), _misbehaviour(faults)],
        client_max_size=MOST_UPLOAD_BYTES,
    )
    app[WORKERS] = workers
    app[DESK] = desk
    for route in endpoints():
        route.bind(app)
    app.router.add_get("/tails/{tail}", desk.serve)
    return app


def _recorder(unknowns: Unknown) -> Middleware:
    @web.middleware
    async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
        if isinstance(request.match_info.http_exception, _NO_ROUTE):
            unknowns.add(request)
            return unknown(request)
        started = time.perf_counter()
        response = await handler(request)
        spent_ms = 1000 * (time.perf_counter() - started)
        _LOG.info("%s %s %s %.1f ms", request.method, request.path_qs, response.status, spent_ms)
        return response

    return record


def _misbehaviour(faults: Faults) -> Middleware:
    @web.middleware
    async def misbehave(request: web.Request, handler: Handler) -> web.StreamResponse:
        misdeed = faults.take(request) if request.path.startswith(BASE) else None
        return await commit(misdeed, request, handler) if misdeed else await handler(request)

    return misbehave
