"""How a target's account is found: what it names itself is never replaced, and nothing is guessed."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from backstop.access import Access, access_to
from backstop.model.errors import CouldNotLook, UsageError
from backstop.model.target import Secret, Target
from tests.unit.loopback import api

ACCOUNTS = "GET /accounts?page=1&per_page=50"
ONE, TWO = {"id": "1" * 32, "name": "One"}, {"id": "2" * 32, "name": "Two"}
TOKEN = Secret("CLOUDFLARE_API_TOKEN", "t0k-en")


def _ok(result: object) -> tuple[int, object]:
    return 200, {"success": True, "errors": [], "messages": [], "result": result}


def _access(answer: tuple[int, object], target: Target) -> tuple[Access, list[str]]:
    """The access to a target whose API answers so, and what was asked."""
    with api({ACCOUNTS: answer}) as canned, ExitStack() as stack:
        members = {name: getattr(target, name) for name in ("cloudflare_token", "cloudflare_account", "own")}
        found = access_to(
            Target("t", sandbox=False, cloudflare_api=canned.url, unset=("VAR",), **members), stack
        )
        return found, canned.asked


def test_the_only_account_need_not_be_named() -> None:
    """It is found with one request."""
    found, asked = _access(_ok([ONE]), Target("t", sandbox=False, cloudflare_token=TOKEN))

    assert ("1" * 32, None) == (found.account, found.problem)
    assert [ACCOUNTS] == asked


def test_an_account_that_is_named_is_not_looked_for() -> None:
    """Whatever the token reaches."""
    target = Target("t", sandbox=False, cloudflare_token=TOKEN, cloudflare_account="mine")

    found, asked = _access(_ok([ONE, TWO]), target)

    assert ("mine", None) == (found.account, found.problem)
    assert [] == asked


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (_ok([ONE, TWO]), UsageError, f'cloudflare_account_id = "{"2" * 32}" (Two)'),
        (_ok([]), CouldNotLook, "Account Settings"),
        ((403, {"success": False, "errors": [{"code": 10000, "message": "no"}]}), CouldNotLook, "say which"),
        ((400, {"success": False, "errors": [{"code": 1001, "message": "no"}]}), CouldNotLook, "say which"),
        ((502, b"<html>"), CouldNotLook, "502"),
    ],
)
def test_an_account_that_is_not_known(answer: tuple[int, object], kind: type[Exception], said: str) -> None:
    """It is said why, and which line to add."""
    found, _ = _access(answer, Target("t", sandbox=False, cloudflare_token=TOKEN))

    assert "" == found.account
    assert isinstance(found.problem, kind)
    assert said in str(found.problem)


@pytest.mark.parametrize(
    "target",
    [
        Target("t", sandbox=False, cloudflare_token=TOKEN, own=("cloudflare_account_id",)),
        Target("t", sandbox=False, own=("cloudflare_api_token",)),
    ],
)
def test_what_a_target_names_and_nobody_has_set_is_missing(target: Target) -> None:
    """Neither the only account nor a login takes its place."""
    found, asked = _access(_ok([ONE]), target)

    assert "VAR" in str(found.problem)
    assert [] == asked


def test_nothing_to_ask_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Both ways are named."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)

    found, _ = _access(_ok([ONE]), Target("t", sandbox=False))

    assert found.credential is None
    assert "CLOUDFLARE_API_TOKEN" in str(found.problem)
    assert "wrangler login" in str(found.problem)
