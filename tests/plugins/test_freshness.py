"""``-m drill_freshness``: red when drills are out of date, and it asks nobody."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backstop.score.record import ScenarioRecord
from backstop.score.shelf import DrillRecords
from tests.plugins.conftest import ROOT, FakeBot, SessionRunner
from tests.unit.drills import drilled, entry

SCENARIOS = {
    path.stem: tomllib.loads(path.read_text())
    for path in sorted((ROOT / "suites" / "drills" / "scenarios").glob("*.toml"))
}
OURS = [name for name, members in SCENARIOS.items() if "staging" in members.get("places", ["staging"])]
FAULTS = {name: SCENARIOS[name].get("fault", "new-version") for name in OURS}
PROJECT = 'project = "bot"\n'


@pytest.fixture
def freshness(session: SessionRunner, fake_bot: FakeBot, pytester: pytest.Pytester) -> SessionRunner:
    """Sessions with the suite of freshness, of a deployed target that has a project."""
    source = (ROOT / "suites" / "freshness" / "test_drills.py").read_text()
    session.suite(source, "freshness")
    bot = pytester.mkdir("bot")
    (bot / "index.js").write_text("")
    (bot / "wrangler.toml").write_text('name = "mine"\nmain = "index.js"\n')
    _described(pytester.path, fake_bot.url)
    return session


def _described(folder: Path, url: str, more: str = "") -> None:
    text = f'[targets.mine]\nurl = "{url}"\ncontrol = "{url}"\n{PROJECT}{more}'
    text += '[[targets.mine.commands]]\nname = "ping"\n'
    (folder / "targets.toml").write_text(text)


def _keep(directory: Path, days: int = 0, failed: str = "", place: str = "staging") -> None:
    """A drill of all scenarios, so many days ago."""
    entries = [
        entry(name, "failed" if name == failed else "verified", fault=fault) for name, fault in FAULTS.items()
    ]
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=days)
    record = drilled(*entries, at=at, target="mine", worker="mine", place=place, exit_code=1 if failed else 0)
    DrillRecords(directory).keep(record)


def _keep_these(folder: Path, entries: list[ScenarioRecord], at: datetime) -> None:
    """One drill, of these scenarios."""
    record = drilled(*entries, at=at, target="mine", worker="mine")
    DrillRecords(folder / ".backstop" / "drills").keep(record)


def test_never_drilled(freshness: SessionRunner, fake_bot: FakeBot) -> None:
    """Red, with each scenario and what to type; the bot is not asked."""
    ended = freshness.run("-m", "drill_freshness")

    assert 1 == ended.code, ended.output
    assert all(f"{name}: never run" in ended.output for name in OURS)
    assert "→ pytest -m drill --target mine\n" in ended.output
    assert ended.verdict is not None
    assert "drill, before a rollback is relied upon" == ended.verdict["decision"]
    assert 0 == fake_bot.asked


@pytest.mark.parametrize("where", [".backstop/drills", "reports/drills"])
def test_drilled_today(freshness: SessionRunner, pytester: pytest.Pytester, where: str) -> None:
    """Green, whichever of the two places has the record."""
    _keep(pytester.path / where)

    ended = freshness.run("-m", "drill_freshness")

    assert 0 == ended.code, ended.output


def test_drilled_too_long_ago(freshness: SessionRunner, pytester: pytest.Pytester) -> None:
    """Out of date is as good as never."""
    _keep(pytester.path / ".backstop" / "drills", days=37)

    ended = freshness.run("-m", "drill_freshness")

    assert 1 == ended.code, ended.output
    assert "out of date; last pass" in ended.output


def test_drilled_in_the_sandbox_only(freshness: SessionRunner, pytester: pytest.Pytester) -> None:
    """That proves nothing of where the bot is deployed."""
    _keep(pytester.path / ".backstop" / "drills", place="sandbox")

    assert 1 == freshness.run("-m", "drill_freshness").code


def test_one_failed_since(freshness: SessionRunner, pytester: pytest.Pytester) -> None:
    """It is the one that is named."""
    _keep(pytester.path / ".backstop" / "drills", days=3)
    _keep(pytester.path / ".backstop" / "drills", days=1, failed=OURS[0])

    ended = freshness.run("-m", "drill_freshness")

    assert 1 == ended.code, ended.output
    assert f"1 of {len(OURS)} scenarios failed when they were last drilled" in ended.output
    assert ended.verdict is not None
    outcomes = {name: check["outcome"] for name, check in ended.verdict["checks"].items()}
    assert {
        "freshness.drilled": "pass",
        "freshness.passed": "fail",
        "freshness.objective": "pass",
    } == outcomes


def test_one_was_another_when_it_was_drilled(freshness: SessionRunner, pytester: pytest.Pytester) -> None:
    """The pass of another fault under its name is not its own, and it says so."""
    at = datetime.now(UTC).replace(microsecond=0)
    entries = [
        replace(entry(name, fault=fault), digest="0" if name == OURS[0] else "")
        for name, fault in FAULTS.items()
    ]
    _keep_these(pytester.path, entries, at)

    ended = freshness.run("-m", "drill_freshness")

    assert 1 == ended.code, ended.output
    assert f"1 of {len(OURS)} scenarios have no pass of the last 35 days" in ended.output
    assert f"{OURS[0]}: changed since; its pass of {at.date()} does not count" in ended.output


def test_one_took_longer_than_is_allowed(freshness: SessionRunner, pytester: pytest.Pytester) -> None:
    """It passed, and would not be in time."""
    at = datetime.now(UTC).replace(microsecond=0)
    entries = [
        entry(name, verified=1000.0 if name == OURS[0] else 2.0, fault=fault)
        for name, fault in FAULTS.items()
    ]
    _keep_these(pytester.path, entries, at)

    ended = freshness.run("-m", "drill_freshness")

    assert 1 == ended.code, ended.output
    assert f"{OURS[0]}: 1000 s, wanted at most" in ended.output
    assert ended.verdict is not None
    outcomes = {name: check["outcome"] for name, check in ended.verdict["checks"].items()}
    assert {
        "freshness.drilled": "pass",
        "freshness.passed": "pass",
        "freshness.objective": "fail",
    } == outcomes


def test_state_of_a_team(freshness: SessionRunner, pytester: pytest.Pytester, fake_bot: FakeBot) -> None:
    """``[state]`` names the directory that records are read from."""
    _described(pytester.path, fake_bot.url, '[state]\ndirectory = "shared"\n')
    _keep(pytester.path / "shared" / "drills")

    assert 0 == freshness.run("-m", "drill_freshness").code


@pytest.mark.parametrize("more", ["protected = true\n", ""])
def test_a_target_that_is_never_drilled(
    freshness: SessionRunner, pytester: pytest.Pytester, fake_bot: FakeBot, more: str
) -> None:
    """To ask is wrong usage: neither fresh nor out of date."""
    _described(pytester.path, fake_bot.url, more)
    if not more:
        freshness.target(fake_bot.url)

    ended = freshness.run("-m", "drill_freshness")

    assert 4 == ended.code, ended.output
    assert "name the target that its drills take place on" in ended.output


def test_no_other_session_has_these_checks(freshness: SessionRunner, pytester: pytest.Pytester) -> None:
    """They say nothing of the bot."""
    freshness.suite(
        'import pytest\n@pytest.mark.check("health.x", severity="low", step="")\n'
        'def test_x(looks):\n    "x"\n'
    )

    ended = freshness.run()

    assert 0 == ended.code, ended.output
    assert ended.verdict is not None
    assert ["health.x"] == list(ended.verdict["checks"])


def test_its_journal_names_no_place(freshness: SessionRunner, pytester: pytest.Pytester) -> None:
    """It drills nothing, and leaves no record."""
    freshness.run("-m", "drill_freshness")

    lines = (pytester.path / "reports" / "latest" / "journal.jsonl").read_text().splitlines()
    assert "" == json.loads(lines[0])["place"]
    assert not (pytester.path / "reports" / "drills").exists()


@pytest.mark.parametrize("plan", [(), ("--plan",)])
def test_a_target_without_a_project_is_no_place_for_drills(
    session: SessionRunner, plan: tuple[str, ...]
) -> None:
    """It is wrong usage, whatever else is missing: not a credential that somebody would look for."""
    ended = session.run("-m", "drill", *plan)

    assert 4 == ended.code, ended.output
    assert "mine has no project: it can't be drilled" in ended.output
