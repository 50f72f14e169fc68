"""Somebody who only did `wrangler login`: can do everything, also when it has to be renewed on the way."""

from __future__ import annotations

from pathlib import Path

from tests.ready.desk import EVERYTHING, Desk, outcomes, said

ROLLBACK = ("-m", "post_rollback", "--rollback", "--reason=proof", "--expect-live")
USES = 9  # requests that each access token is good for; a rollback of wrangler's takes five


def _kept(desk: Desk) -> str:
    return (desk.folder / ".wrangler" / "config" / "default.toml").read_text()


def test_a_login_is_enough(desk: Desk) -> None:
    """All of it is proven but that it deploys; the account is found, and no token is shown."""
    login = desk.log_in(permissions=list(EVERYTHING))

    found = desk.session("-m", "ready")

    assert 20 == found.code, found.output
    assert ["ready.permission.scripts-write"] == [
        name for name, outcome in outcomes(found).items() if outcome not in {"pass", "n/a"}
    ]
    assert "a login of wrangler's" in said(found, "ready.token.valid")
    assert login["access_token"] not in found.output
    assert [] == found.left


def test_a_rollback_outlives_the_token(desk: Desk) -> None:
    """Its access token ends again and again while it plans, acts with real wrangler, and validates."""
    desk.incident.deploy_by_hand(desk.incident.bad)
    login = desk.log_in(0.0, permissions=list(EVERYTHING), uses=USES)

    found = desk.session(*ROLLBACK, desk.incident.bad)

    assert 0 == found.code, found.output
    assert desk.incident.good == desk.incident.served()
    assert login["access_token"] not in _kept(desk)
    assert [] == found.left


def test_a_login_drills(desk: Desk) -> None:
    """It uploads, deploys and rolls back; from then on it is on record that it does."""
    desk.log_in(permissions=list(EVERYTHING))

    drilled = desk.session("-m", "drill", "--scenario=health-check-failure")
    found = desk.session("-m", "ready")

    assert 0 == drilled.code, drilled.output
    assert "last proven 20" in said(found, "ready.permission.scripts-write"), found.output
    assert [] == drilled.left


def test_a_login_that_can_not_be_renewed(desk: Desk) -> None:
    """It is said for certain, with what to type."""
    desk.log_in(0.0, permissions=list(EVERYTHING))
    desk.shell["WRANGLER_TOKEN_URL"] = "http://127.0.0.1:9/nobody"

    found = desk.session("-m", "ready")

    assert 1 == found.code, found.output
    assert "log in again (wrangler login)" in said(found, "ready.token.valid")


def test_a_token_that_the_target_names_is_not_replaced_by_a_login(desk: Desk) -> None:
    """It is not set, and so it is missing."""
    desk.log_in(permissions=list(EVERYTHING))
    desk.target = 'cloudflare_api_token = "env:STAGING_TOKEN"'

    found = desk.session("-m", "ready")

    assert 20 == found.code, found.output
    assert "STAGING_TOKEN" in said(found, "ready.token.valid")


def test_what_a_login_leaves_is_private(desk: Desk) -> None:
    """Neither journal nor report holds a token of it."""
    login = desk.log_in(0.0, permissions=list(EVERYTHING), uses=USES)

    desk.session("-m", "ready")

    tokens = {str(login["access_token"]), _kept(desk).split('"')[1]}
    written = [path for path in Path(desk.folder / "reports").rglob("*") if path.is_file()]
    assert written
    assert not [
        path for path in written for token in tokens if token[:12] in path.read_text(errors="replace")
    ]
