"""A token that only reads does everything that changes nothing, and is turned away where it would."""

from __future__ import annotations

import pytest

from tests.ready.desk import READS, Desk

ROLL_BACK = ("-m", "post_rollback", "--rollback", "--reason=proof")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param((), 0, id="a plain look"),
        pytest.param(("-m", "post_rollback"), 0, id="after a rollback"),
        pytest.param(("-m", "post_deploy"), 0, id="after a deploy"),
    ],
)
def test_what_only_looks(desk: Desk, arguments: tuple[str, ...], code: int) -> None:
    """Nothing of it could not be looked at."""
    desk.give_token(*READS)

    found = desk.session(*arguments)

    assert code == found.code, found.output
    assert "inconclusive" not in {line["outcome"] for line in found.lines("check-finished")}, found.output


def test_a_plan(desk: Desk) -> None:
    """It is shown, as to anybody who may act."""
    desk.incident.deploy_by_hand(desk.incident.bad)
    desk.give_token(*READS)

    found = desk.session(*ROLL_BACK, "--plan", f"--expect-live={desk.incident.bad}")

    assert 0 == found.code, found.output
    assert desk.incident.good in found.output


def test_a_rollback_is_refused(desk: Desk) -> None:
    """Cloudflare says no, nothing is changed, and the permission is named."""
    desk.incident.deploy_by_hand(desk.incident.bad)
    before = desk.incident.history()
    desk.give_token(*READS)

    found = desk.session(*ROLL_BACK, f"--expect-live={desk.incident.bad}")

    assert 21 == found.code, found.output
    assert before == desk.incident.history()
    assert not (desk.folder / ".backstop" / "proven-writes").exists()


def test_two_accounts_keep_a_look_from_the_deployment_only(desk: Desk) -> None:
    """What needs no account is looked at; of the rest it is said which line to add."""
    desk.give_token(*READS, elsewhere=["Another"])

    found = desk.session()
    outcomes = {line["check"]: line["outcome"] for line in found.lines("check-finished")}

    assert 20 == found.code, found.output
    assert "pass" == outcomes["health.status"]
    assert "inconclusive" == outcomes["deployment.authenticated"]
    assert "cloudflare_account_id = " in found.output


def test_two_accounts_keep_a_rollback_from_guessing(desk: Desk) -> None:
    """It is wrong usage, with both accounts and the line to add; nothing is changed."""
    before = desk.incident.history()
    desk.give_token(*READS, "Workers Scripts Write", elsewhere=["Another"])

    found = desk.session(*ROLL_BACK)

    assert 4 == found.code, found.output
    assert "cloudflare_account_id = " in found.output
    assert "Another" in found.output
    assert before == desk.incident.history()
