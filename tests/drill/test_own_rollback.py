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
HEALTH, LIES, REFUSED = "health-check-failure", "rollback-lies", "rollback-refused"
MIGRATION = "rollback-refused-migration"
OWN = 'title = "unwell, and soon over"\nfault = "health-503"\nbudget = 4\n'
DETACHES = """
import os, time

if not os.fork():
    os.setsid()
time.sleep(600)
"""
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


def _drill(run: Run, command: str, *scenarios: str, own: Path | None = None) -> Ended:
    named = [word for name in scenarios or (HEALTH,) for word in ("--scenario", name)]
    more = ("--scenarios", str(own)) if own else ()
    return run(
        *("-m", "drill", "--target", "mine", *named, *more, "--rollback-command", command),
        targets=sandboxed(ROOT / "sandbox" / "bot", PRODUCTION),
    )


def _verdicts(ended: Ended) -> dict[str, str]:
    return {name: found["verdict"] for name, found in ended.verdict["scenarios"].items()}


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


def test_a_command_that_hangs_is_stopped_and_the_bot_restored(run: Run, tmp_path: Path) -> None:
    """After the budget of its scenario; nothing of it is left, nor of what it made a session of its own."""
    own = tmp_path / "scenarios"
    own.mkdir()
    (own / "soon-over.toml").write_text(OWN)

    (tmp_path / "detach.py").write_text(DETACHES)

    ended = _drill(run, f"{sys.executable} {tmp_path / 'detach.py'}", "soon-over", own=own)

    assert ended.code == 1, ended.output
    assert "the rollback command hung: it had not ended after 4 s and was killed and left" in ended.output
    assert "running, detached, which was ended" in ended.output
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


@pytest.mark.parametrize("plan", [(), ("--plan",)])
def test_a_command_that_is_not_there_breaks_nothing(run: Run, plan: tuple[str, ...]) -> None:
    """It is looked for before anything is deployed, and for the plan too."""
    targets = sandboxed(ROOT / "sandbox" / "bot", PRODUCTION)

    ended = run(
        *("-m", "drill", "--target", "mine", "--scenario", HEALTH, *plan),
        *("--rollback-command", "there-is-no-such-program {reason}"),
        targets=targets,
    )

    assert ended.code == 4, ended.output
    assert "there is no program there-is-no-such-program in the PATH" in ended.output
    assert "starting the sandbox" not in ended.output


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


def test_a_command_that_rolls_back_and_looks_passes(run: Run, tmp_path: Path) -> None:
    """Real wrangler, given the version that served before; where the API lies it says that it has failed."""
    script = tmp_path / "careful.py"
    script.write_text(CAREFUL)

    ended = _drill(run, f"{sys.executable} {script} {{worker}} {{to}}", HEALTH, LIES)

    assert ended.code == 0, ended.output
    assert {HEALTH: "verified", LIES: "verified"} == _verdicts(ended)
    assert "caught lying" == ended.verdict["scenarios"][LIES]["found"]["rollback"]
    assert "command_s" in ended.verdict["timings"]
    assert not ended.left


def test_a_command_that_only_believes_is_found_out(run: Run) -> None:
    """Each in its own scenario; where a migration holds it back it fails, as it should.

    The API tells it of success, and nothing is deployed: only a look at what serves shows that. Without
    a terminal wrangler goes back over a changed secret: the old one, which may have leaked, is there again.
    """
    believes = "npx wrangler rollback {to} --env production --message {reason} --yes"

    ended = _drill(run, believes, LIES, REFUSED, MIGRATION)

    assert ended.code == 1, ended.output
    assert {LIES: "failed", REFUSED: "failed", MIGRATION: "verified"} == _verdicts(ended)
    assert "the rollback command lied, wanted caught lying" in ended.output
    assert "the rollback ended done, wanted refused" in ended.output
    assert "refused" == ended.verdict["scenarios"][MIGRATION]["found"]["rollback"]
    assert "a Durable Object migration was applied after it" in (ended.reports / "journal.jsonl").read_text()
    assert not ended.left


def test_a_command_that_fails_where_it_must_refuse_is_right(run: Run) -> None:
    """It has no words for why; that nothing was changed is what counts."""
    ended = _drill(run, "false", REFUSED)

    assert ended.code == 0, ended.output
    assert not ended.left
