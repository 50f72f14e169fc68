"""A limit that the bot promises is tried out at the end of a drill, and nowhere else."""

from __future__ import annotations

from tests.drill.conftest import ROOT, Run, sandboxed

TARGET = """
environment = "local"
health = { json = { status = "healthy" } }
rate_limit = { requests = 600, per_s = 60 }
"""


def test_the_limiter_is_asked_in_the_last_stage_only(run: Run) -> None:
    """Every other stage is looked at by a bot that answers, and says why it was not asked there."""
    ended = run(
        *("-m", "drill", "--target", "mine", "--scenario", "health-check-failure"),
        targets=sandboxed(ROOT / "sandbox" / "bot", TARGET),
    )

    assert ended.code == 0, ended.output
    seen = {
        stage: check
        for name, check in ended.verdict["checks"].items()
        for check_id, _, stage in [name.partition("@")]
        if check_id == "security.rate-limiter"
    }
    assert [check["outcome"] for check in seen.values()] == ["n/a", "n/a", "pass"]
    assert all("end of the drill" in check["message"] for check in list(seen.values())[:2])
    assert ended.verdict["requests"]["to_bot"] > 600
    assert not ended.left
