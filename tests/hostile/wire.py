"""HTTP by hand: what a hostile server reads, and the bytes that it answers with."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.unit.loopback import Serve

JSON = b"Content-Type: application/json\r\n"
HTML = b"Content-Type: text/html\r\n"
_MOST = 4 * 1024 * 1024  # bytes of a request that are read; the largest probe has one MiB


@dataclass(frozen=True)
class Odd:
    """How a server behaves, which check must notice, and with which outcome."""

    serve: Serve
    check: str
    outcome: str = "fail"


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    body: bytes


def read(connection: socket.socket) -> Asked | None:
    """Read one request with its body; None when there is none any more."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk or len(data) > _MOST:
            return None
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    missing = _length(head) - len(body)
    while missing > 0 and (chunk := connection.recv(65536)):
        missing -= len(chunk)
        body += chunk
    method, path, _ = head.split(b"\r\n")[0].decode("latin-1").split(" ", 2)
    return Asked(method, path, body)


def _length(head: bytes) -> int:
    lines = (line.partition(b":") for line in head.lower().split(b"\r\n"))
    return min(_MOST, next((int(value) for name, _, value in lines if name == b"content-length"), 0))


def answer(body: bytes = b"{}", status: str = "200 OK", headers: bytes = JSON) -> bytes:
    """A well-formed answer."""
    return b"HTTP/1.1 %b\r\n%bContent-Length: %d\r\n\r\n%b" % (status.encode(), headers, len(body), body)


def as_json(content: Any, status: str = "200 OK", headers: bytes = JSON) -> bytes:
    """A well-formed answer with this content as its JSON."""
    return answer(json.dumps(content).encode(), status, headers)


def keeping(choose: Callable[[Asked], bytes]) -> Serve:
    """Answer every request of a connection with what ``choose`` returns; hang up where that is nothing."""

    def serve(connection: socket.socket) -> None:
        while (asked := read(connection)) is not None:
            told = choose(asked)
            if not told:
                return
            connection.sendall(
                told.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if asked.method == "HEAD" else told
            )

    return serve


def always(told: bytes) -> Serve:
    """Answer every request alike, over kept connections."""
    return keeping(lambda _: told)


def once(*pieces: bytes) -> Serve:
    """Read one request, send the pieces, hang up."""

    def serve(connection: socket.socket) -> None:
        if read(connection) is not None:
            for piece in pieces:
                connection.sendall(piece)

    return serve


def streaming(head: bytes, pieces: Callable[[], Iterator[bytes]]) -> Serve:
    """Read one request, send ``head``, then pieces for as long as somebody takes them."""

    def serve(connection: socket.socket) -> None:
        if read(connection) is not None:
            connection.sendall(head)
            for piece in pieces():
                connection.sendall(piece)

    return serve


def holding(*pieces: bytes) -> Serve:
    """Read one request, send the pieces, and say nothing more until the other side hangs up."""

    def serve(connection: socket.socket) -> None:
        if read(connection) is not None:
            for piece in pieces:
                connection.sendall(piece)
            connection.recv(1)

    return serve


def dripping(head: bytes) -> Serve:
    """A byte a second, for as long as somebody takes them."""

    def drops() -> Iterator[bytes]:
        pause = threading.Event()
        for _ in range(60):
            yield b"x"
            pause.wait(1.0)

    return streaming(head, drops)
