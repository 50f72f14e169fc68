"""An aiohttp application on a port of its own on loopback."""

from __future__ import annotations

import ssl

from aiohttp import web

_LOOPBACK = "127.0.0.1"
_STOP_S = 0.2
_LINE_BYTES = 128 * 1024


class Listener:
    """Serves an application; what a client no longer waits for is cancelled, bodies stay as they are."""

    def __init__(self, app: web.Application, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._runner = web.AppRunner(
            app,
            access_log=None,
            auto_decompress=False,
            handler_cancellation=True,
            max_field_size=_LINE_BYTES,
            max_line_size=_LINE_BYTES,
            shutdown_timeout=_STOP_S,
        )

    @property
    def address(self) -> tuple[str, int]:
        """Host and port; only once it is started."""
        host, port = self._runner.addresses[0][:2]
        return str(host), int(port)

    async def start(self) -> None:
        """Listen on a free port."""
        await self._runner.setup()
        await web.TCPSite(self._runner, _LOOPBACK, 0, ssl_context=self._tls).start()

    async def stop(self) -> None:
        """Stop listening and end what is still being served."""
        await self._runner.cleanup()
