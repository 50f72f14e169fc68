"""TLS as a target offers it: against a real server, with a certificate made for the test."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backstop.model.errors import CouldNotLook
from backstop.probes.certificate import Handshake, plain_address, shake_hands, speaks_old_tls
from backstop.process import run

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificates with openssl")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for localhost that is valid for ten days, in one file."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate, both = folder / "key.pem", folder / "cert.pem", folder / "both.pem"
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    made = f"openssl req -x509 -newkey rsa:2048 -nodes -days 10 -subj /CN=localhost -addext {names}"
    run([*made.split(), "-keyout", str(key), "-out", str(certificate)], env={"PATH": os.defpath}, limit=20.0)
    both.write_text(key.read_text() + certificate.read_text())
    return both


@contextmanager
def _server(pair: Path, newest: ssl.TLSVersion | None = None) -> Iterator[str]:
    """Shakes hands with whoever comes; speaks nothing newer than ``newest``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    if newest is not None:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, newest
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                plain, _ = listener.accept()
                with suppress(OSError), plain, context.wrap_socket(plain, server_side=True) as secured:
                    secured.recv(1)

    threading.Thread(target=serve, daemon=True).start()
    yield f"https://localhost:{listener.getsockname()[1]}/"
    with suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def _trusting(pair: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=pair)


def test_a_certificate_that_is_trusted_tells_when_it_expires(pair: Path) -> None:
    """In days, from now."""
    with _server(pair) as url:
        found = shake_hands(url, _trusting(pair))

    assert "" == found.problem
    assert found.version in {"TLSv1.2", "TLSv1.3"}
    assert 9 < found.days_left(datetime.now(UTC)) <= 10


def test_a_certificate_that_nobody_trusts_says_why(pair: Path) -> None:
    """Self-signed, as everybody but its maker sees it."""
    with _server(pair) as url:
        found = shake_hands(url)

    assert "self" in found.problem
    assert 0.0 == found.days_left(datetime.now(UTC))


def test_old_tls_is_noticed_where_it_is_spoken(pair: Path) -> None:
    """And a client of today is refused there."""
    with _server(pair, ssl.TLSVersion.TLSv1_1) as url:
        assert "TLSv1.1" == speaks_old_tls(url)
        assert shake_hands(url, _trusting(pair)).problem


def test_a_server_of_today_refuses_old_tls(pair: Path) -> None:
    """Which is what a check wants to see."""
    with _server(pair) as url:
        assert "" == speaks_old_tls(url)


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
