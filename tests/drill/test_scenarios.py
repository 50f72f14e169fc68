"""Scenarios that go otherwise than they declare fail, each for its own reason; the others are untouched."""

from __future__ import annotations

import re
from pathlib import Path

from tests.drill.conftest import ROOT, Run, sandboxed

REFERENCE = """
environment = "local"
health = { json = { status = "healthy" } }
"""
UNHEALTHY = 'title = "{name}"\nfault = "health-503"\n'
HARMLESS = 'title = "{name}"\nfault = "harmless"\n'
# Each lacks what its outcome needs: the changed secret, the lie, the bad requests, the time.
OTHERWISE = {
    "a-secret-was-changed": UNHEALTHY + 'surroundings = "secret-changed"\nrollback = "refused"\n',
    "budget-too-short": UNHEALTHY + "budget = 0.01\n",
    "nothing-speaks-against-it": UNHEALTHY + 'rollback = "refused"\n',
    "no-bad-request": HARMLESS + "percent = 96\n",
    "too-few-requests": HARMLESS + "percent = 10\n",
    "nobody-lies": UNHEALTHY + 'rollback = "caught lying"\n',
    "severity-too-low": UNHEALTHY + 'severity = "high"\n',
    "well": UNHEALTHY,
}
WANTED = {
    "budget-too-short": "s from the fault to verified good, wanted at most 0.01 s",
    "nothing-speaks-against-it": "the rollback ended done, wanted refused",
    "no-bad-request": "the fault went unnoticed: no check was red while it had 96 % of the traffic",
    "nobody-lies": "the rollback ended done, wanted caught lying",
    "severity-too-low": "the severity was 'critical', wanted 'high'",
}


def _folder(where: Path, **scenarios: str) -> Path:
    (where / "faults").mkdir(parents=True)
    for name, text in scenarios.items():
        (where / f"{name}.toml").write_text(text.format(name=name))
    (where / "faults" / "harmless.toml").write_text(
        'changes = "nothing"\nnoticed_by = ["health.status"]\nseverity = "critical"\n'
    )
    (where / "faults" / "harmless.js").write_text(
        'import * as bot from "the-bot";\nexport * from "the-bot";\nexport default bot.default;\n'
    )
    return where


def _named(*names: str) -> list[str]:
    return [word for name in names for word in ("--scenario", name)]


def test_what_goes_otherwise_fails_alone(run: Run, tmp_path: Path) -> None:
    """Eight in one drill: five that can't go as they say, one that chance may hide, and two that can.

    What the first of them leaves in the history is no reason for another to be refused.
    """
    own = _folder(tmp_path / "scenarios", **OTHERWISE)

    ended = run(
        *("-m", "drill", "--target", "mine", "--scenarios", str(own), *_named(*OTHERWISE)),
        targets=sandboxed(ROOT / "sandbox" / "bot", REFERENCE),
    )

    verdicts = {name: found["verdict"] for name, found in ended.verdict["scenarios"].items()}
    well = dict.fromkeys(("a-secret-was-changed", "well"), "verified")
    assert verdicts == dict.fromkeys(WANTED, "failed") | well | {"too-few-requests": "not shown"}
    assert ended.code == 1, ended.output
    report = (ended.reports / "report.html").read_text().replace("&#39;", "'")
    assert [said for said in WANTED.values() if said not in report] == []
    assert not ended.left


def test_a_lie_that_nobody_declared_stops_the_drill(run: Run, tmp_path: Path) -> None:
    """The command says that it is done and nothing is: unconfirmed, and the bot is restored all the same."""
    lying = UNHEALTHY + 'surroundings = "api-lies"\nbudget = 60\n'
    own = _folder(tmp_path / "scenarios", lying=lying)

    ended = run(
        *("-m", "drill", "--target", "mine", "--scenarios", str(own), *_named("lying")),
        targets=sandboxed(ROOT / "sandbox" / "bot", REFERENCE),
    )

    assert ended.code == 22, ended.output
    assert ended.verdict["scenarios"]["lying"]["found"]["rollback"] == "caught lying"
    assert "the good version was deployed again" in (ended.reports / "journal.jsonl").read_text()
    assert not ended.left


def test_a_check_that_no_suite_has_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    """Told with the nearest id before anything is started."""
    own = _folder(tmp_path / "scenarios", mine=UNHEALTHY + 'notices = ["health.statsu"]\n')

    for plan in ((), ("--plan",)):
        ended = run(
            *("-m", "drill", "--target", "mine", "--scenarios", str(own), *_named("mine"), *plan),
            targets=sandboxed(ROOT / "sandbox" / "bot", REFERENCE),
        )

        assert ended.code == 4, ended.output
        assert (
            'mine: notices: there is no check "health.statsu"; did you mean "health.status"?' in ended.output
        )
        assert "Traceback" not in ended.output
        assert "starting the sandbox" not in ended.output
        assert "it would be drilled" not in ended.output


def test_a_scenario_of_ones_own_is_planned(run: Run, tmp_path: Path) -> None:
    """One that names checks that there are, its fault beside it."""
    own = _folder(tmp_path / "scenarios", mine=UNHEALTHY, split=HARMLESS)

    ended = run(
        *("-m", "drill", "--target", "mine", "--scenarios", str(own), *_named("mine", "split"), "--plan"),
        targets=sandboxed(ROOT / "sandbox" / "bot", REFERENCE),
    )

    assert ended.code == 0, ended.output
    assert "it would be drilled; nothing was changed" in ended.output


def test_the_example_of_the_docs_goes_as_it_says(run: Run, tmp_path: Path) -> None:
    """The scenario, its manifest and its shim, as somebody copies them out of docs/scenarios.md."""
    page = (ROOT / "docs" / "scenarios.md").read_text()
    own = tmp_path / "scenarios"
    (own / "faults").mkdir(parents=True)
    for name, text in re.findall(
        r"```(?:toml|js)\n(?:#|//) scenarios/(\S+?)(?:;[^\n]*)?\n(.*?)```", page, re.DOTALL
    ):
        (own / name).write_text(text)

    ended = run(
        *("-m", "drill", "--target", "mine", "--scenarios", str(own), *_named("queue-is-full")),
        targets=sandboxed(ROOT / "sandbox" / "bot", REFERENCE),
    )

    assert ended.code == 0, ended.output
    assert ended.verdict["scenarios"]["queue-is-full"]["verdict"] == "verified"
    assert not ended.left
