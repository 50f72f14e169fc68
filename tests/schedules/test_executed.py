"""What ``schedules/`` ships is run as it stands: by sh as cron does, by words as systemd does, by bash."""

from __future__ import annotations

import fcntl
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from backstop.process import run
from tests.schedules.instructions import ROOT, block_of, run_blocks
from tests.unit.loopback import api
from tools.schedules.crontab import crontab
from tools.schedules.github import workflow
from tools.schedules.systemd import PROGRAM, units
from tools.schedules.table import JOBS, Job, variable

BASH = shutil.which("bash") or "bash"
STUB = """#!/bin/sh
printf '%s|' "$@" >> "$CALLED"
echo >> "$CALLED"
[ "$1" = run ] || exit 0
if [ -n "$HANGS" ]; then trap 'exit 2' TERM; sleep 60 & wait; fi
exit "$ENDS_WITH"
"""
# Linux's own, and what a crontab for another system would have to do without.
linux = pytest.mark.skipif(
    not (shutil.which("flock") and shutil.which("timeout")),
    reason="the crontab and the units are for machines that have flock and timeout; this one has not",
)
every_job = pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)


@dataclass(frozen=True)
class Machine:
    """A machine where something is due: its bot's folder, its home, and a backstop that notes its words."""

    folder: Path

    @property
    def program(self) -> Path:
        """Where backstop is installed."""
        return self.folder / "bin" / "backstop"

    def env(self, **more: str) -> dict[str, str]:
        """What a scheduler hands on: hardly anything."""
        called = {"CALLED": str(self.folder / "called"), "ENDS_WITH": "20"}
        path = f"{self.program.parent}{os.pathsep}{os.defpath}"
        return {"PATH": path, "HOME": str(self.folder / "home"), **called, **more}

    def by_cron(self, job: Job, limit: str = "", **more: str) -> int:
        """Run the job's line of the crontab, with its own ``limit`` where none is given; its exit code."""
        (line,) = (each for each in crontab([job]).splitlines() if re.match(r"[\d*]", each))
        command = line.split(maxsplit=5)[5].replace("/srv/my-bot", str(self.folder / "bot"))
        command = command.replace(f" {job.limit_minutes}m ", f" {limit} ") if limit else command
        return run(["/bin/sh", "-c", command], env=self.env(**more), limit=120).returncode

    def by_systemd(self, job: Job, **more: str) -> int:
        """Run ExecStart and then ExecStopPost of the job's service; the exit code of the first."""
        text = units(job)[f"backstop-{job.name}.service"].replace("\\\n", " ")
        settings = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and line[0] != "#")
        state = self.folder / settings["StateDirectory"]
        state.mkdir(exist_ok=True)
        ended = self._exec(settings["ExecStart"].replace("%S", str(self.folder)), more)
        self._exec(settings["ExecStopPost"].replace("$EXIT_STATUS", str(ended)), more)
        return ended

    def _exec(self, setting: str, more: dict[str, str]) -> int:
        words = shlex.split(setting.replace(PROGRAM, str(self.program)))
        return run(words, env=self.env(**more), cwd=self.folder / "bot", limit=120).returncode

    @property
    def called(self) -> list[str]:
        """What backstop was called with, words joined by a bar."""
        return (self.folder / "called").read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """One that has what a schedule needs."""
    found = Machine(tmp_path)
    for name in ("bin", "bot", "home"):
        (tmp_path / name).mkdir()
    found.program.write_text(STUB)
    found.program.chmod(0o755)
    return found


@contextmanager
def _taken(path: Path) -> Iterator[None]:
    """The lock that a session before this one still holds."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _words(job: Job, ended: int) -> list[str]:
    return [f"run|-m|{job.session}|--target|{job.target}|", f"heartbeat|{job.name}|{ended}|"]


@linux
@every_job
def test_cron_runs_the_session_and_reports_how_it_ended(machine: Machine, job: Job) -> None:
    """Every line of the crontab, with whatever exit code."""
    machine.by_cron(job, ENDS_WITH="21")

    assert _words(job, 21) == machine.called
    assert bool(job.every_minutes) == (machine.folder / "home" / f".backstop-{job.name}.log").exists()


@linux
@every_job
def test_systemd_runs_the_session_and_reports_how_it_ended(machine: Machine, job: Job) -> None:
    """Every service, word for word."""
    assert 23 == machine.by_systemd(job, ENDS_WITH="23")
    assert _words(job, 23) == machine.called


@linux
def test_nothing_is_started_while_the_one_before_runs(machine: Machine) -> None:
    """Both say so with 75, and the heartbeat comes all the same."""
    job = JOBS[0]
    with _taken(machine.folder / "home" / ".backstop-drill.lock"):
        machine.by_cron(job)
    with _taken(machine.folder / "backstop" / "drill.lock"):
        assert 75 == machine.by_systemd(job)

    assert ["heartbeat|drill|75|"] * 2 == machine.called


@linux
def test_a_session_that_does_not_end_is_told_to(machine: Machine) -> None:
    """At the job's limit; it puts everything back, and what arrives is whether it could."""
    machine.by_cron(JOBS[0], limit="1s", HANGS="yes")

    assert _words(JOBS[0], 2) == machine.called


@linux
def test_cron_with_the_real_program(machine: Machine) -> None:
    """A target that was never drilled is out of date (1), and that is what arrives."""
    (job,) = (each for each in JOBS if each.name == "freshness")
    machine.program.unlink()
    machine.program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m backstop.cli.main "$@"\n')
    machine.program.chmod(0o755)
    targets = f'[targets.staging]\nsandbox = true\nproject = "{ROOT / "sandbox" / "bot"}"\n'
    (machine.folder / "bot" / "targets.toml").write_text(targets)

    with api({"POST /ping/1": (200, {})}) as watchman:
        ended = machine.by_cron(job, **{variable(job): f"{watchman.url}/ping/{{code}}"})

    assert (0, ["POST /ping/1"]) == (ended, watchman.asked)
    assert (machine.folder / "bot" / "reports" / "latest" / "verdict.json").exists()


@every_job
@pytest.mark.parametrize("code", ["0", "22", ""])
def test_the_workflow_reports_how_it_ended(machine: Machine, job: Job, code: str) -> None:
    """Also where the session never came to run: then there is no code."""
    environment = machine.folder / "backstop-environment" / "bin"
    environment.mkdir(parents=True)
    machine.program.rename(environment / "backstop")
    block = run_blocks(workflow([job]))[-1]

    ended = _bash(block, machine, RUNNER_TEMP=str(machine.folder), CODE=code)

    assert (0, [f"heartbeat|{job.name}|{code}|"]) == (ended, machine.called)


@pytest.mark.parametrize(
    ("left", "body"), [(("summary.md", "incident.md"), "summary.md"), (("incident.md",), "incident.md")]
)
@every_job
def test_the_workflow_makes_an_issue_of_what_did_not_go_well(
    machine: Machine, job: Job, left: tuple[str, ...], body: str
) -> None:
    """With the five lines of a drill, else with the report of the incident."""
    for name in left:
        (machine.folder / name).write_text(name)
    machine.program.rename(machine.program.with_name("gh"))

    ended = _bash(block_of(workflow([job]), "issue"), machine, REPORT=str(machine.folder))

    title = f"backstop: {job.session} of {job.target} did not go well"
    assert 0 == ended
    assert [f"issue|create|--title|{title}|--body-file|{machine.folder / body}|"] == machine.called


def _bash(block: str, machine: Machine, **more: str) -> int:
    """As GitHub runs it."""
    words = [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", block]
    return run(words, env=machine.env(**more), cwd=machine.folder / "bot", limit=60).returncode
