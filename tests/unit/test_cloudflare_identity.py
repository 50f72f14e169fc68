"""Who a credential is, as Cloudflare tells it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backstop.cloudflare.credential import Fixed
from backstop.cloudflare.identity import Identity, TokenKind, TokenState
from backstop.cloudflare.login import Login
from backstop.cloudflare.refusals import ApiRefused
from backstop.model.errors import CouldNotLook
from backstop.model.target import Secret
from tests.unit.loopback import api

USER, ACCOUNT = "GET /user/tokens/verify", "GET /accounts/acc/tokens/verify"
GOOD = {"id": "t1", "status": "active"}
NOBODY = (401, {"success": False, "errors": [{"code": 1000, "message": "Invalid API Token"}]})
WRITE = {"id": "g", "name": "Workers Scripts Write"}


def _ok(result: object) -> tuple[int, object]:
    return 200, {"success": True, "errors": [], "messages": [], "result": result}


def _state(answers: dict[str, tuple[int, object]], account: str = "acc") -> TokenState:
    with api(answers) as canned, Identity(canned.url, Fixed(Secret("T", "t"))) as identity:
        return identity.state(account)


def test_a_user_s_token() -> None:
    """With its end, where it has one."""
    ends = {**GOOD, "expires_on": "2026-12-01T00:00:00Z"}

    assert TokenState("t1", TokenKind.USER, "active") == _state({USER: _ok(GOOD)})
    assert datetime(2026, 12, 1, tzinfo=UTC) == _state({USER: _ok(ends)}).expires


def test_an_account_s_own_token() -> None:
    """It is unknown to the endpoint for users."""
    assert TokenKind.ACCOUNT is _state({USER: NOBODY, ACCOUNT: _ok(GOOD)}).kind


@pytest.mark.parametrize("account", ["acc", ""])
def test_nobody_s_token(account: str) -> None:
    """What the first endpoint said is told."""
    with pytest.raises(ApiRefused, match="Invalid API Token"):
        _state({USER: NOBODY, ACCOUNT: NOBODY}, account)


def test_a_login() -> None:
    """It is known by its user: the endpoints for tokens do not know it."""
    with (
        api({"GET /user": _ok({"id": "u1"})}) as canned,
        Identity(canned.url, Login(lambda: "t")) as identity,
    ):
        assert TokenState("u1", TokenKind.LOGIN, "active") == identity.state("acc")


@pytest.mark.parametrize("answer", [_ok(None), _ok({}), _ok({"id": 1, "status": "active"}), _ok([])])
def test_answers_of_another_shape(answer: tuple[int, object]) -> None:
    """Nothing is known then."""
    with pytest.raises(CouldNotLook):
        _state({USER: answer})


@pytest.mark.parametrize(
    ("policies", "granted"),
    [
        ([("allow", "com.cloudflare.api.account.acc")], True),
        ([("allow", "com.cloudflare.api.account.*")], True),
        ([("allow", "com.cloudflare.api.account.other")], False),
        ([("deny", "com.cloudflare.api.account.acc")], False),
        ([("allow", "com.cloudflare.api.account.*"), ("deny", "com.cloudflare.api.account.acc")], False),
        ([], False),
    ],
)
def test_what_is_granted(policies: list[tuple[str, str]], granted: bool) -> None:
    """In this account, and not what is taken back."""
    listed = [
        {"effect": effect, "resources": {resource: "*"}, "permission_groups": [WRITE]}
        for effect, resource in policies
    ]
    answers = {"GET /user/tokens/t1": _ok({**GOOD, "policies": listed})}
    with api(answers) as canned, Identity(canned.url, Fixed(Secret("T", "t"))) as identity:
        found = identity.grants("t1", "acc")

    assert granted == ("Workers Scripts Write" in found)
