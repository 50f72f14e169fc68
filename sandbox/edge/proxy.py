"""The front of one worker: a listener whose address never changes, whatever is deployed behind it."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable

from aiohttp import web

from sandbox.edge.errorpages import COLO, EdgeError, page, stamped
from sandbox.edge.limits import Conditions, Limits
from sandbox.edge.listener import Listener
from sandbox.edge.relay import Answer, Relay
from sandbox.edge.routing import Split

_TRACE = "/cdn-cgi/trace"


class Front:
    """Serves a worker by the split that is set, or says that nothing is here."""

    def __init__(self, conditions: Callable[[], Conditions], limits: Limits) -> None:
        self.split: Split | None = None
        self._conditions = conditions
        self._limits = limits
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        app.on_response_prepare.append(_undecorated)
        self._listener = Listener(app)

    @property
    def url(self) -> str:
        """The public address."""
        host, port = self._listener.address
        return f"http://{host}:{port}"

    async def start(self) -> None:
        """Listen."""
        await self._listener.start()

    async def stop(self) -> None:
        """Stop listening."""
        await self._listener.stop()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(self._conditions().added_rtt_ms / 1000)
        if not request.raw_path.startswith("/"):
            return stamped(web.Response(status=400, text="Only paths are served here.\n"), _ray())
        if request.raw_path.partition("?")[0] == _TRACE:
            return _trace(request)
        if "upgrade" in request.headers.get("Connection", "").lower():
            return stamped(web.Response(status=501, text="Upgrades are not served here.\n"), _ray())
        split = self.split
        if split is None:
            return page(EdgeError.NO_WORKER, request.host, _ray())
        return await Relay(request, split.choose(request.headers), self._limits).run()


async def _undecorated(request: web.Request, answer: web.StreamResponse) -> None:
    """An answer that a worker gave no type has none, though aiohttp would give it one."""
    del request
    if isinstance(answer, Answer) and not answer.typed:
        answer.headers.popall("Content-Type", None)


def _trace(request: web.Request) -> web.Response:
    """What the edge says of itself, without asking the worker."""
    facts = {
        "fl": "0f0",
        "h": request.host,
        "ip": request.remote or "127.0.0.1",
        "ts": f"{time.time():.3f}",
        "visit_scheme": request.scheme,
        "uag": request.headers.get("User-Agent", ""),
        "colo": COLO,
        "sliver": "none",
        "http": "http/1.1",
        "loc": "XX",
        "tls": "off",
        "sni": "off",
        "warp": "off",
        "gateway": "off",
        "rbi": "off",
        "kex": "none",
    }
    text = "".join(f"{key}={value}\n" for key, value in facts.items())
    return stamped(web.Response(text=text, headers={"Cache-Control": "no-cache"}), _ray())


def _ray() -> str:
    return secrets.token_hex(8)
