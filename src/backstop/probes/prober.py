"""The prober: sends requests to one target and tells what came back, whatever that is."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlsplit

import httpcore
import httpx

import backstop
from backstop.deadline import DEADLINE
from backstop.model.errors import UsageError
from backstop.model.http import Answer, Exchange, Headers, NoAnswer, Request, Silence, Timing
from backstop.model.target import Secret
from backstop.probes.body import bounded, decoded
from backstop.probes.budget import Budget, Pace
from backstop.probes.limits import DEFAULT_LIMITS, Limits
from backstop.probes.network import Call, calling
from backstop.probes.patience import Patience
from backstop.probes.silence import TROUBLE, Unbearable, no_answer
from backstop.probes.stamps import Stamps
from backstop.probes.tls import shared_tls
from backstop.probes.transport import BoundedTransport

AT_ONCE = 16
SERVER_ERROR = 500
_FRAMING = 8  # bytes that may come for each byte of a body: chunks of one byte take six
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

_OUT_OF_TIME = NoAnswer(Silence.OUT_OF_TIME, "it was cut short, or not sent any more")

T = TypeVar("T")

Asked = Request | Callable[[], Request]  # a function makes its request when its turn has come: it is fresh


class Prober:
    """Sends to one target. Several threads may use it at once; close it, or use it with ``with``.

    ``headers`` go to the target's own origin only, are added when a request is sent and are not
    part of what an Exchange shows. Redirects are not followed, cookies not kept, proxies not used.
    ``authority`` is PEM of what is trusted besides the usual certificates. Every request is spent from
    ``budget`` first; that wait is no part of an Exchange's times.
    """

    def __init__(
        self,
        base_url: str,
        headers: Sequence[tuple[str, Secret | str]] = (),
        limits: Limits = DEFAULT_LIMITS,
        authority: str = "",
        budget: Budget | None = None,
    ) -> None:
        self.budget = budget or Budget()
        self._base = base_url.rstrip("/")
        self._headers = tuple(headers)
        self._limits = limits
        self._patience: Patience | None = None
        self._on_silence: Callable[[], None] = lambda: None
        self._tls = shared_tls(authority)
        self._warm = BoundedTransport(self._tls, keep=True)
        self._cold = BoundedTransport(self._tls, keep=False)

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

    def patient(self, on_silence: Callable[[], None] = lambda: None) -> Prober:
        """A prober over the same connections that stops asking what never answers, until it is made anew.

        ``on_silence`` is called, by whichever thread, as soon as a request was not answered.
        """
        twin = copy.copy(self)
        twin._patience = Patience()  # noqa: SLF001 - its own
        twin._on_silence = on_silence  # noqa: SLF001 - its own
        return twin

    def apart(self) -> Prober:
        """A prober of the same target and budget with connections of its own, to be closed like this one."""
        twin = copy.copy(self)
        twin._warm = BoundedTransport(self._tls, keep=True)  # noqa: SLF001 - its own
        twin._cold = BoundedTransport(self._tls, keep=False)  # noqa: SLF001 - its own
        return twin

    def ask(self, request: Asked, pace: Pace = Pace.SPREAD) -> Exchange:
        """Send one request, over a kept connection if there is one. ``request.url`` may be a path.

        Network trouble is an Exchange with a NoAnswer. Raises UsageError for what is no request.
        """
        exchange, received = self._send(request, self._warm, pace)
        if _hung_up(exchange, received) and exchange.request.method in _REPEATABLE:
            return self.ask_cold(request, pace)
        return exchange

    def ask_cold(self, request: Asked, pace: Pace = Pace.SPREAD) -> Exchange:
        """Send one request over a new connection."""
        return self._send(request, self._cold, pace)[0]

    def ask_twice(self, request: Asked, *, harmless: bool = False) -> tuple[Exchange, ...]:
        """Send, and once more over a new connection after no answer or a 5xx; every attempt.

        Only what may be repeated is: GET, HEAD, OPTIONS, TRACE, and what is ``harmless`` after no answer.
        """
        first = self.ask(request)
        silent = isinstance(first.result, NoAnswer)
        may = first.request.method in _REPEATABLE or (harmless and silent)
        if not may or not worth_another(first):
            return (first,)
        return first, replace(self.ask_cold(request), attempt=2)

    def ask_all(self, requests: Sequence[Asked], pace: Pace = Pace.SPREAD) -> tuple[Exchange, ...]:
        """Send all, a few at once, and return the exchanges in the same order."""
        return self._together(lambda request: self.ask(request, pace), requests)

    def ask_all_twice(
        self, requests: Sequence[Asked], *, harmless: bool = False
    ) -> tuple[tuple[Exchange, ...], ...]:
        """``ask_twice`` for all, a few at once, in the same order."""
        return self._together(partial(self.ask_twice, harmless=harmless), requests)

    def _together(self, ask: Callable[[Asked], T], requests: Sequence[Asked]) -> tuple[T, ...]:
        if not requests:
            return ()
        pool = ThreadPoolExecutor(min(AT_ONCE, len(requests)), thread_name_prefix="backstop-probe")
        try:
            return tuple(pool.map(ask, requests))
        except KeyboardInterrupt:
            self.budget.abandon()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _send(self, asked: Asked, transport: BoundedTransport, pace: Pace) -> tuple[Exchange, int]:
        """Send once; the exchange, and how many bytes came back.

        The transport is used without a client: that one keeps cookies, and follows a redirect far
        enough to fail over a bad one, although it is told not to.
        """
        shown = self._shown(asked)
        if refusal := self._patience.refusal(shown) if self._patience else None:
            return Exchange(shown, refusal, Timing(0.0), datetime.now(UTC)), 0
        self.budget.spend(pace)
        shown = self._shown(asked)
        if not (left := DEADLINE.left()):
            return Exchange(shown, _OUT_OF_TIME, Timing(0.0), datetime.now(UTC)), 0
        at, call, stamps = datetime.now(UTC), Call(min(self._limits.total, left)), Stamps()
        try:
            built = self._built(shown, stamps)
            with calling(call), closing(transport.handle_request(built)) as response:
                call.expect(_FRAMING * self._limits.body)
                result: Answer | NoAnswer = self._read(response, lambda: stamps.content(call.came))
        except _MISUSE as error:
            message = f"{shown.method} {shown.url} can't be sent: {error}"
            raise UsageError(message, remedy="check the target's url and headers") from error
        except TROUBLE as error:
            result = _OUT_OF_TIME if DEADLINE.passed else no_answer(error, call)
            self._on_silence()
        if self._patience:
            self._patience.note(shown, result)
        return Exchange(shown, result, stamps.timing(), at), call.received

    def _shown(self, asked: Asked) -> Request:
        request = asked() if callable(asked) else asked
        return replace(request, url=self._absolute(request.url))

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

    def _read(self, response: httpx.Response, begun: Callable[[], None]) -> Answer:
        raw = response.headers.raw
        if len(raw) > self._limits.headers:
            message = f"{len(raw)} header lines; wanted at most {self._limits.headers}"
            raise Unbearable(message)
        body, cut = bounded(response.iter_raw(), self._limits.body, begun)
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
    result = exchange.result
    if isinstance(result, NoAnswer):
        return result.silence not in {Silence.NOT_ASKED, Silence.OUT_OF_TIME}
    return result.status >= SERVER_ERROR


def _text(raw: Sequence[tuple[bytes, bytes]]) -> Headers:
    """Header lines as text, whatever their bytes: UTF-8 where it is, else Latin-1."""
    return tuple((_decode(name), _decode(value)) for name, value in raw)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
