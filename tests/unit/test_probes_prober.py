"""The prober: every answer becomes a value as it came, and a request is sent as it is."""

from __future__ import annotations

import gzip
import socket
import threading
from contextlib import suppress

import pytest

from backstop.model.errors import UsageError
from backstop.model.http import Answer, Request, Silence
from backstop.model.target import Secret
from backstop.probes.limits import Limits
from backstop.probes.prober import AT_ONCE, Prober
from tests.unit.asking import GET, OK, QUICK, answer_of, ask, silence_of
from tests.unit.loopback import RawServer, Serve, read_request, saying


def _keeping(connection: socket.socket) -> None:
    """Answer OK as often as asked on one connection."""
    while read_request(connection):
        connection.sendall(OK)


def test_an_answer_is_kept_as_it_came() -> None:
    """Status, headers in their own case and order, duplicates, and the body."""
    reply = b"HTTP/1.1 418 Teapot\r\nX-B: 1\r\nx-a: 2\r\nX-B: 3\r\nContent-Length: 3\r\n\r\nabc"

    answer = answer_of(ask(saying(reply)))

    assert (418, b"abc", False) == (answer.status, answer.body, answer.truncated)
    assert (("X-B", "1"), ("x-a", "2"), ("X-B", "3"), ("Content-Length", "3")) == answer.headers
    assert ("1", "3") == answer.all("x-b")


def test_the_second_request_uses_the_same_connection_and_says_so() -> None:
    """A warm exchange has no connect time, a cold one has."""
    with RawServer(_keeping) as server, Prober(server.url) as prober:
        first, second, cold = prober.ask(GET), prober.ask(GET), prober.ask_cold(GET)

    assert (True, False, True) == (first.timing.cold, second.timing.cold, cold.timing.cold)
    assert 2 == server.connections
    for exchange in (first, second, cold):
        assert exchange.timing.first_byte is not None
        assert 0 < exchange.timing.first_byte <= exchange.timing.total


def test_a_huge_body_is_cut_off_at_the_limit() -> None:
    """Of 100 MB only the first thousand bytes are read, and the answer says so."""

    def serve(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
        with suppress(OSError):
            for _ in range(1600):
                connection.sendall(b"x" * 65536)

    answer = answer_of(ask(serve))

    assert (1000, True) == (len(answer.body), answer.truncated)


def test_a_body_of_exactly_the_limit_is_whole() -> None:
    """The limit itself is still allowed."""
    answer = answer_of(ask(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000)))

    assert (1000, False) == (len(answer.body), answer.truncated)


def test_a_compression_bomb_is_cut_off_at_the_limit() -> None:
    """20 MB of zeros in 20 kB are unpacked as far as the limit, no further."""
    bomb = gzip.compress(b"\0" * 20_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()

    answer = answer_of(ask(saying(head + bomb), Limits(total=5, body=200_000)))

    assert (200_000, True) == (len(answer.body), answer.truncated)


def test_gzip_that_nobody_asked_for_is_unpacked() -> None:
    """The body is what the bot meant to say."""
    body = gzip.compress(b"healthy")
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    assert b"healthy" == answer_of(ask(saying(head + body))).body


def test_bytes_that_are_no_utf8_are_kept() -> None:
    """Body and header values survive, whatever their encoding."""
    answer = answer_of(ask(saying(b"HTTP/1.1 200 OK\r\nX: \xff\xe9\r\nContent-Length: 2\r\n\r\n\xff\xfe")))

    assert b"\xff\xfe" == answer.body
    assert "\ufffd\ufffd" == answer.text
    assert "\xff\xe9" == answer.header("x")


def test_redirects_are_not_followed() -> None:
    """A circle of redirects is one answer."""
    reply = b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"
    with RawServer(saying(reply)) as server, Prober(server.url) as prober:
        assert 302 == answer_of(prober.ask(GET)).status
        assert 1 == server.connections


@pytest.mark.parametrize("location", [b"x", b"http://[broken", b"\xff", b"http://h:port/", b"a\x00b"])
def test_a_bad_redirect_is_an_answer_too(location: bytes) -> None:
    """Nobody follows it, so nobody stumbles over it."""
    exchange = ask(saying(b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n"))

    assert not isinstance(exchange.result, Answer) or 302 == exchange.result.status


def test_cookies_are_not_kept() -> None:
    """One probe does not change what the next one sends."""
    heads: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        while head := read_request(connection):
            heads.append(head)
            connection.sendall(OK.replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=b\r\n\r\n"))

    with RawServer(serve) as server, Prober(server.url) as prober:
        prober.ask(GET)
        prober.ask(GET)

    assert 2 == len(heads)
    assert b"cookie" not in heads[1].lower()


def test_target_headers_are_sent_but_not_shown() -> None:
    """A secret goes to the bot and stands nowhere in the exchange."""
    heads: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        heads.append(read_request(connection))
        connection.sendall(OK)

    headers = (("CF-Access-Client-Id", Secret("ACCESS_ID", "opensesame")), ("X-Plain", "1"))
    with RawServer(serve) as server, Prober(server.url, headers) as prober:
        exchange = prober.ask(Request("GET", "/", (("X-Own", "2"),)))

    assert b"cf-access-client-id: opensesame\r\n" in heads[0].lower()
    assert b"x-plain: 1\r\n" in heads[0].lower()
    assert (("X-Own", "2"),) == exchange.request.headers
    assert "opensesame" not in repr(exchange)


def test_target_headers_do_not_go_elsewhere() -> None:
    """An absolute URL of another origin gets no secret."""
    heads: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        heads.append(read_request(connection))
        connection.sendall(OK)

    with (
        RawServer(serve) as server,
        Prober("http://127.0.0.1:9", (("X-Key", Secret("K", "s3cret")),)) as prober,
    ):
        prober.ask(Request("GET", server.url))

    assert b"s3cret" not in heads[0]


def test_duplicate_request_headers_are_sent_as_they_are() -> None:
    """Forged requests may carry a header twice."""
    heads: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        heads.append(read_request(connection))
        connection.sendall(OK)

    ask(serve, request=Request("POST", "/", (("X-Sig", "a"), ("X-Sig", "b"), ("X-Empty", ""))))

    assert 2 == heads[0].lower().count(b"x-sig:")
    assert b"x-empty: \r\n" in heads[0].lower()
    assert b"content-length: 0" in heads[0].lower()


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(Request("GET", "ftp://127.0.0.1/"), id="scheme"),
        pytest.param(Request("GET", "http://127.0.0.1:port/"), id="port"),
        pytest.param(Request("GET", "/", (("X", "a\r\nY: b"),)), id="header injection"),
        pytest.param(Request("GET", "/", (("X", "\U0001f6d1"),)), id="header not ASCII"),
    ],
)
def test_what_is_no_request_is_a_usage_error(request_: Request) -> None:
    """That is our configuration's fault, not the bot's."""
    with (
        RawServer(saying(OK)) as server,
        Prober(server.url, limits=QUICK) as prober,
        pytest.raises(UsageError, match="can't be sent"),
    ):
        prober.ask(request_)


def test_a_kept_connection_that_the_server_closes_is_no_fault_of_the_bot() -> None:
    """A read that meets a connection just being closed is sent again over a new one."""
    answered = threading.Event()

    def serve(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(OK)
        if not answered.is_set():
            answered.set()
            read_request(connection)  # the second request is taken, and dropped

    with RawServer(serve) as server, Prober(server.url, limits=QUICK) as prober:
        first, second = prober.ask(GET), prober.ask(GET)

    assert (200, 200) == (answer_of(first).status, answer_of(second).status)
    assert second.timing.cold


def test_a_dropped_post_is_not_sent_again() -> None:
    """It may have been done."""
    requests: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        while head := read_request(connection):
            requests.append(head)
            if len(requests) > 1:
                return
            connection.sendall(OK)

    with RawServer(serve) as server, Prober(server.url, limits=QUICK) as prober:
        prober.ask(GET)
        exchange = prober.ask(Request("POST", "/", body=b"{}"))

    assert Silence.RESET == silence_of(exchange)
    assert 2 == len(requests)


def _failing_first(times: int) -> Serve:
    """503 for the first requests, then OK."""
    count = 0
    lock = threading.Lock()

    def serve(connection: socket.socket) -> None:
        nonlocal count
        while read_request(connection):
            with lock:
                count += 1
                bad = count <= times
            connection.sendall(OK.replace(b"200 OK", b"503 No") if bad else OK)

    return serve


@pytest.mark.parametrize(
    ("failures", "statuses"), [(0, [200]), (1, [503, 200]), (2, [503, 503])], ids=["well", "once", "always"]
)
def test_a_probe_is_repeated_once_and_every_attempt_kept(failures: int, statuses: list[int]) -> None:
    """A 5xx is asked again once; nothing is asked a third time."""
    with RawServer(_failing_first(failures)) as server, Prober(server.url) as prober:
        attempts = prober.ask_twice(GET)

    assert statuses == [answer_of(exchange).status for exchange in attempts]
    assert list(range(1, len(statuses) + 1)) == [exchange.attempt for exchange in attempts]


def test_a_harmless_post_is_repeated_after_silence_alone() -> None:
    """Whoever sends a PING knows that it may be sent again; a 5xx to it is an answer all the same."""
    post = Request("POST", "/", body=b"{}")
    with RawServer(_failing_first(9)) as server, Prober(server.url) as prober:
        assert 1 == len(prober.ask_twice(post, harmless=True))
    with RawServer(saying(b"")) as silent, Prober(silent.url) as prober:
        assert 1 == len(prober.ask_twice(post))
        assert 2 == len(prober.ask_twice(post, harmless=True))


def test_many_requests_are_answered_in_their_order_a_few_at_once() -> None:
    """Never more than so many at a time, and each answer belongs to its request."""
    lock = threading.Lock()
    now = most = 0

    def serve(connection: socket.socket) -> None:
        nonlocal now, most
        while head := read_request(connection):
            with lock:
                now += 1
                most = max(most, now)
            threading.Event().wait(0.02)
            with lock:
                now -= 1
            path = head.split()[1]
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(path), path))

    requests = [Request("GET", f"/{number}") for number in range(3 * AT_ONCE)]
    with RawServer(serve) as server, Prober(server.url) as prober:
        exchanges = prober.ask_all(requests)

    assert [request.url for request in requests] == [answer_of(exchange).text for exchange in exchanges]
    assert 1 < most <= AT_ONCE


def test_no_requests_are_no_exchanges() -> None:
    """An empty list costs nothing."""
    with Prober("http://127.0.0.1:9") as prober:
        assert () == prober.ask_all(())
        assert () == prober.ask_all_twice(())
