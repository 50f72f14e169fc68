"""When each part of a request happened, from httpcore's trace events."""

from __future__ import annotations

import time

from backstop.model.http import Timing

_CONNECT = ("connection.connect_tcp.started", "connection.connect_tcp.complete")
_TLS = ("connection.start_tls.started", "connection.start_tls.complete")
_FIRST_BYTE = ("http11.send_request_headers.started", "http11.receive_response_headers.complete")
_CONTENT = "content"
_EVENTS = frozenset(_CONNECT + _TLS + _FIRST_BYTE)


class Stamps:
    """A trace extension of httpx; made when the request begins."""

    def __init__(self) -> None:
        self._at: dict[str, int] = {}
        self._began = time.perf_counter_ns()

    def __call__(self, event: str, _info: object) -> None:
        """Take one trace event."""
        if event in _EVENTS:
            self._at[event] = time.perf_counter_ns()

    def content(self, came: int) -> None:
        """Take when the first byte of the content came, by ``perf_counter_ns``."""
        self._at[_CONTENT] = came

    def timing(self) -> Timing:
        """The timing if the request ends now. ``connect`` includes the look-up of the name."""
        return Timing(
            total=(time.perf_counter_ns() - self._began) / 1e9,
            first_byte=self._first_byte(),
            connect=self._between(*_CONNECT),
            tls=self._between(*_TLS),
        )

    def _first_byte(self) -> float | None:
        """A bot may send its headers at once, and what was asked for much later."""
        head, content = self._between(*_FIRST_BYTE), self._between(_FIRST_BYTE[0], _CONTENT)
        return head if head is None or content is None else max(head, content)

    def _between(self, start: str, end: str) -> float | None:
        if start not in self._at or end not in self._at:
            return None
        return (self._at[end] - self._at[start]) / 1e9
