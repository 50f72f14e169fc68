"""Sockets that keep to the time limit of the whole request.

httpx limits each read, so a peer that drips one byte a second is never timed out. Here every
operation on a socket is given only what is left of the request's total.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore

ADDRESSES = 4  # of one name, tried in turn
_HEAD = 128 * 1024  # bytes of an answer before its body: provisional answers count as well


class Unresolved(httpcore.ConnectError):
    """Raised when a host name has no address."""


class Call:
    """One request in flight: how many seconds it has left, how many bytes came back, and may come.

    ``came`` is when the last of them did, by ``perf_counter_ns``.
    """

    def __init__(self, seconds: float) -> None:
        self._began = time.monotonic()
        self._seconds = seconds
        self._bytes = _HEAD
        self.received = 0
        self.came = 0

    def expect(self, more: int) -> None:
        """Let so many more bytes come: the head is there, now its body may."""
        self._bytes += more

    def take(self, count: int) -> None:
        """Count what came. Raises httpcore.RemoteProtocolError when it is more than may."""
        self.received += count
        self.came = time.perf_counter_ns()
        if self.received > self._bytes:
            message = f"more than {self._bytes} bytes, and still no end"
            raise httpcore.RemoteProtocolError(message)

    def spent(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._began

    def left(self) -> float:
        """Seconds until the total limit of this request, never negative."""
        return max(0.0, self._seconds - self.spent())


_CALL: ContextVar[Call | None] = ContextVar("call", default=None)


@contextmanager
def calling(call: Call) -> Iterator[None]:
    """Make ``call`` the limit of all sockets used by this thread."""
    token = _CALL.set(call)
    try:
        yield
    finally:
        _CALL.reset(token)


class BoundedStream(httpcore.NetworkStream):
    """A connection whose every operation ends when the request of this thread must."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read once. Raises httpcore.ReadTimeout, also when the total is used up.

        Raises httpcore.RemoteProtocolError for more than any answer may have.
        """
        data = self._inner.read(max_bytes, _seconds(timeout, httpcore.ReadTimeout))
        if call := _CALL.get():
            call.take(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write in pieces, so that a peer that reads slowly can't stretch the total."""
        for start in range(0, len(buffer), 65536):
            piece = buffer[start : start + 65536]
            self._inner.write(piece, _seconds(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Shake hands. Raises httpcore.ConnectError or ConnectTimeout."""
        seconds = _seconds(timeout, httpcore.ConnectTimeout)
        return BoundedStream(self._inner.start_tls(ssl_context, server_hostname, seconds))

    def get_extra_info(self, info: str) -> Any:
        """What the connection underneath says of itself."""
        return self._inner.get_extra_info(info)


class BoundedBackend(httpcore.NetworkBackend):
    """Opens connections within the limit of the request, the look-up of the name included."""

    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Try each address in turn. Raises Unresolved, httpcore.ConnectError or ConnectTimeout."""
        limit = Call(_seconds(timeout, httpcore.ConnectTimeout))
        addresses = _addresses(host, port, limit.left())
        for position, address in enumerate(addresses, start=1):
            share = limit.left() / (len(addresses) - position + 1)
            try:
                inner = self._inner.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if position == len(addresses):
                    raise
            else:
                return BoundedStream(inner)
        message = f"{host} has no address"
        raise Unresolved(message)


def _seconds(timeout: float | None, error: type[httpcore.TimeoutException]) -> float:
    call = _CALL.get()
    left = call.left() if call else timeout
    if left is None or left <= 0:
        message = "the time limit of the whole request is used up"
        raise error(message)
    return left if timeout is None else min(timeout, left)


def _addresses(host: str, port: int, seconds: float) -> list[str]:
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        return _look_up(host, port, seconds)


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    """Resolve in a thread: getaddrinfo knows no time limit and can't be interrupted."""
    answers: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def resolve() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([str(entry[4][0]) for entry in found][:ADDRESSES])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=resolve, name="backstop-resolver", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        message = f"looking up {host} took more than {seconds:.1f} s"
        raise httpcore.ConnectTimeout(message) from None
    if isinstance(answer, Exception):
        message = f"{host}: {answer}"
        raise Unresolved(message) from answer
    return answer
