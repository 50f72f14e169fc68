"""When the first byte of an answer came, whatever a server does before it: over real connections."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Sequence

import pytest
import trustme

from backstop.model.errors import CouldNotLook
from backstop.model.http import Timing
from backstop.observe.latency import latency
from backstop.observe.sampling import SAMPLES, sample
from backstop.polling import SYSTEM
from backstop.probes.limits import Limits
from backstop.probes.prober import Prober
from tests.unit.asking import GET, OK, answer_of
from tests.unit.loopback import RawServer, Serve, read_request

LATE = 0.2  # seconds
PATIENT = Limits(total=30.0, connect=30.0)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def _pausing(*pieces: bytes) -> Serve:
    """Answer each request with the pieces, so many seconds between two."""

    def serve(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while read_request(connection):
            for number, piece in enumerate(pieces):
                SYSTEM.wait(LATE if number else 0.0)
                connection.sendall(piece)

    return serve


def _timing(*pieces: bytes) -> Timing:
    with RawServer(_pausing(*pieces)) as server, Prober(server.url, limits=PATIENT) as prober:
        exchange = prober.ask(GET)
    assert 200 == answer_of(exchange).status
    return exchange.timing


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param((HEAD, b"ok"), id="headers at once, content late"),
        pytest.param((CHUNKED, b"2\r\nok\r\n0\r\n\r\n"), id="chunks late"),
        pytest.param((HINTS, HEAD + b"ok"), id="early hints"),
        pytest.param((CONTINUE, HEAD + b"ok"), id="continue"),
        pytest.param((HEAD[:20], HEAD[20:] + b"ok"), id="headers in pieces"),
    ],
)
def test_what_comes_before_the_content_is_no_first_byte_of_it(pieces: Sequence[bytes]) -> None:
    """Who shows something at once and answers later is as slow as who shows nothing until then."""
    timing = _timing(*pieces)

    assert timing.first_byte is not None
    assert LATE <= timing.first_byte <= timing.total


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param((HEAD + b"o", b"k"), id="the rest late"),
        pytest.param((CHUNKED + b"1\r\no\r\n", b"1\r\nk\r\n0\r\n\r\n"), id="later chunks late"),
    ],
)
def test_what_comes_after_the_first_byte_is_the_rest(pieces: Sequence[bytes]) -> None:
    """It is in the whole, which Discord waits for."""
    timing = _timing(*pieces)

    assert timing.first_byte is not None
    assert timing.total - timing.first_byte >= LATE / 2


def test_an_answer_without_content_begins_with_its_headers() -> None:
    """There is no more to wait for."""
    with RawServer(_pausing(b"HTTP/1.1 204 No Content\r\n\r\n")) as server, Prober(server.url) as prober:
        timing = prober.ask(GET).timing

    assert timing.first_byte is not None
    assert 0 < timing.first_byte <= timing.total


def test_a_slow_handshake_is_told_apart() -> None:
    """It is in the time of a new connection, and not in that of the answer."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)

    def serve(connection: socket.socket) -> None:
        SYSTEM.wait(LATE)
        with context.wrap_socket(connection, server_side=True) as secured:
            _pausing(OK)(secured)

    with RawServer(serve) as server:
        url = server.url.replace("http://127.0.0.1", "https://localhost")
        trusted = authority.cert_pem.bytes().decode()
        with Prober(url, limits=PATIENT, authority=trusted) as prober:
            cold, warm = prober.ask(GET).timing, prober.ask(GET).timing

    assert cold.tls is not None
    assert cold.first_byte is not None
    assert LATE / 2 <= cold.tls <= cold.total - cold.first_byte
    assert (None, None) == (warm.connect, warm.tls)


@pytest.mark.parametrize("answers", [1, 0], ids=["Connection: close", "hangs up after each"])
def test_a_server_that_keeps_no_connection_gives_no_warm_sample(answers: int) -> None:
    """Each of its times has a connection in it: nothing is said of those over a kept one."""
    closing = OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") if answers else OK

    def serve(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(closing)

    with RawServer(serve) as server, Prober(server.url, limits=PATIENT) as prober:
        sent = sample(prober, GET).sent

    assert SAMPLES == len(sent)
    with pytest.raises(CouldNotLook, match="answered over a new connection, as none was kept open"):
        latency(sent)


def test_a_server_that_closes_a_kept_connection_now_and_then_costs_no_sample_but_that() -> None:
    """What had to be sent over a new one is told apart; nothing is called a failure."""
    count, lock = [0], threading.Lock()

    def serve(connection: socket.socket) -> None:
        while read_request(connection):
            with lock:
                count[0] += 1
                last = count[0] % 7 == 0
            connection.sendall(OK)
            if last:
                return

    with RawServer(serve) as server, Prober(server.url, limits=PATIENT) as prober:
        sent = sample(prober, GET).sent
    found = latency(sent)

    assert {} == found.lost
    assert SAMPLES == len(found.warm) + len(found.cold)
    assert found.cold
