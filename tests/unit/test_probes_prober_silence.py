"""The prober: every way of not answering becomes a value, in bounded time."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from backstop.model.http import Silence
from backstop.probes.prober import Prober
from tests.unit.asking import BUSY_S, GET, OK, QUICK, ask, silence_of
from tests.unit.loopback import RawServer, Serve, read_request, saying


def _dripping(head: bytes) -> Serve:
    """Send a byte every 20 ms, for ever: no single read ever times out."""

    def serve(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(head)
        pause = threading.Event()
        for _ in range(500):
            connection.sendall(b"x")
            pause.wait(0.02)

    return serve


@pytest.mark.parametrize(
    ("serve", "silence"),
    [
        pytest.param(lambda connection: connection.close(), Silence.RESET, id="hangs up at once"),
        pytest.param(saying(b""), Silence.RESET, id="hangs up after the request"),
        pytest.param(saying(b"no http at all\r\n\r\n"), Silence.BAD_HTTP, id="no HTTP"),
        pytest.param(saying(b"HTTP/1.1 200 OK\r\nX"), Silence.BAD_HTTP, id="half a head"),
        pytest.param(
            saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), Silence.BAD_HTTP, id="body too short"
        ),
        pytest.param(
            saying(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nabc"), Silence.BAD_HTTP, id="odd length"
        ),
        pytest.param(
            saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n"),
            Silence.BAD_HTTP,
            id="broken chunking",
        ),
        pytest.param(
            saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
            Silence.BAD_HTTP,
            id="no last chunk",
        ),
        pytest.param(
            saying(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"),
            Silence.BAD_HTTP,
            id="not gzip",
        ),
        pytest.param(
            saying(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n" * 10_000, b"\r\n"),
            Silence.BAD_HTTP,
            id="10,000 headers",
        ),
        pytest.param(
            saying(b"HTTP/1.1 200 OK\r\nA: ", b"x" * 300_000, b"\r\n\r\n"), Silence.BAD_HTTP, id="huge header"
        ),
        pytest.param(_dripping(b""), Silence.TIMED_OUT, id="drips no HTTP"),
        pytest.param(_dripping(b"HTTP/1.1 200 OK\r\nA: "), Silence.TIMED_OUT, id="drips a header"),
        pytest.param(
            _dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"), Silence.TIMED_OUT, id="drips a body"
        ),
        pytest.param(lambda connection: _stall(connection, b""), Silence.TIMED_OUT, id="never answers"),
        pytest.param(
            lambda connection: _stall(connection, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
            Silence.TIMED_OUT,
            id="stalls mid-body",
        ),
    ],
)
def test_what_is_no_answer_is_named_and_ends_in_time(serve: Serve, silence: Silence) -> None:
    """Hostile servers cost at most the total limit, and no exception."""
    began = time.monotonic()

    exchange = ask(serve)

    assert silence == silence_of(exchange)
    assert time.monotonic() - began < QUICK.total + BUSY_S
    assert exchange.timing.total < QUICK.total + BUSY_S


def _stall(connection: socket.socket, head: bytes) -> None:
    read_request(connection)
    connection.sendall(head)
    connection.recv(1)


def test_endless_informational_answers_end_in_time() -> None:
    """A server that only ever says 100 Continue is timed out."""

    def serve(connection: socket.socket) -> None:
        read_request(connection)
        pause = threading.Event()
        for _ in range(500):
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            pause.wait(0.02)

    assert Silence.TIMED_OUT == silence_of(ask(serve))


def test_a_refused_connection_is_refused() -> None:
    """Nobody listens there."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with Prober(f"http://127.0.0.1:{port}", limits=QUICK) as prober:
        assert Silence.REFUSED == silence_of(prober.ask(GET))


def test_an_unknown_name_is_unresolved(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name without an address is told apart from a host that refuses."""

    def no_name(*_arguments: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_name)
    with Prober("http://bot.invalid", limits=QUICK) as prober:
        assert Silence.UNRESOLVED == silence_of(prober.ask(GET))


def test_a_resolver_that_hangs_is_timed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look-up can't be interrupted, but nobody waits for it."""
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: release.wait(5) and [])
    try:
        with Prober("http://bot.invalid", limits=QUICK) as prober:
            assert Silence.TIMED_OUT == silence_of(prober.ask(GET))
    finally:
        release.set()


def test_https_to_a_plain_server_is_a_tls_failure() -> None:
    """The server answers the handshake with plain HTTP."""
    with RawServer(lambda connection: connection.sendall(OK * 10)) as server:
        url = server.url.replace("http:", "https:")
        with Prober(url, limits=QUICK) as prober:
            assert Silence.TLS == silence_of(prober.ask(GET))
