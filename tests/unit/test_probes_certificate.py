"""TLS as a target offers it: against a real server, with a certificate made for the test."""

from __future__ import annotations

import socket
import ssl
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from backstop.model.errors import CouldNotLook
from backstop.probes import certificate
from backstop.probes.certificate import Handshake, plain_address, shake_hands, speaks_old_tls
from backstop.probes.tls import shared_tls
from tests.unit.asking import OK
from tests.unit.loopback import RawServer

AUTHORITY = trustme.CA()
TRUSTING = shared_tls(AUTHORITY.cert_pem.bytes().decode())
Shake = Callable[[socket.socket], None]


@contextmanager
def _server(newest: ssl.TLSVersion | None = None) -> Iterator[str]:
    """Shakes hands with whoever comes; speaks nothing newer than ``newest``, else what is usual."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    expires = datetime.now(UTC) + timedelta(days=10)
    AUTHORITY.issue_cert("localhost", not_after=expires).configure_cert(context)
    if newest is not None:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, newest

    def shake(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)

    with _listening(shake) as url:
        yield url


@contextmanager
def _listening(shake: Shake) -> Iterator[str]:
    with RawServer(shake) as server:
        yield server.url.replace("http://127.0.0.1", "https://localhost")


def test_a_certificate_that_is_trusted_tells_when_it_expires() -> None:
    """In days, from now."""
    with _server() as url:
        found = shake_hands(url, TRUSTING)

    assert "" == found.problem
    assert found.version in {"TLSv1.2", "TLSv1.3"}
    assert 9 < found.days_left(datetime.now(UTC)) <= 10


def test_a_certificate_that_nobody_trusts_says_why() -> None:
    """Of an authority that nobody knows."""
    with _server() as url:
        found = shake_hands(url)

    assert "unable to get local issuer certificate" == found.problem
    assert 0.0 == found.days_left(datetime.now(UTC))


def test_old_tls_is_noticed_where_it_is_spoken() -> None:
    """And a client of today is refused there."""
    with _server(ssl.TLSVersion.TLSv1_1) as url:
        assert "TLSv1.1" == speaks_old_tls(url)
        assert shake_hands(url, TRUSTING).problem


def test_a_server_of_today_refuses_old_tls() -> None:
    """Which is what a check wants to see."""
    with _server() as url:
        assert "" == speaks_old_tls(url)


def _hangs_up_on_old(connection: socket.socket, modern: ssl.SSLContext) -> None:
    """By the version at the start of the record: TLS 1.0 to 1.2 say the same, so the next one tells."""
    hello = connection.recv(4096, socket.MSG_PEEK)
    if hello[9:11] >= b"\x03\x03":
        with modern.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)


def test_to_hang_up_on_old_tls_alone_is_to_refuse_it() -> None:
    """Some servers say nothing to it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("localhost").configure_cert(context)

    with _listening(lambda connection: _hangs_up_on_old(connection, context)) as url:
        assert "" == speaks_old_tls(url)


@pytest.mark.parametrize(
    ("shake", "said"),
    [
        pytest.param(lambda connection: connection.recv(9999), "neither old .* nor new", id="hangs up"),
        pytest.param(
            lambda connection: connection.sendall(b"\x15\x03\x01\x00\x02\x02\x28"),
            "neither old .*HANDSHAKE_FAILURE.* nor new",
            id="refuses everything",
        ),
        pytest.param(lambda connection: connection.sendall(OK), "neither taken nor turned away", id="no TLS"),
    ],
)
def test_what_refuses_every_tls_does_not_refuse_old_tls(shake: Shake, said: str) -> None:
    """Nothing is known of it then, and that is not green."""
    with _listening(shake) as url, pytest.raises(CouldNotLook, match=said):
        speaks_old_tls(url)


@pytest.mark.parametrize(
    ("ciphers", "said"),
    [
        pytest.param("AESGCM", "can't offer TLS 1.0 and 1.1: .*NO_CIPHERS", id="has nothing to offer"),
        pytest.param("DEFAULT:@SECLEVEL=1", "neither taken nor turned away", id="does not go on"),
    ],
)
def test_a_machine_without_old_tls_can_not_look(
    monkeypatch: pytest.MonkeyPatch, ciphers: str, said: str
) -> None:
    """Nobody but itself turns it away: the server would take it."""
    monkeypatch.setattr(certificate, "_ANY_CIPHER", ciphers)

    with _server(ssl.TLSVersion.TLSv1_1) as url, pytest.raises(CouldNotLook, match=said) as caught:
        speaks_old_tls(url)

    assert "Minimum TLS Version" in caught.value.remedy


def test_without_a_connection_nothing_is_known() -> None:
    """Other checks say that nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
    for look in (shake_hands, speaks_old_tls):
        with pytest.raises(CouldNotLook, match="no connection"):
            look(url)


def test_no_certificate_has_no_days() -> None:
    """A refusal counts as expired."""
    assert 0.0 == Handshake("", None, "refused").days_left(datetime.now(UTC))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://bot.example/health?x=1", "http://bot.example/health?x=1"),
        ("https://bot.example:443/", "http://bot.example/"),
        ("https://bot.example:8443/", None),
        ("http://bot.example/", None),
    ],
)
def test_the_plain_address_is_that_of_the_usual_port(url: str, expected: str | None) -> None:
    """A port of its own has no plain one beside it."""
    assert expected == plain_address(url)
