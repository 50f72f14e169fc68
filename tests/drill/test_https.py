"""A bot that the sandbox serves over https, with an authority made for the run."""

from __future__ import annotations

import json

from tests.drill.conftest import ROOT, Run, sandboxed
from tests.drill.test_drills import REFERENCE

OF_HTTPS = ("health.certificate", "health.https", "health.tls")


def test_a_bot_over_https_looks_verified(run: Run) -> None:
    """The checks of https have something to look at, and every other one finds the bot as well as before."""
    ended = run("--target", "mine", targets=sandboxed(ROOT / "sandbox" / "bot", "tls = true\n" + REFERENCE))

    assert ended.code == 0, ended.output
    assert ended.verdict["verdict"] == "verified"
    assert "answers at https://127.0.0.1:" in ended.output
    records = [json.loads(line) for line in (ended.reports / "journal.jsonl").read_text().splitlines()]
    outcomes = {each["check"]: each["outcome"] for each in records if "check" in each and "outcome" in each}
    assert dict.fromkeys(OF_HTTPS, "pass") == {check: outcomes.get(check) for check in OF_HTTPS}
    assert not ended.left
