"""An httpx transport over our own sockets; its connections are kept or not, as asked."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import httpcore
import httpx

from backstop.probes.network import BoundedBackend

CONNECTIONS = 16
IDLE_S = 4.0  # shorter than what common servers keep, so that we hang up first


class _Body(httpx.SyncByteStream):
    """The body as httpcore streams it."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class BoundedTransport(httpx.BaseTransport):
    """Raises httpcore's exceptions as they are: they tell more than httpx's."""

    def __init__(self, tls: ssl.SSLContext, *, keep: bool) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls,
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS if keep else 0,
            keepalive_expiry=IDLE_S,
            network_backend=BoundedBackend(),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and return as soon as its headers are there."""
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        sent = httpcore.Request(
            method=request.method,
            url=target,
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        answer = self._pool.handle_request(sent)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions
        )

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()
