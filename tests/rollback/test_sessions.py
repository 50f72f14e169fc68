"""Sessions that roll back, as they are typed: exit codes, verdicts, and what they leave."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.rollback.sessions import SANDBOXED, Ended, command, session

PRACTICE = ("--fault=health-503", "--reason=proof")
ROLL_BACK = ("-m", "post_rollback", "--rollback")
PROTECTED = f"{SANDBOXED}protected = true\n"


def _goes_back(ended: Ended) -> None:
    """From the version under the fault to the good one, by the tags that both were uploaded with."""
    tags = {line["version"]: line["tag"] for line in ended.lines("version-seen")}

    assert "health-503" == tags[ended.verdict["from_version"]]
    assert "good" == tags[ended.verdict["to_version"]]
    assert [] == ended.left


def test_practice(tmp_path: Path) -> None:
    """In the middle of an incident: rolled back, verified."""
    ended = session(tmp_path, *ROLL_BACK, *PRACTICE)

    assert 0 == ended.code, ended.output
    assert "verified" == ended.verdict["verdict"]
    _goes_back(ended)


def test_nothing_to_go_back_to(tmp_path: Path) -> None:
    """A sandbox that holds one version: refused."""
    ended = session(tmp_path, *ROLL_BACK, "--reason=proof")

    assert 21 == ended.code, ended.output
    assert "refused" == ended.verdict["verdict"]
    assert [] == ended.left


def test_a_bad_deploy_is_rolled_back(tmp_path: Path) -> None:
    """Found bad at a given severity, rolled back, and the old version verified."""
    ended = session(tmp_path, "-m", "post_deploy", "--fault=health-503", "--rollback-on=critical,high")

    assert 24 == ended.code, ended.output
    assert "rolled_back" == ended.verdict["verdict"]
    _goes_back(ended)


def test_a_bad_deploy_is_left_where_nothing_else_was_asked_for(tmp_path: Path) -> None:
    """Found bad, and that is all; what was found is shown word for word.

    What was asked and answered, once for all checks that judged it; the headers; the tail; the tools.
    """
    ended = session(tmp_path, "-m", "post_deploy", "--fault=health-503")

    assert 1 == ended.code, ended.output
    assert [] == ended.lines("rollback-started")
    seen = {line["exchange"]: line for line in ended.lines("exchange-seen")}
    failed = [line for line in ended.lines("check-finished") if line["outcome"] == "fail"]
    assert 503 in {seen[name]["status"] for line in failed for name in line["exchanges"]}
    assert len(seen) < sum(len(line["exchanges"]) for line in failed)
    assert [503] == [line["status"] for line in ended.lines("headers-seen")]
    assert all(line["events"] for line in ended.lines("tail-watched"))
    assert {"Node", "wrangler", "workerd", "system"} <= ended.lines("tools-seen")[0]["tools"].keys()


def test_a_good_deploy_is_left(tmp_path: Path) -> None:
    """Verified in one stage; the one after a rollback is never begun."""
    ended = session(tmp_path, "-m", "post_deploy", "--rollback-on=critical,high")

    assert 0 == ended.code, ended.output
    assert ["0-live"] == [line["stage"] for line in ended.lines("stage-started")]
    assert [] == ended.lines("rollback-started")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param((*ROLL_BACK, "--fault=health-503"), "--reason", id="no reason"),
        pytest.param((*ROLL_BACK, "--fault=health-503", "--reason= \n"), "--reason", id="a blank reason"),
        pytest.param(("-m", "drill", "--rollback", "--reason=proof"), "post_rollback", id="a drill"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    """Ends before anything is started, and says what is wanted."""
    ended = session(tmp_path, *arguments)

    assert 4 == ended.code, ended.output
    assert said in ended.output
    assert {} == ended.verdict


def test_a_protected_target_wants_consent(tmp_path: Path) -> None:
    """Nobody is here to be asked, and --yes is not given."""
    ended = session(tmp_path, *ROLL_BACK, *PRACTICE, targets=PROTECTED)

    assert 4 == ended.code, ended.output
    assert "--yes" in ended.output


def test_the_command_from_anywhere(tmp_path: Path) -> None:
    """``backstop rollback`` is the same session, wherever it is typed."""
    backstop = (sys.executable, "-m", "backstop.cli.main")

    ended = command(
        tmp_path, *backstop, "rollback", "local", "it's down", "--fault", "health-503", cwd=tmp_path
    )

    assert 0 == ended.code, ended.output
    _goes_back(ended)
