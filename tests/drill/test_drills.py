"""A drill is verified only when every scenario broke the bot, was noticed, and was rolled back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drill.conftest import ROOT, Run, sandboxed

TYPESCRIPT = """
health = { path = "/healthz", json = { ok = true } }
interactions = { path = "/interactions" }
required_secrets = ["DISCORD_TOKEN", "DISCORD_PUBLIC_KEY"]
[[targets.mine.commands]]
name = "ping"
expect = { type = 4 }
"""
REFERENCE = """
environment = "local"
health = { json = { status = "healthy" } }
"""
SCENARIOS = ROOT / "suites" / "drills" / "scenarios"
BRIEF = ("--scenario", "discord-integration", "--scenario", "security-regression")
HARMLESS = 'import * as bot from "the-bot";\nexport * from "the-bot";\nexport default bot.default;\n'
MANIFEST = 'changes = "nothing"\nnoticed_by = ["health.status"]\nseverity = "critical"\n'
SCENARIO = 'title = "a fault that was taken out"\nfault = "{fault}"\n'


def test_the_reference_bot_is_drilled(run: Run) -> None:
    """All scenarios, red where they must be and green around it, and everything it leaves.

    Its drills are out of date before, and up to date afterwards.
    """
    targets = (ROOT / "targets.toml").read_text().replace('"sandbox/bot', f'"{ROOT / "sandbox" / "bot"}')

    before = run("-m", "drill_freshness", "--target", "local", targets=targets)
    ended = run("-m", "drill", "--target", "local", targets=targets)
    after = run("-m", "drill_freshness", "--target", "local", targets=targets)

    assert ended.code == 0, ended.output
    assert ended.verdict["verdict"] == "verified"
    assert {s["verdict"] for s in ended.verdict["scenarios"].values()} == {"verified"}
    assert set(ended.verdict["scenarios"]) == {path.stem for path in SCENARIOS.glob("*.toml")}
    assert all(not s["missed"] and s["noticed"] for s in ended.verdict["scenarios"].values())
    assert "the same code as what serves" in ended.output
    assert "as at the start: what serves, secrets by name, crons, the custom domain, security" in ended.output
    assert 0 < ended.verdict["timings"]["longest_outage_s"] <= ended.verdict["timings"]["downtime_s"]
    drilled = next(ended.reports.parent.glob("*-drill-local"))
    assert "plain requests failed" in (drilled / "report.html").read_text()
    assert "**VERIFIED** · drill of local (reference-bot, in a sandbox)" in ended.output
    assert (1, 0) == (before.code, after.code), before.output + after.output
    outcomes = {name: s["found"]["rollback"] for name, s in ended.verdict["scenarios"].items()}
    assert {name: outcome for name, outcome in outcomes.items() if outcome != "done"} == {
        "commands-renamed": "done, not mended",
        "endpoint-dropped": "done, not mended",
        "rollback-lies": "caught lying",
        "rollback-refused": "refused",
        "rollback-refused-migration": "refused",
    }
    assert ended.verdict["scenarios"]["leaked-secret"]["found"]["decision"].startswith("rotate the secret")
    assert "✓ 38-good-slow-tail" in ended.output
    left = {path.name for path in drilled.iterdir()}
    assert {
        "journal.jsonl",
        "verdict.json",
        "report.html",
        "incident.md",
        "summary.md",
        "junit.xml",
        "allure-results",
        "benchmark.json",
    } <= left
    assert not ended.left


def test_a_typescript_bot_is_drilled_by_the_same_code(run: Run) -> None:
    """Another bot: TypeScript, an npm dependency for its signatures, other paths, no version shown."""
    ended = run(
        *("-m", "drill", "--target", "mine", *BRIEF),
        targets=sandboxed(ROOT / "tests/bots/typescript", TYPESCRIPT),
    )

    assert ended.code == 0, ended.output
    assert {s["verdict"] for s in ended.verdict["scenarios"].values()} == {"verified"}
    assert not ended.left


def _own_scenario(folder: Path, shim: str) -> Path:
    (folder / "faults").mkdir(parents=True)
    (folder / "taken-out.toml").write_text(SCENARIO.format(fault="harmless"))
    (folder / "faults" / "harmless.toml").write_text(MANIFEST)
    (folder / "faults" / "harmless.js").write_text(shim)
    return folder


def test_a_fault_that_was_taken_out_fails_the_drill(run: Run, tmp_path: Path) -> None:
    """The check that had to notice stayed green: it proves nothing, so the drill is no proof."""
    own = _own_scenario(tmp_path / "scenarios", HARMLESS)

    ended = run(
        *("-m", "drill", "--target", "mine", "--scenarios", str(own), "--scenario", "taken-out"),
        targets=sandboxed(ROOT / "sandbox" / "bot", REFERENCE),
    )

    assert ended.code == 1, ended.output
    assert ended.verdict["scenarios"]["taken-out"]["missed"] == ["health.status"]
    assert not ended.left


@pytest.mark.parametrize(
    ("shim", "code"),
    [
        pytest.param("this is no JavaScript", 4, id="does not build"),
        pytest.param('export default {}; throw new Error("at start");', 1, id="throws at start"),
    ],
)
def test_a_fault_that_can_not_be_deployed_is_not_shown(
    run: Run, tmp_path: Path, shim: str, code: int
) -> None:
    """An error in a stage's set-up is never taken for a noticed fault."""
    own = _own_scenario(tmp_path / "scenarios", shim)

    ended = run(
        *("-m", "drill", "--target", "mine", "--scenarios", str(own), "--scenario", "taken-out"),
        targets=sandboxed(ROOT / "sandbox" / "bot", REFERENCE),
    )

    assert ended.code == code, ended.output
    assert ended.verdict["scenarios"]["taken-out"]["noticed"] == []
    assert ended.verdict["scenarios"]["taken-out"]["verdict"] != "verified"
    assert not ended.left


def test_a_protected_target_is_never_drilled(run: Run) -> None:
    """Refused before anything is started, with a report that says so."""
    targets = sandboxed(ROOT / "sandbox" / "bot", "protected = true\n" + REFERENCE)

    ended = run("-m", "drill", "--target", "mine", *BRIEF, targets=targets)

    assert ended.code == 21, ended.output
    assert ended.verdict["verdict"] == "refused"
    assert "protected" in ended.output


def test_an_unknown_scenario_is_named(run: Run) -> None:
    """Wrong usage, with the nearest right name."""
    targets = sandboxed(ROOT / "sandbox" / "bot", REFERENCE)

    ended = run("-m", "drill", "--target", "mine", "--scenario", "health-chek", targets=targets)

    assert ended.code == 4, ended.output
    assert "health-check-failure" in ended.output
    assert "Traceback" not in ended.output
