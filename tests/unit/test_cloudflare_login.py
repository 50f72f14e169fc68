"""A login of wrangler's: asked for once, renewed when it is rejected, and told when there is none."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.credential import Fixed, credential_of
from backstop.cloudflare.login import NAME, Login, NotLoggedIn, ask_wrangler, login_of
from backstop.cloudflare.refusals import NotPermitted
from backstop.cloudflare.toolchain import Toolchain
from backstop.deadline import DEADLINE
from backstop.model.target import Secret
from backstop.process import ProcessTimedOut
from backstop.redaction import REDACTOR
from tests.unit.fakeclock import FakeClock
from tests.unit.loopback import RawServer, Serve, read_request

FIRST, SECOND = "first-Acc3ss-token-0123", "second-Acc3ss-token-4567"
RESULT = {"subdomain": "s", "id": "made"}
GOOD = json.dumps({"success": True, "errors": [], "messages": [], "result": RESULT})
REFUSED = json.dumps({"success": False, "errors": [{"code": 10000, "message": "no"}], "result": None})
NOT_IN = NotLoggedIn("no login", remedy="wrangler login")


class Wrangler:
    """Has these tokens, one after the other; an exception is raised, the last one is kept."""

    def __init__(self, *answers: str | NotLoggedIn) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self) -> str:
        """The next one."""
        self.asked += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(found, NotLoggedIn):
            raise found
        return found


def test_it_is_asked_for_once() -> None:
    """However often it is used."""
    wrangler = Wrangler(FIRST, SECOND)
    login = Login(wrangler)

    assert Secret(NAME, FIRST) == login.current() == login.current() == login.fresh()
    assert 1 == wrangler.asked


def test_before_something_is_done_it_is_asked_for_anew() -> None:
    """Unless that was a moment ago."""
    clock = FakeClock()
    login = Login(Wrangler(FIRST, SECOND), clock)
    login.current()

    clock.time += 61.0

    assert SECOND == login.fresh().value


def test_what_was_got_before_may_still_be_good() -> None:
    """A wrangler that does not tell keeps nobody from acting; one that never told does."""
    clock = FakeClock()
    login = Login(Wrangler(FIRST, NOT_IN), clock)
    login.current()
    clock.time += 61.0

    assert FIRST == login.fresh().value
    with pytest.raises(NotLoggedIn):
        Login(Wrangler(NOT_IN)).fresh()


def test_a_rejected_token_is_renewed() -> None:
    """The new one is used from then on, and neither can be written."""
    clock = FakeClock()
    login = Login(Wrangler(FIRST, SECOND), clock)
    rejected = login.current()
    clock.time += 5.0

    assert Secret(NAME, SECOND) == login.renewed(rejected) == login.current()
    assert FIRST not in REDACTOR.redact(f"{FIRST} {SECOND}")
    assert SECOND not in REDACTOR.redact(f"{FIRST} {SECOND}")


def test_another_thread_was_told_first() -> None:
    """Wrangler is not asked twice for one rejection."""
    clock = FakeClock()
    wrangler = Wrangler(FIRST, SECOND)
    login = Login(wrangler, clock)
    rejected = login.current()
    clock.time += 5.0

    assert login.renewed(rejected) == login.renewed(rejected)
    assert 2 == wrangler.asked


@pytest.mark.parametrize("then", [FIRST, NOT_IN])
def test_there_is_no_other(then: str | NotLoggedIn) -> None:
    """Wrangler has the same one still, or can't renew it: the rejection stands."""
    clock = FakeClock()
    login = Login(Wrangler(FIRST, then), clock)
    rejected = login.current()
    clock.time += 5.0

    assert login.renewed(rejected) is None


def test_a_token_that_lacks_a_permission_is_asked_for_once() -> None:
    """It did not end, and asking takes a second each time."""
    clock = FakeClock()
    wrangler = Wrangler(FIRST)
    login = Login(wrangler, clock)
    rejected = login.current()

    assert [None, None] == [login.renewed(rejected), login.renewed(rejected)]
    assert 2 == wrangler.asked

    clock.time += 61.0

    assert login.renewed(rejected) is None
    assert 3 == wrangler.asked


def test_an_api_token_is_never_renewed() -> None:
    """There is only one."""
    secret = Secret("T", FIRST)
    fixed = Fixed(secret)

    assert secret == fixed.current() == fixed.fresh()
    assert credential_of(secret).renewed(secret) is None


def _takes(*tokens: str) -> Serve:
    """An API that takes these tokens and no others."""

    def serve(connection: socket.socket) -> None:
        head = read_request(connection).decode()
        taken = any(f"Bearer {token}" in head for token in tokens)
        body = GOOD if taken else REFUSED
        status = "200 OK" if taken else "403 Forbidden"
        connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())

    return serve


def test_a_session_goes_on_with_the_new_token() -> None:
    """A token that ends in the middle costs one more request, once."""
    clock = FakeClock()
    wrangler = Wrangler(FIRST, SECOND)
    login = Login(wrangler, clock)
    login.current()
    clock.time += 3600.0
    with RawServer(_takes(SECOND)) as server, CloudflareApi(server.url, login, "acc") as cloudflare:
        found = [cloudflare.subdomain(), cloudflare.subdomain()]

    assert ["s", "s"] == found
    assert 3 == server.connections
    assert 2 == wrangler.asked


def test_a_write_that_was_rejected_is_sent_again() -> None:
    """It was not done: nobody does what is asked with a token that has ended."""
    clock = FakeClock()
    login = Login(Wrangler(FIRST, SECOND), clock)
    login.current()
    clock.time += 3600.0
    with RawServer(_takes(SECOND)) as server, CloudflareApi(server.url, login, "acc") as cloudflare:
        made = cloudflare.deploy_version("bot", (), "m")

    assert "made" == made
    assert 2 == server.connections


def test_a_rejection_stands_where_there_is_no_other_token() -> None:
    """An API token is sent once."""
    token = Secret("T", FIRST)
    with (
        RawServer(_takes(SECOND)) as server,
        CloudflareApi(server.url, token, "acc") as cloudflare,
        pytest.raises(NotPermitted),
    ):
        cloudflare.subdomain()

    assert 1 == server.connections


def test_no_login_where_nobody_logged_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrangler, which takes a second, is not even asked."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    nothing = Toolchain(tmp_path / "node", tmp_path / "a" / "b" / "wrangler.js")

    assert login_of(nothing) is None

    (tmp_path / ".config" / ".wrangler" / "config").mkdir(parents=True)

    assert login_of(nothing) is not None


def test_a_wrangler_that_told_nothing_is_not_asked_again_at_once() -> None:
    """It may hang for as long again, for everybody who asks; a minute later it is asked."""
    clock = FakeClock()
    wrangler = Wrangler(NOT_IN, FIRST)
    login = Login(wrangler, clock)

    for ask in (login.current, login.fresh, login.current):
        with pytest.raises(NotLoggedIn):
            ask()

    assert 1 == wrangler.asked
    clock.time += 61.0
    assert FIRST == login.current().value


def test_a_wrangler_that_hangs_leaves_time_for_the_rest(tmp_path: Path) -> None:
    """A session that must have its answers soon waits half of that for it, and what it started is gone."""
    script = tmp_path / "wrangler"
    script.write_text("trap '' TERM\nsleep 60 &\nsleep 60\n")

    with DEADLINE.within(1.0), pytest.raises(ProcessTimedOut, match=r"did not end within 0\.\d+ s"):
        ask_wrangler(Toolchain(Path("/bin/sh"), script))
