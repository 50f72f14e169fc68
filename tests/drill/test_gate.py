"""What must hold before a drill changes anything, and what ``--plan`` says of it."""

from __future__ import annotations

from pathlib import Path

from tests.drill.conftest import ROOT, Ended, Run, sandboxed, write_bot

HEALTH = 'health = { json = { status = "healthy" } }\n'
UNWELL = "export default { fetch() { return new Response('no', { status: 503 }) } };"
DRILL = ("-m", "drill", "--target", "mine", "--scenario", "health-check-failure")
ALWAYS = 'drills = { not_in = ["Mon 00:00-Mon 00:00"] }\n'


def _changed(ended: Ended) -> bool:
    return '"kind": "mutation-armed"' in (ended.reports / "journal.jsonl").read_text()


def test_a_bot_that_is_down_is_not_drilled(run: Run, tmp_path: Path) -> None:
    """Refused before any check, with its own words; and it says what it was refused with."""
    ended = run(*DRILL, targets=sandboxed(write_bot(tmp_path / "bot", UNWELL)))

    assert ended.code == 21, ended.output
    assert ended.verdict["verdict"] == "refused"
    assert "mine is down before the drill" in ended.output
    assert 1 == (ended.reports / "journal.jsonl").read_text().count('"kind": "tools-seen"')
    assert not _changed(ended)
    assert not ended.left


def test_a_bot_that_is_not_well_is_not_drilled(run: Run) -> None:
    """Its good stage is shown, nothing is deployed, and the refusal outweighs the failure.

    What the target accepts is accepted in the stages that are not reached too, and is not run there.
    """
    accepted = '[targets.mine.accept]\n"security.csp" = "it serves no pages"\n'
    targets = sandboxed(ROOT / "sandbox" / "bot", 'health = { json = { status = "splendid" } }\n' + accepted)

    ended = run(*DRILL, targets=targets)

    assert ended.code == 21, ended.output
    assert "the bot is not well before the drill" in ended.output
    assert "health.healthy" in ended.output
    assert not _changed(ended)
    assert not ended.left


def test_no_drill_in_an_exclusion_window(run: Run) -> None:
    """A verdict of its own, also for the plan."""
    targets = sandboxed(ROOT / "sandbox" / "bot", HEALTH + ALWAYS)

    ended = run(*DRILL, targets=targets)
    planned = run(*DRILL, "--plan", targets=targets)

    assert (ended.code, planned.code) == (21, 21), ended.output + planned.output
    assert "is not drilled in Mon 00:00-Mon 00:00 (UTC), and that is now" in ended.output
    assert "is not drilled in Mon 00:00-Mon 00:00 (UTC), and that is now" in planned.output


def test_a_plan_says_what_a_drill_would_do(run: Run) -> None:
    """Where, from which commit, which scenarios, and what they may cost; nothing is started."""
    targets = sandboxed(ROOT / "sandbox" / "bot", HEALTH)

    ended = run(*DRILL, "--plan", targets=targets)

    assert ended.code == 0, ended.output
    for wanted in (
        "account  a sandbox",
        "commit   ",
        "health-check-failure: deploys the bot under health-503",
        "may cost         2.0 minutes",
        "nothing was changed",
    ):
        assert wanted in ended.output
    assert ended.verdict == {}


def test_a_protected_worker_is_not_drilled_under_another_name(run: Run) -> None:
    """Somebody forgot the environment of staging; nobody is asked anything, for the plan neither."""
    project = ROOT / "sandbox" / "bot"
    targets = f'[targets.mine]\nurl = "https://staging.example.invalid"\nproject = "{project}"\n'
    targets += (
        '[targets.prod]\nurl = "https://bot.example.invalid"\nworker = "reference-bot"\nprotected = true\n'
    )

    ended = run(*DRILL, targets=targets)
    planned = run(*DRILL, "--plan", targets=targets)

    assert (21, 21) == (ended.code, planned.code), ended.output + planned.output
    for output in (ended.output, planned.output):
        assert "mine is not drilled: prod, which is protected, has its worker, or its address" in output
    assert not _changed(ended)
