"""The front of one worker: a listener whose address never changes, whatever is deployed behind it."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.authority import Authority
from sandbox.edge.errorpages import COLO, EdgeError, page, stamped
from sandbox.edge.limits import Conditions, Limits
from sandbox.edge.listener import Listener
from sandbox.edge.relay import Answer, Relay
from sandbox.edge.routing import Split
from sandbox.edge.secured import Secured, TlsConditions
from sandbox.edge.static import answer_before_worker

_TRACE = "/cdn-cgi/trace"


class Front:
    """Serves a worker by the split that is set, or says that nothing is here."""

    def __init__(self, conditions: Callable[[], Conditions], limits: Limits, authority: Authority) -> None:
        self.split: Split | None = None
        self.secured: Secured | None = None
        self._conditions = conditions
        self._limits = limits
        self._authority = authority
        self._listener = Listener(_app(self._serve))

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
        if self.secured is not None:
            await self.secured.stop()

    async def secure(self, conditions: TlsConditions) -> Secured:
        """Serve over https too, from now on under these conditions; the addresses never change."""
        secured = self.secured or Secured(self._authority, _app(self._serve), _app(self._serve_plain))
        secured.set_conditions(conditions)
        if self.secured is None:
            await secured.start()
            self.secured = secured
        return secured

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(self._conditions().added_rtt_ms / 1000)
        return await self.serve(request)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer a request that is at the edge already: one of a client's, or of another worker's."""
        if not request.raw_path.startswith("/"):
            return stamped(web.Response(status=400, text="Only paths are served here.\n"), _ray())
        if request.raw_path.partition("?")[0] == _TRACE:
            return _trace(request)
        if "upgrade" in request.headers.get("Connection", "").lower():
            return stamped(web.Response(status=501, text="Upgrades are not served here.\n"), _ray())
        split = self.split
        if split is None:
            return page(EdgeError.NO_WORKER, request.host, _ray())
        version = split.choose(request.headers)
        asset = answer_before_worker(request, version.script)
        if asset is not None:
            return stamped(asset, _ray())
        return await Relay(request, version, self._limits).run()

    async def _serve_plain(self, request: web.Request) -> web.StreamResponse:
        """Beside https: what Cloudflare's Always Use HTTPS does, where it is on."""
        secured, path = self.secured, request.raw_path
        if secured is None or not secured.conditions.redirects or not path.startswith("/"):
            return await self._serve(request)
        await asyncio.sleep(self._conditions().added_rtt_ms / 1000)
        moved = {"Location": f"{secured.url}{path}"}
        return stamped(web.Response(status=HTTPStatus.MOVED_PERMANENTLY, headers=moved), _ray())


def _app(serve: Handler) -> web.Application:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", serve)
    app.on_response_prepare.append(_undecorated)
    return app


async def _undecorated(request: web.Request, answer: web.StreamResponse) -> None:
    """An answer that a worker gave no type has none, though aiohttp would give it one."""
    del request
    if isinstance(answer, Answer) and not answer.typed:
        answer.headers.popall("Content-Type", None)


def _trace(request: web.Request) -> web.Response:
    """What the edge says of itself, without asking the worker."""
    secured = request.transport and request.transport.get_extra_info("ssl_object")
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
        "tls": secured.version() if secured else "off",
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
