"""A team's own rollback command under a drill: judged by what the API and the edge say, not by its words."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from backstop.cloudflare.toolchain import node
from tests.drill.conftest import ROOT, Ended, Run, sandboxed

SCRIPT = ROOT / "docs" / "procedure" / "emergency-rollback.sh"
PRODUCTION = """
wrangler_env = "production"
environment = "production"
health = { json = { status = "healthy" } }
"""
OWN = 'title = "unwell, and soon over"\nfault = "health-503"\nbudget = 4\n'
MEDDLES = """
import json, os, sys, urllib.request

worker, version = sys.argv[1:]
base = os.environ["CLOUDFLARE_API_BASE_URL"] + "/accounts/" + os.environ["CLOUDFLARE_ACCOUNT_ID"]
token = "Bearer " + os.environ["CLOUDFLARE_API_TOKEN"]


def send(method, path, body):
    headers = {"Authorization": token, "Content-Type": "application/json"}
    url = f"{base}/workers/scripts/{worker}/{path}"
    asked = urllib.request.Request(url, json.dumps(body).encode(), headers, method=method)
    urllib.request.urlopen(asked, timeout=10)


shares = [{"version_id": version, "percentage": 100}]
send("POST", "deployments", {"strategy": "percentage", "versions": shares})
send("PUT", "schedules", [{"cron": "1 2 3 4 *"}])
"""


@pytest.fixture(autouse=True)
def _npx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a Node that wrangler runs on, and its npx, first in the path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    entry = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npx-cli.js"
    (folder / "node").symlink_to(node())
    (folder / "npx").write_text(f'#!/bin/sh\nexec "{node()}" "{entry}" "$@"\n')
    (folder / "npx").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def _drill(run: Run, command: str, *more: str, scenario: str = "health-check-failure") -> Ended:
    return run(
        *("-m", "drill", "--target", "mine", "--scenario", scenario, *more),
        *("--rollback-command", command),
        targets=sandboxed(ROOT / "sandbox" / "bot", PRODUCTION),
    )


def test_the_script_of_the_procedure_does_nothing(run: Run) -> None:
    """The line that it takes for a version is a ruler of the table, so that wrangler refuses it."""
    ended = _drill(run, f"{SCRIPT} {{reason}} {{url}}")

    assert ended.code == 1, ended.output
    assert ended.verdict["scenarios"]["health-check-failure"]["verdict"] == "failed"
    assert "the rollback command did nothing: it ended with exit code 1" in ended.output
    assert "Version ──" in ended.output
    assert "could not be found for this Worker" in ended.output
    assert ended.verdict["checks"]["drills.witnesses@2-good-health-check-failure"]["outcome"] == "fail"
    assert ended.verdict["checks"]["health.status@2-good-health-check-failure"]["outcome"] == "pass"
    assert not ended.left


def test_a_command_that_rolls_back_passes(run: Run) -> None:
    """Real wrangler, given the version that served before."""
    ended = _drill(run, "npx wrangler rollback {to} --env production --message {reason} --yes")

    assert ended.code == 0, ended.output
    assert ended.verdict["scenarios"]["health-check-failure"]["verdict"] == "verified"
    assert "command_s" in ended.verdict["timings"]
    assert not ended.left


def test_a_command_that_hangs_is_stopped_and_the_bot_restored(run: Run, tmp_path: Path) -> None:
    """After the budget of its scenario; nothing of it is left."""
    own = tmp_path / "scenarios"
    own.mkdir()
    (own / "soon-over.toml").write_text(OWN)

    ended = _drill(run, "sh -c 'sleep 600 & wait'", "--scenarios", str(own), scenario="soon-over")

    assert ended.code == 1, ended.output
    assert "the rollback command hung: it had not ended after 4 s and was killed" in ended.output
    assert ended.verdict["checks"]["health.status@2-good-soon-over"]["outcome"] == "pass"
    assert not ended.left


def test_a_command_that_changes_more_is_unrestored(run: Run, tmp_path: Path) -> None:
    """It rolls back, and sets a cron: what a drill finds otherwise than at its start it says."""
    script = tmp_path / "meddle.py"
    script.write_text(MEDDLES)

    ended = _drill(run, f"{sys.executable} {script} {{worker}} {{to}}")

    assert ended.code == 23, ended.output
    assert "crons: found 1 2 3 4 *, at the start it was none" in ended.output
    assert not ended.left


def test_it_is_only_drilled(run: Run) -> None:
    """In an incident nothing is tried out."""
    targets = sandboxed(ROOT / "sandbox" / "bot", PRODUCTION)

    ended = run("-m", "post_rollback", "--target", "mine", "--rollback-command", "true", targets=targets)

    assert ended.code == 4, ended.output
    assert "--rollback-command goes with -m drill" in ended.output


CAREFUL = """
import json, os, subprocess, sys, urllib.request

worker, version = sys.argv[1:]
base = os.environ["CLOUDFLARE_API_BASE_URL"] + "/accounts/" + os.environ["CLOUDFLARE_ACCOUNT_ID"]
token = "Bearer " + os.environ["CLOUDFLARE_API_TOKEN"]
asked = urllib.request.Request(f"{base}/workers/scripts/{worker}/deployments")
asked.add_header("Authorization", token)
words = ["npx", "wrangler", "rollback", version, "--env", "production", "--yes", "--message", "careful"]
subprocess.run(words, check=True)
serves = json.load(urllib.request.urlopen(asked, timeout=10))["result"]["deployments"][0]["versions"]
sys.exit(serves[0]["version_id"] != version)
"""


def test_a_command_that_believes_a_lie_is_found_out_and_one_that_looks_is_not(
    run: Run, tmp_path: Path
) -> None:
    """The API tells it of success and nothing is deployed: only a look at what serves shows that."""
    script = tmp_path / "careful.py"
    script.write_text(CAREFUL)
    believes = "npx wrangler rollback {to} --env production --message {reason} --yes"

    credulous = _drill(run, believes, scenario="rollback-lies")
    careful = _drill(run, f"{sys.executable} {script} {{worker}} {{to}}", scenario="rollback-lies")

    assert credulous.code == 1, credulous.output
    assert "the rollback command lied, wanted caught lying" in credulous.output
    assert careful.code == 0, careful.output
    assert "caught lying" == careful.verdict["scenarios"]["rollback-lies"]["found"]["rollback"]
    assert not credulous.left
    assert not careful.left


def test_a_command_that_goes_back_over_a_changed_secret_is_found_out(run: Run) -> None:
    """Without a terminal wrangler forces it: the old secret, which may have leaked, is back."""
    forces = "npx wrangler rollback {to} --env production --message {reason} --yes"

    forced = _drill(run, forces, scenario="rollback-refused")
    refuses = _drill(run, "false", scenario="rollback-refused")

    assert forced.code == 1, forced.output
    assert "the rollback ended done, wanted refused" in forced.output
    assert refuses.code == 0, refuses.output
    assert not forced.left
    assert not refuses.left


def test_a_command_that_a_migration_holds_back_is_right(run: Run) -> None:
    """Cloudflare refuses it, forced or not; a command that says that it failed has done what can be done."""
    forces = "npx wrangler rollback {to} --env production --message {reason} --yes"

    ended = _drill(run, forces, scenario="rollback-refused-migration")

    assert ended.code == 0, ended.output
    assert "refused" == ended.verdict["scenarios"]["rollback-refused-migration"]["found"]["rollback"]
    journal = (ended.reports / "journal.jsonl").read_text()
    assert "a Durable Object migration was applied after it" in journal
    assert not ended.left
