"""The prober: sends requests to one target and tells what came back, whatever that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlsplit

import httpcore
import httpx

import backstop
from backstop.model.errors import UsageError
from backstop.model.http import Answer, Exchange, Headers, NoAnswer, Request, Silence
from backstop.model.target import Secret
from backstop.probes.body import bounded, decoded
from backstop.probes.limits import DEFAULT_LIMITS, Limits
from backstop.probes.network import Call, calling
from backstop.probes.silence import TROUBLE, Unbearable, no_answer
from backstop.probes.stamps import Stamps
from backstop.probes.tls import shared_tls
from backstop.probes.transport import BoundedTransport

AT_ONCE = 16
SERVER_ERROR = 500
_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OWN_HEADERS = (
    ("Accept", "*/*"),
    ("Accept-Encoding", "identity"),
    ("User-Agent", f"backstop/{backstop.__version__}"),
)
_MISUSE = (
    httpx.InvalidURL,
    httpx.UnsupportedProtocol,
    httpcore.UnsupportedProtocol,
    httpcore.LocalProtocolError,
    UnicodeError,
)

T = TypeVar("T")


class Prober:
    """Sends to one target. Several threads may use it at once; close it, or use it with ``with``.

    ``headers`` go to the target's own origin only, are added when a request is sent and are not
    part of what an Exchange shows. Redirects are not followed, cookies not kept, proxies not used.
    """

    def __init__(
        self,
        base_url: str,
        headers: Sequence[tuple[str, Secret | str]] = (),
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._headers = tuple(headers)
        self._limits = limits
        self._warm = BoundedTransport(shared_tls(), keep=True)
        self._cold = BoundedTransport(shared_tls(), keep=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._warm.close()
        self._cold.close()

    def ask(self, request: Request) -> Exchange:
        """Send one request, over a kept connection if there is one. ``request.url`` may be a path.

        Network trouble is an Exchange with a NoAnswer. Raises UsageError for what is no request.
        """
        exchange, received = self._send(request, self._warm)
        if _hung_up(exchange, received) and request.method in _REPEATABLE:
            return self.ask_cold(request)
        return exchange

    def ask_cold(self, request: Request) -> Exchange:
        """Send one request over a new connection."""
        return self._send(request, self._cold)[0]

    def ask_twice(self, request: Request, *, repeatable: bool | None = None) -> tuple[Exchange, ...]:
        """Send, and once more over a new connection after no answer or a 5xx; every attempt.

        Only what may be repeated is: unless ``repeatable`` says otherwise, GET, HEAD, OPTIONS, TRACE.
        """
        first = self.ask(request)
        may = request.method in _REPEATABLE if repeatable is None else repeatable
        if not may or not worth_another(first):
            return (first,)
        return first, replace(self.ask_cold(request), attempt=2)

    def ask_all(self, requests: Sequence[Request]) -> tuple[Exchange, ...]:
        """Send all, a few at once, and return the exchanges in the same order."""
        return _together(self.ask, requests)

    def ask_all_twice(self, requests: Sequence[Request]) -> tuple[tuple[Exchange, ...], ...]:
        """``ask_twice`` for all, a few at once, in the same order."""
        return _together(self.ask_twice, requests)

    def _send(self, request: Request, transport: BoundedTransport) -> tuple[Exchange, int]:
        """Send once; the exchange, and how many bytes came back.

        The transport is used without a client: that one keeps cookies, and follows a redirect far
        enough to fail over a bad one, although it is told not to.
        """
        shown = replace(request, url=self._absolute(request.url))
        at, call, stamps = datetime.now(UTC), Call(self._limits.total), Stamps()
        try:
            built = self._built(shown, stamps)
            with calling(call), closing(transport.handle_request(built)) as response:
                result: Answer | NoAnswer = self._read(response)
        except _MISUSE as error:
            message = f"{request.method} {shown.url} can't be sent: {error}"
            raise UsageError(message, remedy="check the target's url and headers") from error
        except TROUBLE as error:
            result = no_answer(error, call)
        return Exchange(shown, result, stamps.timing(), at), call.received

    def _built(self, request: Request, stamps: Stamps) -> httpx.Request:
        """The request with the target's headers; its own headers win over them, and over ours."""
        headers = list(request.headers)
        for more in (self._revealed(request.url), _OWN_HEADERS):
            given = {name.lower() for name, _value in headers}
            headers += [pair for pair in more if pair[0].lower() not in given]
        timeout = httpx.Timeout(self._limits.total, connect=self._limits.connect)
        return httpx.Request(
            request.method,
            request.url,
            headers=headers,
            content=request.body,
            extensions={"trace": stamps, "timeout": timeout.as_dict()},
        )

    def _read(self, response: httpx.Response) -> Answer:
        raw = response.headers.raw
        if len(raw) > self._limits.headers:
            message = f"{len(raw)} header lines; wanted at most {self._limits.headers}"
            raise Unbearable(message)
        body, cut = bounded(response.iter_raw(), self._limits.body)
        encoding = response.headers.get("content-encoding", "")
        plain, cut_again = decoded(body, encoding, self._limits.body)
        return Answer(response.status_code, _text(raw), plain, truncated=cut or cut_again)

    def _absolute(self, url: str) -> str:
        return self._base + url if url.startswith("/") else url or self._base

    def _revealed(self, url: str) -> list[tuple[str, str]]:
        """The target's headers, for a URL of the target only: a secret must not leave it."""
        if urlsplit(url)[:2] != urlsplit(self._base)[:2]:
            return []
        return [(name, value.value if isinstance(value, Secret) else value) for name, value in self._headers]


def _hung_up(exchange: Exchange, received: int) -> bool:
    """Whether a kept connection was closed under us: that says nothing of the bot."""
    result = exchange.result
    broken = isinstance(result, NoAnswer) and result.silence is Silence.RESET
    return broken and not exchange.timing.cold and received == 0


def worth_another(exchange: Exchange) -> bool:
    """Whether there was no answer, or a 5xx: what may pass by itself."""
    return isinstance(exchange.result, NoAnswer) or exchange.result.status >= SERVER_ERROR


def _text(raw: Sequence[tuple[bytes, bytes]]) -> Headers:
    """Header lines as text, whatever their bytes: UTF-8 where it is, else Latin-1."""
    return tuple((_decode(name), _decode(value)) for name, value in raw)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _together(ask: Callable[[Request], T], requests: Sequence[Request]) -> tuple[T, ...]:
    if not requests:
        return ()
    pool = ThreadPoolExecutor(min(AT_ONCE, len(requests)), thread_name_prefix="backstop-probe")
    try:
        return tuple(pool.map(ask, requests))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
