"""Somebody deploys in the middle of a drill: seen, left as it is, and told with what is left of ours."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backstop.polling import poll
from backstop.settings.wrangler_project import read_project
from soak.deployed_target import patient_bot
from tests.drill.conftest import LIMIT, ROOT, by_itself, descendants, temporary_of
from tests.rollback.incident import BOT, Incident, running_incident

SCENARIOS = ("--scenario", "health-check-failure", "--scenario", "security-regression")


@pytest.fixture(name="staging")
def staging_fixture(tmp_path: Path) -> Iterator[Incident]:
    """A worker in an account, as staging is: what a session leaves there outlives it."""
    with running_incident(tmp_path) as incident:
        ready, url = incident.sandbox.ready, incident.target.url
        credentials = {
            "CLOUDFLARE_API_BASE_URL": ready["api"],
            "CLOUDFLARE_API_TOKEN": ready["token"],
            "CLOUDFLARE_ACCOUNT_ID": ready["account"],
            "DISCORD_API_BASE_URL": ready["discord"],
            "DISCORD_STATUS_BASE_URL": ready["discord_status"],
            "DISCORD_TOKEN": ready["discord_token"],
            "THE_SIGNING_KEY": ready["signing_key"],
        }
        (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in credentials.items()))
        (tmp_path / "targets.toml").write_text(
            f'[targets.staging]\nurl = "{url}"\ncontrol = "{url}"\nproject = "{BOT}"\nenvironment = "local"\n'
            'health = { json = { status = "healthy" } }\nsigning_key = "env:THE_SIGNING_KEY"\n'
            f'discord_application_id = "{ready["application_id"]}"\n'
            "requests_per_minute = 6000\n"  # else the last stage waits for its turn
        )
        yield incident


@contextmanager
def _session(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A session in a process of its own; nothing of it is left afterwards."""
    argv, environment = _command(folder, *arguments)
    with subprocess.Popen(
        argv,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()
    assert not descendants(temporary_of(folder))


def _command(folder: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    argv = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments, "--target=staging"]
    argv += [f"--targets-file={folder / 'targets.toml'}", f"--reports={folder / 'reports'}"]
    return argv, by_itself() | {"TMPDIR": str(temporary_of(folder))}


def _until(folder: Path, kind: str) -> None:
    """Wait until the journal of the drill has a line of this kind."""

    def look() -> bool | None:
        journals = list((folder / "reports").glob("*-drill-staging/journal.jsonl"))
        return True if journals and f'"kind": "{kind}"' in journals[0].read_text() else None

    poll(look, deadline=LIMIT, what=f"a journal with {kind}")


def _verdict(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "reports" / "latest" / "verdict.json").read_text())
    return found


def test_a_hotfix_in_the_middle_of_a_drill_is_left_as_it_is(staging: Incident, tmp_path: Path) -> None:
    """Whenever it lands: unconfirmed, no second scenario, and where ours went over it that is said.

    `wrangler deploy` takes seconds, as does `wrangler rollback`: they may well meet. Where a fault was
    uploaded after the hotfix, the next edit would start from it: unrestored, and that is said too.
    """
    with _session(tmp_path, "-m", "drill", *SCENARIOS) as process:
        _until(tmp_path, "mutation-done")
        hotfix = staging.wrangler.deploy(message="a hotfix", tag="hotfix").version_id
        output, _ = process.communicate(timeout=LIMIT)

    faulty = "[backstop fault" in _newest(staging)["annotations"]["workers/message"]
    assert (23 if faulty else 22) == process.returncode, output
    assert ("unrestored" if faulty else "unconfirmed") == _verdict(tmp_path)["verdict"]
    assert ("is a fault of the drill" in output) == faulty
    assert "in the middle of the drill" in output
    assert ("went over it" in output) == (hotfix != staging.sandbox.serving(staging.worker))
    assert not list((tmp_path / ".backstop" / "undo").rglob("*.json"))


def test_a_fault_that_is_the_newest_upload_then_is_named_and_renewed(
    staging: Incident, tmp_path: Path
) -> None:
    """Somebody deployed an older version: unrestored, because the next edit would start from a fault."""
    older = staging.wrangler.versions_upload(message="an older one", tag="older").version_id
    with _session(tmp_path, "-m", "drill", *SCENARIOS) as process:
        _until(tmp_path, "mutation-undone")  # from here on the next fault is uploaded ahead
        staging.deploy_by_hand(older)
        output, _ = process.communicate(timeout=LIMIT)
    with _session(tmp_path, "-m", "post_rollback", "--restore", "--yes") as restoring:
        restored, _ = restoring.communicate(timeout=LIMIT)

    assert 23 == process.returncode, output
    assert f"the newest upload of {staging.worker} is a fault of the drill" in output
    assert 0 == restoring.returncode, restored
    assert "the same code as what serves" in restored
    assert older == staging.sandbox.serving(staging.worker)


def test_a_drill_that_is_interrupted_between_two_stages_leaves_a_good_upload(
    staging: Incident, tmp_path: Path
) -> None:
    """While the good version is looked at, the next fault is uploaded: that is waited for, and renewed."""
    with _session(tmp_path, "-m", "drill", *SCENARIOS) as process:
        _until(tmp_path, "mutation-undone")
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=LIMIT)
    newest = _newest(staging)

    assert 2 == process.returncode, output
    assert staging.good == staging.sandbox.serving(staging.worker)
    assert newest["annotations"]["workers/message"].startswith("drill: a good build again"), newest


def _planned(folder: Path) -> tuple[int, str]:
    """How a plan ends, and what it says; a session may be at work beside it."""
    argv, environment = _command(folder, "-m", "drill", *SCENARIOS, "--plan")
    planned = subprocess.run(
        argv, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    return planned.returncode, planned.stdout + planned.stderr


def test_a_plan_is_refused_as_the_drill_would_be(staging: Incident, tmp_path: Path) -> None:
    """Where another machine's fault serves, be the health path well, and while another session is at work."""
    good, bad = staging.good, staging.wrangler.versions_upload(message="unwell elsewhere", tag="x").version_id
    _deploy_marked(staging, bad, f"drill: x [backstop fault 12345678 from={good} to={bad}]")
    left = _planned(tmp_path)
    _deploy_marked(staging, good, f"drill: restore [backstop drill 12345678 from={bad} to={good}]")
    with _session(tmp_path, "-m", "drill", *SCENARIOS) as process:
        _until(tmp_path, "mutation-armed")
        busy = _planned(tmp_path)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=LIMIT)
    free = _planned(tmp_path)

    assert (23, 21, 0) == (left[0], busy[0], free[0]), left[1] + busy[1] + free[1]
    assert f"the fault {bad} that the drill of run 12345678 deployed still serves" in left[1]
    assert "another session on this machine is changing" in busy[1]
    assert "it would be drilled; nothing was changed" in free[1]


def test_a_worker_that_the_address_does_not_lead_to_is_not_drilled(staging: Incident, tmp_path: Path) -> None:
    """A forgotten wrangler_env: the address is staging's, the project deploys production."""
    project = patient_bot(tmp_path / "production")
    config = project / "wrangler.toml"
    config.write_text(config.read_text().replace(f'name = "{staging.worker}"', 'name = "production"'))
    other = replace(staging.wrangler, project=read_project(project), worker="production")
    before = other.deploy(message="production", tag="p").version_id
    targets = tmp_path / "targets.toml"
    targets.write_text(targets.read_text().replace(str(BOT), str(project)))

    planned = _planned(tmp_path)
    with _session(tmp_path, "-m", "drill", *SCENARIOS) as process:
        output, _ = process.communicate(timeout=LIMIT)

    assert (21, 21) == (planned[0], process.returncode), planned[1] + output
    for said in (planned[1], output):
        assert "which production never had" in said
    assert [before] == [
        each["version_id"]
        for entry in staging.sandbox.deployments("production")
        for each in entry["versions"]
    ]


def _deploy_marked(staging: Incident, version: str, message: str) -> None:
    shares = [{"version_id": version, "percentage": 100}]
    body = {
        "strategy": "percentage",
        "versions": shares,
        "annotations": {"workers/message": message},
    }
    staging.sandbox.result("POST", f"{staging.sandbox.script(staging.worker)}/deployments", json=body)


def _newest(staging: Incident) -> dict[str, Any]:
    path = f"{staging.sandbox.script(staging.worker)}/versions?deployable=true"
    found: dict[str, Any] = staging.sandbox.result("GET", path)["items"][0]
    return found
