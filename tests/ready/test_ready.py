"""``pytest -m ready``: what is there is proven, what is taken away is named in the dashboard's words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.ready.desk import EVERYTHING, Desk, outcomes, said
from tests.rollback.incident import BOT

WRITE = "ready.permission.scripts-write"
TAIL = "ready.permission.tail"
READ = "ready.permission.scripts-read"
TOKEN = "ready.token.valid"
GOOD = {"pass", "n/a"}


@pytest.fixture(name="desk")
def desk_fixture(desk: Desk) -> Desk:
    """With the name of a worker: that a project builds is shown where everything is there."""
    desk.project = None
    return desk


def test_all_is_there(desk: Desk) -> None:
    """A token that may read its own policies leaves nothing open."""
    desk.project = BOT
    desk.give_token(*EVERYTHING, "API Tokens Read")

    found = desk.session("-m", "ready")

    assert 0 == found.code, found.output
    assert set(outcomes(found).values()) <= GOOD, found.output
    assert "rollbacks: ready" in found.output
    assert "ready" == found.verdict["session"]
    assert "nothing" == found.verdict["decision"]
    assert [] == found.left


def test_that_a_token_writes_is_not_proven_by_looking(desk: Desk) -> None:
    """The one thing that is open is said, with the way to prove it."""
    desk.give_token(*EVERYTHING)

    found = desk.session("-m", "ready")

    assert 20 == found.code, found.output
    assert [WRITE] == [name for name, outcome in outcomes(found).items() if outcome not in GOOD]
    assert "Account · Workers Scripts · Edit" in said(found, WRITE)
    assert "rollbacks: not ready, for want of Account · Workers Scripts · Edit" in found.output
    assert "looks: ready" in found.output


@pytest.mark.parametrize(
    ("without", "check", "outcome", "words"),
    [
        ("Workers Scripts Read", READ, "fail", "add Account · Workers Scripts · Read"),
        ("Workers Tail Read", TAIL, "fail", "add Account · Workers Tail · Read"),
        ("Workers Scripts Write", WRITE, "fail", "add Account · Workers Scripts · Edit"),
        ("Account Settings Read", "ready.account", "inconclusive", "cloudflare_account_id ="),
    ],
)
def test_each_permission_that_is_taken_away_is_named(
    desk: Desk, without: str, check: str, outcome: str, words: str
) -> None:
    """By the menus of the dashboard's token editor, and with the page that they are on."""
    left = (name for name in EVERYTHING if name != without)
    desk.give_token(*left, "API Tokens Read")

    found = desk.session("-m", "ready")

    assert outcome == outcomes(found)[check], found.output
    assert words in said(found, check)
    assert words in found.output
    assert "pass" == outcomes(found)[TOKEN]
    assert (1 if outcome == "fail" else 20) == found.code


def test_an_account_that_is_named_needs_no_permission_to_be_read(desk: Desk) -> None:
    """It is proven by its worker."""
    desk.give_token("Workers Scripts Read", "Workers Tail Read", "Workers Scripts Write", "API Tokens Read")
    desk.env["CLOUDFLARE_ACCOUNT_ID"] = desk.incident.sandbox.ready["account"]

    found = desk.session("-m", "ready")

    assert 0 == found.code, found.output
    assert "which has the worker" in said(found, "ready.account")


@pytest.mark.parametrize(
    ("more", "found_token"),
    [
        ({"status": "disabled"}, "disabled"),
        ({"expires_on": "2026-01-01T00:00:00Z"}, "expired"),
    ],
)
def test_a_token_that_works_no_longer(desk: Desk, more: dict[str, Any], found_token: str) -> None:
    """That is said once; what it may do is not known then, and not held to be lacking."""
    desk.give_token(*EVERYTHING, **more)
    desk.env["CLOUDFLARE_ACCOUNT_ID"] = desk.incident.sandbox.ready["account"]

    found = desk.session("-m", "ready")

    assert 1 == found.code, found.output
    assert found_token in said(found, TOKEN)
    assert {"inconclusive"} == {outcomes(found)[name] for name in (READ, WRITE, TAIL, "ready.account")}


def test_a_token_that_nobody_issued(desk: Desk) -> None:
    """It is said where the right one is made."""
    desk.env["CLOUDFLARE_API_TOKEN"] = "nobody-issued-0123456789-this-token-ever"

    found = desk.session("-m", "ready")

    assert 1 == found.code, found.output
    assert "My Profile → API Tokens → Create Token" in said(found, TOKEN)
    assert "nobody-issued" not in found.output


def test_a_token_that_ends_soon(desk: Desk) -> None:
    """It is good tonight, and perhaps not next week."""
    soon = datetime.now(UTC) + timedelta(days=5)
    desk.give_token(*EVERYTHING, "API Tokens Read", expires_on=soon.isoformat())

    found = desk.session("-m", "ready")

    assert "it ends in" in said(found, TOKEN)
    assert ("degraded", 0) == (outcomes(found)[TOKEN], found.code), found.output


def test_a_token_of_the_account_itself(desk: Desk) -> None:
    """It can't list accounts, and is known at the account's own page."""
    desk.give_token(*EVERYTHING, kind="account")
    desk.env["CLOUDFLARE_ACCOUNT_ID"] = desk.incident.sandbox.ready["account"]

    found = desk.session("-m", "ready")

    assert "an API token of the account's own" in said(found, TOKEN)
    assert "Manage Account → Account API Tokens" in said(found, WRITE)
    assert 20 == found.code, found.output


def test_two_accounts_for_one_token(desk: Desk) -> None:
    """Both are named, with the line to add; nothing is guessed."""
    desk.give_token(*EVERYTHING, elsewhere=["Another"])

    found = desk.session("-m", "ready")

    home = desk.incident.sandbox.ready["account"]
    assert 1 == found.code, found.output
    assert "fail" == outcomes(found)["ready.account"]
    assert "Sandbox (" in said(found, "ready.account")
    assert "Another (" in said(found, "ready.account")
    assert f'cloudflare_account_id = "{home}"' in said(found, "ready.account")


def test_two_accounts_and_one_is_meant(desk: Desk) -> None:
    """With that line all is well."""
    desk.give_token(*EVERYTHING, "API Tokens Read", elsewhere=["Another"])
    desk.target = f'cloudflare_account_id = "{desk.incident.sandbox.ready["account"]}"'

    found = desk.session("-m", "ready")

    assert 0 == found.code, found.output
    assert "one of 2" in said(found, "ready.account")


def test_an_account_that_the_token_does_not_reach(desk: Desk) -> None:
    """One target's token against another's account."""
    desk.give_token(*EVERYTHING)
    desk.target = f'cloudflare_account_id = "{"0" * 32}"'

    found = desk.session("-m", "ready")

    assert 1 == found.code, found.output
    assert "does not reach the account" in said(found, "ready.account")


def test_no_credentials_at_all(desk: Desk) -> None:
    """What can't be proven without them is said, and what can is."""
    del desk.env["CLOUDFLARE_API_TOKEN"]

    found = desk.session("-m", "ready")

    assert 20 == found.code, found.output
    assert "wrangler login" in said(found, TOKEN)
    assert "pass" == outcomes(found)["ready.discord-token"]
    assert "pass" == outcomes(found)["ready.node"]


def test_a_public_key_in_place_of_the_signing_key(desk: Desk) -> None:
    """Both look alike; Discord's record tells, and the key is not shown."""
    desk.give_token(*EVERYTHING, "API Tokens Read")
    desk.env["SIGNING_KEY"] = desk.incident.sandbox.ready["public_key"]

    found = desk.session("-m", "ready")

    assert 1 == found.code, found.output
    assert "PUBLIC key" in said(found, "ready.signed-path")
    assert desk.env["SIGNING_KEY"] not in found.output


@pytest.mark.parametrize(
    ("accept", "outcome", "code"),
    [
        ("", "inconclusive", 20),
        ('accept = { "discord.signed.*" = "Discord holds the key" }', "accepted", 0),
    ],
)
def test_nobody_but_discord_signs(desk: Desk, accept: str, outcome: str, code: int) -> None:
    """How it will be proven is said, or that is accepted by name, as in every session."""
    del desk.env["SIGNING_KEY"]
    desk.target = accept
    desk.give_token(*EVERYTHING, "API Tokens Read")

    found = desk.session("-m", "ready")

    assert (outcome, code) == (outcomes(found)["ready.signed-path"], found.code), found.output
    assert "--genuine" in said(found, "ready.signed-path")


def test_a_token_of_discord_that_was_reset(desk: Desk) -> None:
    """Discord does not take it any more."""
    token = desk.env["DISCORD_TOKEN"]
    desk.env["DISCORD_TOKEN"] = token[:-6] + "abcdef"
    desk.give_token(*EVERYTHING, "API Tokens Read")

    found = desk.session("-m", "ready")

    assert ("fail", 1) == (outcomes(found)["ready.discord-token"], found.code), found.output
    assert "Reset Token" in said(found, "ready.discord-token")


def test_the_token_of_another_application(desk: Desk) -> None:
    """An id from before bots and applications had one id: only Discord can tell, and does."""
    desk.env["DISCORD_APPLICATION_ID"] = "100000000000000009"

    found = desk.session("-m", "ready")

    assert 1 == found.code, found.output
    assert "wanted that of 100000000000000009" in said(found, "ready.discord-token")


def test_a_rollback_with_the_token_proves_that_it_writes(desk: Desk) -> None:
    """From then on it is on record when that was; it is no secret, and it is no write."""
    desk.incident.deploy_by_hand(desk.incident.bad)
    token = desk.give_token(*EVERYTHING)
    rollback = ("-m", "post_rollback", "--rollback", "--reason=proof", "--expect-live")

    acted = desk.session(*rollback, desk.incident.bad)
    found = desk.session("-m", "ready")

    assert 0 == acted.code, acted.output
    assert "pass" == outcomes(found)[WRITE], found.output
    assert "last proven 20" in said(found, WRITE)
    (proven,) = (desk.folder / ".backstop" / "proven-writes" / "mine").glob("*.json")
    assert token in proven.read_text()
    assert desk.env["CLOUDFLARE_API_TOKEN"] not in found.output + acted.output
