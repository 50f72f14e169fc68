"""Bots of different make are drilled by the same code, each described by a targets file of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from backstop.drill.scenarios import fitting, load_scenarios
from backstop.model.target import Command, Target
from fixtures.session import FAULTS, SCENARIOS
from tests.drill.conftest import ROOT, Run

BOTS = ROOT / "tests" / "bots"
# Of what any bot can show, what differs by its make; that one is drilled in all of them is shown by our own.
OF_SIGNATURES, OF_HEADERS, OF_HEALTH = "discord-integration", "security-regression", "health-check-failure"
WITHOUT_HEALTH = (
    "bad-version-is-also-the-previous-one",
    "commands-renamed",
    "deployment-failure",
    "discord-integration",
    "endpoint-dropped",
    "leaked-secret",
    "partial-deploy",
    "rollback-lies",
    "rollback-refused",
    "rollback-refused-migration",
    "security-incident",
    "security-regression",
)


def _cloned(bot: str, folder: Path) -> str:
    """The bot in a repository of its own, with its dependencies installed; its targets file."""
    there = folder / bot
    shutil.copytree(BOTS / bot, there, ignore=shutil.ignore_patterns("build", "node_modules"))
    (there / "node_modules").symlink_to(ROOT / "node_modules")
    targets = (there / "targets.toml").read_text()
    return targets.replace('project = "."', f'project = "{there}"').replace(
        'payload = "', f'payload = "{there}/'
    )


@pytest.mark.parametrize(
    ("bot", "scenarios"),
    [
        pytest.param(
            "hono",
            (OF_SIGNATURES, OF_HEADERS, OF_HEALTH),
            id="Hono: subcommands, a direct message, a button, a form, suggestions",
        ),
        pytest.param(
            "itty",
            (OF_SIGNATURES, "partial-deploy", "rollback-refused-migration"),
            id="itty-router in TypeScript: no health, an answer that comes later",
        ),
        pytest.param("creator", (OF_SIGNATURES, OF_HEADERS), id="a framework that does everything"),
        pytest.param("wasm", (OF_SIGNATURES, OF_HEALTH), id="a build of its own, and WebAssembly"),
    ],
)
def test_a_bot_is_drilled(run: Run, tmp_path: Path, bot: str, scenarios: tuple[str, ...]) -> None:
    """A few scenarios that it can show, and nothing that its make makes red."""
    names = [word for name in scenarios for word in ("--scenario", name)]

    ended = run("-m", "drill", "--target", "local", *names, targets=_cloned(bot, tmp_path))

    assert ended.code == 0, ended.output
    assert dict.fromkeys(scenarios, "verified") == {
        name: each["verdict"] for name, each in ended.verdict["scenarios"].items()
    }, ended.output
    assert not ended.left


def test_what_a_bot_merely_does_another_way_is_no_finding(run: Run, tmp_path: Path) -> None:
    """Pages beside the API, a strict CSP, gzip, 501, redirects of /: all that blocks is what must not be."""
    ended = run("--target", "local", targets=_cloned("pages", tmp_path))

    found = {name: each for name, each in ended.verdict["checks"].items() if each["outcome"] == "degraded"}
    assert ended.code == 0, ended.output
    assert {"low"} == {each["severity"] for name, each in found.items() if name != "security.methods"}


def test_what_a_bot_without_health_can_not_show_is_all_that_is_left_out() -> None:
    """Every scenario there is can be shown by it, or changes what a health path answers."""
    scenarios = load_scenarios((SCENARIOS,), (FAULTS,))

    found = fitting(scenarios, Target("itty", sandbox=True, health=None, commands=(Command("greet"),)))

    assert set(WITHOUT_HEALTH) == {scenario.name for scenario in found.scenarios}
    assert len(scenarios) == len(found.scenarios) + len(found.left_out)
    assert all("has no health endpoint (health = false)" in why for why in found.left_out)


def test_a_scenario_that_a_bot_can_not_show_is_left_out_and_said(run: Run, tmp_path: Path) -> None:
    """A bot without a health endpoint can't be unhealthy."""
    targets = _cloned("itty", tmp_path)
    all_of_them = run("--scenario", "security-regression", "-m", "drill", "--collect-only", targets=targets)
    asked = run("-m", "drill", "--scenario", "health-check-failure", targets=targets)

    assert all_of_them.code == 0, all_of_them.output
    assert asked.code == 4, asked.output
    assert "has no health endpoint (health = false)" in asked.output


def test_a_bot_that_loses_what_makes_it_special_is_red(run: Run, tmp_path: Path) -> None:
    """Subcommands, direct messages and raw interactions are looked at, not only sent."""
    targets = _cloned("hono", tmp_path)
    replies = tmp_path / "hono" / "src" / "replies.js"
    broken = replies.read_text().replace("options[0].type <= 2", "options[0].type < 1")
    replies.write_text(broken.replace("interaction.user ?", "!interaction.user ?"))
    (tmp_path / "hono" / "interactions" / "form.json").write_text('{"type": 3, "data": {"custom_id": "x"}}')

    ended = run("-m", "discord", "--target", "local", targets=targets)

    failed = {name for name, check in ended.verdict["checks"].items() if check["outcome"] == "fail"}
    assert ended.code == 1, ended.output
    assert {"discord.commands.content", "discord.interactions"} <= failed
