"""The authority that a target's certificate may be of, and https in the sandbox."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest
import trustme

from backstop.model.http import Answer, NoAnswer, Request, Silence
from backstop.probes.prober import Prober
from tests.unit.asking import OK
from tests.unit.loopback import RawServer, saying
from tests.unit.targetsfiles import bot_in, complaints, loaded

DEPLOYED = '[targets.t]\nurl = "https://bot.example.workers.dev"\n'
SANDBOX = '[targets.t]\nsandbox = true\nproject = "bot"\n'
AUTHORITY = trustme.CA().cert_pem.bytes().decode()


def test_an_authority_is_read_from_beside_the_file(tmp_path: Path) -> None:
    """Comments in any language are no part of it."""
    (tmp_path / "company.pem").write_text(f"# Zertifizierungsstelle für alle\n{AUTHORITY}")

    assert AUTHORITY in loaded(tmp_path, DEPLOYED + 'ca = "company.pem"\n').authority


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "ca: {base}/company.pem can't be read: No such file or directory"),
        ("", "ca: {base}/company.pem holds no certificate as PEM: "),
        ("hello", "ca: {base}/company.pem holds no certificate as PEM: "),
        (AUTHORITY.replace("M", "N"), "ca: {base}/company.pem holds no certificate as PEM: "),
    ],
)
def test_what_is_no_authority_is_told(tmp_path: Path, text: str | None, said: str) -> None:
    """With its line, as every fault of the file."""
    base = tmp_path / "bots"
    base.mkdir()
    if text is not None:
        (base / "company.pem").write_text(text)

    (fault,) = complaints(tmp_path, DEPLOYED + 'ca = "bots/company.pem"\n')

    assert fault.startswith("targets.toml:3: targets.t." + said.format(base="bots"))


def test_each_kind_of_target_has_its_own_way_to_https(tmp_path: Path) -> None:
    """An address says it; the sandbox is told, and makes its authority for the run."""
    bot_in(tmp_path)
    (tmp_path / "company.pem").write_text(AUTHORITY)

    assert loaded(tmp_path, SANDBOX + "tls = true\n").tls
    assert not loaded(tmp_path, SANDBOX).tls
    (deployed,) = complaints(tmp_path, DEPLOYED + "tls = true\n")
    (sandboxed,) = complaints(tmp_path, SANDBOX + 'ca = "company.pem"\n')
    assert "targets.t.tls: only for a sandbox target" in deployed
    assert "targets.t.ca: not for a sandbox target" in sandboxed


def test_the_prober_trusts_the_authority_besides_the_usual_ones() -> None:
    """Without it the same server is refused."""
    issuer = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issuer.issue_cert("127.0.0.1").configure_cert(context)

    def serve(plain: socket.socket) -> None:
        with context.wrap_socket(plain, server_side=True) as secured:
            saying(OK)(secured)

    with RawServer(serve) as server:
        url = server.url.replace("http:", "https:")
        with Prober(url, authority=issuer.cert_pem.bytes().decode()) as trusting, Prober(url) as usual:
            answered, refused = trusting.ask(Request("GET", "/")), usual.ask(Request("GET", "/"))

    assert isinstance(answered.result, Answer)
    assert isinstance(refused.result, NoAnswer)
    assert Silence.TLS is refused.result.silence
