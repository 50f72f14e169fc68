"""Tokens of every kind, and logins: what real wrangler and the official SDK are told of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import cloudflare
import httpx
import pytest

from tests.contract.support import Sandbox, Wrangler, code_of

EVERYTHING = ("User Details Read", "Account Settings Read", "Workers Scripts Read", "Workers Scripts Write")


def issue(sandbox: Sandbox, *permissions: str, **more: Any) -> Mapping[str, str]:
    """Make a token: its value and its id."""
    body = {"permissions": list(permissions), **more}
    made: Mapping[str, str] = sandbox.control("POST", "tokens", json=body).json()
    return made


def ask(sandbox: Sandbox, token: str, path: str) -> httpx.Response:
    """One read with a token; ``path`` may name the account."""
    header = {"Authorization": f"Bearer {token}"}
    return sandbox.api("GET", path.format(account=sandbox.ready["account"]), headers=header)


def as_somebody_with(wrangler: Wrangler, token: str) -> Wrangler:
    """The same wrangler with another token."""
    sandbox = wrangler.sandbox
    return replace(wrangler, sandbox=replace(sandbox, ready={**sandbox.ready, "token": token}))


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, "active"),
        ({"status": "disabled"}, "disabled"),
        ({"expires_on": "2026-01-01T00:00:00+00:00"}, "expired"),
        ({"expires_on": "2126-01-01T00:00:00+00:00"}, "active"),
    ],
)
def test_the_sdk_verifies_a_token(sandbox: Sandbox, more: dict[str, str], status: str) -> None:
    """It needs no permission for that, and is told also of a token that works no longer."""
    made = issue(sandbox, **more)
    with cloudflare.Cloudflare(api_token=made["token"], base_url=sandbox.ready["api"], max_retries=0) as sdk:
        found = sdk.user.tokens.verify()

    assert found is not None
    assert (made["id"], status) == (found.id, found.status)
    assert ("expires_on" in more) == (found.expires_on is not None)


def test_a_token_that_works_no_longer_reads_nothing(sandbox: Sandbox, worker: str) -> None:
    """Neither of the account nor of the user; changed back, it does."""
    sandbox.put(worker)
    made = issue(sandbox, *EVERYTHING, status="disabled")
    paths = (f"{sandbox.script(worker)}/deployments", "/user")

    refused = [code_of(ask(sandbox, made["token"], path)) for path in paths]
    sandbox.control("PUT", f"tokens/{made['id']}", json={"status": "active"})
    told = [ask(sandbox, made["token"], path).status_code for path in paths]

    assert [(401, 10000), (403, 9109)] == refused
    assert [200, 200] == told


def test_permissions_can_be_taken_away(sandbox: Sandbox, worker: str) -> None:
    """What is not named of the token stays."""
    sandbox.put(worker)
    made = issue(sandbox, *EVERYTHING)

    sandbox.control("PUT", f"tokens/{made['id']}", json={"permissions": ["User Details Read"]})

    assert (403, 10000) == code_of(ask(sandbox, made["token"], f"{sandbox.script(worker)}/deployments"))
    assert 200 == ask(sandbox, made["token"], "/user").status_code


def test_an_account_s_own_token(sandbox: Sandbox) -> None:
    """It is verified at its account, and is nobody's at the endpoints about users and lists of accounts."""
    token = issue(sandbox, *EVERYTHING, kind="account")["token"]

    assert "active" == ask(sandbox, token, "/accounts/{account}/tokens/verify").json()["result"]["status"]
    assert (401, 1000) == code_of(ask(sandbox, token, "/user/tokens/verify"))
    assert (400, 1001) == code_of(ask(sandbox, token, "/accounts"))


def test_a_token_that_may_reads_its_own_policies(sandbox: Sandbox) -> None:
    """Without that permission it is refused."""
    reads = issue(sandbox, "Workers Tail Read", "API Tokens Read")
    other = issue(sandbox, "Workers Tail Read")

    (policy,) = ask(sandbox, reads["token"], f"/user/tokens/{reads['id']}").json()["result"]["policies"]

    assert ["API Tokens Read", "Workers Tail Read"] == [each["name"] for each in policy["permission_groups"]]
    assert {f"com.cloudflare.api.account.{sandbox.ready['account']}": "*"} == policy["resources"]
    assert (403, 10000) == code_of(ask(sandbox, other["token"], f"/user/tokens/{other['id']}"))


def test_wrangler_sees_both_accounts_of_a_token(wrangler: Wrangler, sandbox: Sandbox) -> None:
    """Nothing is deployed in the other one."""
    token = issue(sandbox, *EVERYTHING, elsewhere=["Another"])["token"]
    other = ask(sandbox, token, "/accounts").json()["result"][1]

    shown = as_somebody_with(wrangler, token)("whoami").stdout

    assert "Another" in shown
    assert sandbox.ready["account"] in shown
    assert (404, 10007) == code_of(
        ask(sandbox, token, f"/accounts/{other['id']}/workers/scripts/bot/deployments")
    )


def test_wrangler_is_refused_what_a_token_may_not(wrangler: Wrangler, sandbox: Sandbox, worker: str) -> None:
    """With the code that it knows for that."""
    sandbox.put(worker)
    token = issue(sandbox, "User Details Read", "Account Settings Read")["token"]

    refused = as_somebody_with(wrangler, token).attempt("deployments", "list", "--name", worker)

    assert 0 != refused.code
    assert "10000" in refused.stdout + refused.stderr


@dataclass(frozen=True, slots=True)
class LoggedIn(Wrangler):
    """Wrangler with a login in place of a token; ``token_url`` is where it has that renewed."""

    token_url: str = ""

    def _environment(self) -> dict[str, str]:
        usual = Wrangler._environment(self)
        del usual["CLOUDFLARE_API_TOKEN"]
        nobody = {"WRANGLER_AUTH_DOMAIN": "127.0.0.1:9"}  # so that nobody outside is asked
        return usual | nobody | {"WRANGLER_TOKEN_URL": self.token_url}


def logged_in(wrangler: Wrangler, login: Mapping[str, Any], expires: str) -> LoggedIn:
    """The same wrangler with this login, whose access token it holds to be good until ``expires``."""
    kept = wrangler.private / ".wrangler" / "config"
    kept.mkdir(parents=True, exist_ok=True)
    text = f'oauth_token = "{login["access_token"]}"\nexpiration_time = "{expires}"\n'
    (kept / "default.toml").write_text(f'{text}refresh_token = "{login["refresh_token"]}"\nscopes = []\n')
    where = (wrangler.sandbox, wrangler.project, wrangler.private, wrangler.compiled)
    return LoggedIn(*where, str(login["token_url"]))


def test_wrangler_gives_the_token_of_its_login(wrangler: Wrangler, sandbox: Sandbox) -> None:
    """As it is while it is good, and a new one from then on, which the API takes."""
    login = sandbox.control("POST", "logins", json={}).json()

    good = logged_in(wrangler, login, "2126-01-01T00:00:00Z")("auth", "token", "--json").json()
    renewed = logged_in(wrangler, login, "2026-01-01T00:00:00Z")("auth", "token", "--json").json()

    assert {"type": "oauth", "token": login["access_token"]} == good
    assert login["access_token"] != renewed["token"]
    assert 200 == ask(sandbox, renewed["token"], "/user").status_code
    assert (401, 1000) == code_of(ask(sandbox, renewed["token"], "/user/tokens/verify"))


def test_a_refresh_token_is_good_once(sandbox: Sandbox) -> None:
    """As OAuth wants it; a stolen one that was used is no use."""
    login = sandbox.control("POST", "logins", json={}).json()
    form = {"grant_type": "refresh_token", "refresh_token": login["refresh_token"]}

    statuses = [sandbox.http.post(login["token_url"], data=form).status_code for _ in range(2)]

    assert [200, 400] == statuses


def test_a_login_that_is_used_up(sandbox: Sandbox) -> None:
    """An access token can be made to end after so many requests, at whatever moment that is."""
    login = sandbox.control("POST", "logins", json={"uses": 2}).json()

    statuses = [ask(sandbox, login["access_token"], "/user").status_code for _ in range(3)]

    assert [200, 200, 403] == statuses


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("tokens", {"permissions": [], "colour": "red"}, "found colour"),
        ("tokens", {"permissions": [], "status": "tired"}, "tired"),
        ("tokens", {"permissions": [], "expires_on": "2026-01-01T00:00:00"}, "with its zone"),
        ("logins", {"lives_s": -1}, "wanted lives_s"),
        ("logins", {"lives_s": True}, "wanted lives_s"),
    ],
)
def test_what_can_not_be_issued(sandbox: Sandbox, path: str, body: object, said: str) -> None:
    """It is said what is wrong."""
    refused = sandbox.control("POST", path, json=body)

    assert 400 == refused.status_code
    assert said in json.dumps(refused.json())


def test_nobody_s_token_can_be_changed(sandbox: Sandbox) -> None:
    """By its id."""
    assert 404 == sandbox.control("PUT", "tokens/nobody", json={}).status_code
