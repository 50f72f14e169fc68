"""``schedules/``: what the table makes, what the programs that read it take, and what it types exists."""

from __future__ import annotations

import os
import re
import shutil
import stat
from pathlib import Path

import pytest

from backstop.process import run
from tests.schedules.instructions import ROOT, expressions, run_blocks, wrong_in
from tools.schedules.files import files
from tools.schedules.github import github_expression
from tools.schedules.systemd import PROGRAM, units
from tools.schedules.table import JOBS, Job, cron_expression, jitter_s

SCHEDULES = ROOT / "schedules"
WORKFLOW = files()["github-drills.yml"]
BASH = shutil.which("bash") or "bash"
ANALYZE = shutil.which("systemd-analyze")
UNITS = {name: text for job in JOBS for name, text in units(job).items()}
SYSTEMD_READS = {  # what may stand in which section of our units: checked where there is no systemd
    "Unit": {"Description", "Wants", "After"},
    "Service": {
        *(
            "Type",
            "User",
            "WorkingDirectory",
            "EnvironmentFile",
            "StateDirectory",
            "ExecStart",
            "ExecStopPost",
        ),
        *("TimeoutStartSec", "TimeoutStopSec", "KillMode", "NoNewPrivileges"),
    },
    "Timer": {"OnCalendar", "RandomizedDelaySec", "Persistent", "AccuracySec"},
    "Install": {"WantedBy"},
}
_CALENDAR = re.compile(
    r"((Sun|Mon|Tue|Wed|Thu|Fri|Sat) )?\*-\*-(\*|\d\d) (\d\d:\d\d|\*:(\*|\d\d/\d+)):00 UTC"
)
_FIELD = re.compile(r"(\d+)(?:-(\d+)/(\d+))?")
_FIELDS = ((0, 59), (0, 23), (1, 28), (1, 12), (0, 7))  # of cron; 28: a day that every month has


def test_what_is_committed_is_what_the_table_makes() -> None:
    """Whoever changes the table runs `python -m tools.schedules`."""
    made = files()
    there = {str(path.relative_to(SCHEDULES)) for path in SCHEDULES.rglob("*") if path.is_file()}

    assert {name: (SCHEDULES / name).read_text(encoding="utf-8") for name in made} == made
    assert {"github-deploy.yml", *made} == there


def test_every_session_of_a_schedule_exists() -> None:
    """Options, markers and commands of all three forms."""
    cron = re.findall(r"backstop [a-z].*?(?=;)", files()["crontab"])
    joined = (text.replace("\\\n", " ") for text in UNITS.values())
    systemd = [line for text in joined for line in re.findall(r"backstop (?:run|heartbeat) .*", text)]
    shell = [
        line for block in run_blocks(WORKFLOW) for line in re.findall(r"backstop\S* heartbeat .*", block)
    ]

    assert [] == wrong_in([*cron, *systemd])
    assert (2 * len(JOBS), 2 * len(JOBS), len(JOBS)) == (len(cron), len(systemd), len(shell))
    for job in JOBS:
        assert f"session: {job.session}\n          target: {job.target}\n" in WORKFLOW


@pytest.mark.parametrize("name", sorted(UNITS))
def test_units_have_known_settings(name: str) -> None:
    """Sections, keys and calendars that systemd knows, whether or not it is installed here."""
    assert [] == _wrong_in_unit(UNITS[name])


@pytest.mark.parametrize(
    "line", ["OnCalender=*-*-01 04:17:00 UTC", "OnCalendar=*-*-1 4:17 UTC", "nonsense", "[Tymer]\nX=1"]
)
def test_a_wrong_setting_would_be_noticed(line: str) -> None:
    """A key, a calendar, a line, a section."""
    assert [] != _wrong_in_unit(f"[Timer]\n{line}\n")


@pytest.mark.skipif(ANALYZE is None, reason="no systemd here; the known settings are checked anywhere")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """`systemd-analyze verify` has nothing to say, where the program is installed."""
    assert "" == _verified(tmp_path, UNITS)


@pytest.mark.skipif(ANALYZE is None, reason="no systemd here; the known settings are checked anywhere")
@pytest.mark.parametrize(
    ("right", "wrong"), [("KillMode=mixed", "KilMode=mixed"), ("OnCalendar=", "OnCalendar=some ")]
)
def test_systemd_would_notice(tmp_path: Path, right: str, wrong: str) -> None:
    """A key or a calendar that it does not know."""
    spoilt = {name: text.replace(right, wrong) for name, text in units(JOBS[0]).items()}

    assert "" != _verified(tmp_path, spoilt)


def test_crontab_has_five_fields_and_a_command_each() -> None:
    """Within their bounds, no percent sign (a line break to cron), and each a line of shell."""
    lines = [line for line in files()["crontab"].splitlines() if re.match(r"[\d*]", line)]
    fields = [line.split(maxsplit=5) for line in lines]

    assert [cron_expression(job) for job in JOBS] == [" ".join(each[:5]) for each in fields]
    for *when, command in fields:
        numbers = [(field, bounds) for field, bounds in zip(when, _FIELDS, strict=True) if field != "*"]
        assert all(_is_field(field, low, high) for field, (low, high) in numbers)
        assert "%" not in command
        assert 0 == run([BASH, "-n", "-c", command], env=dict(os.environ), cwd=ROOT, limit=20).returncode


def _is_field(text: str, low: int, high: int) -> bool:
    found = _FIELD.fullmatch(text)
    return found is not None and all(low <= int(each) <= high for each in found.groups() if each)


def test_each_schedule_has_its_lock_its_limit_and_its_heartbeat() -> None:
    """In all three."""
    for job in JOBS:
        service = UNITS[f"backstop-{job.name}.service"]
        assert f"{job.name}.lock" in service
        assert f"TimeoutStartSec={job.limit_minutes}min" in service
        assert f"ExecStopPost={PROGRAM} heartbeat {job.name} $EXIT_STATUS" in service
        assert "RandomizedDelaySec=" in UNITS[f"backstop-{job.name}.timer"]
        assert f'.backstop-{job.name}.lock" timeout ' in files()["crontab"]
        assert f"backstop heartbeat {job.name} $?" in files()["crontab"]
        assert f"group: backstop-{job.name} " in WORKFLOW
        assert f'heartbeat {job.name} "$CODE"' in WORKFLOW


def test_jobs_differ_in_name_and_time() -> None:
    """Names are those of locks and heartbeats; GitHub tells jobs apart by their times."""
    assert len(JOBS) == len({job.name for job in JOBS}) == len({github_expression(job) for job in JOBS})


def test_monitors_run_as_often_as_the_procedure_wants() -> None:
    """Health every 5, errors every 1, performance every 10 minutes; GitHub starts none faster than 5."""
    pace = {job.session.rpartition(" ")[2]: job.every_minutes for job in JOBS if job.every_minutes}
    found = [github_expression(job) for job in JOBS if job.every_minutes]

    assert {"health": 5, "errors": 1, "latency": 10} == pace
    assert ["2-59/5 * * * *", "4-59/5 * * * *", "8-59/10 * * * *"] == found


def test_monitors_are_spread_and_end_before_they_pile_up() -> None:
    """A delay at random that is well under the pace, and what is missed is not made up for."""
    for job in JOBS:
        timer = UNITS[f"backstop-{job.name}.timer"]
        if job.every_minutes is None:
            assert "Persistent=true" in timer
        else:
            assert "Persistent" not in timer
            assert "AccuracySec=1s" in timer
            assert jitter_s(job) < 60 * job.every_minutes / 2


def test_monitors_remember_on_machines_that_forget() -> None:
    """GitHub's are new each time: what was seen is kept in a cache of the job's own, after a bad look too."""
    saved = re.compile(
        r"- uses: actions/cache/save@v4\n +if: always\(\) .*\n +with:\n"
        r" +path: .backstop-state/monitors\n +key: backstop-(\w+)-.*run_id.*run_attempt"
    )

    assert [job.name for job in JOBS if job.every_minutes] == saved.findall(WORKFLOW)
    for job in JOBS:
        cache = job.name if job.every_minutes else "monitor_health"  # the others show how long it was up
        (part,) = re.findall(rf"(?s)^  {job.name}: .*?(?=^  \w|\Z)", WORKFLOW, re.MULTILINE)
        assert f"restore-keys: backstop-{cache}-\n" in part
    for workflow in (WORKFLOW, (SCHEDULES / "github-deploy.yml").read_text()):
        assert "uses: actions/cache@" not in workflow  # it saves nothing where the job fails


def test_workflow_is_shell_and_nobody_writes_into_it() -> None:
    """Each block is read by bash, and secrets come as variables."""
    blocks = run_blocks(WORKFLOW)
    ended = [run([BASH, "-n", "-c", block], env=dict(os.environ), cwd=ROOT, limit=20) for block in blocks]

    monitors = sum(job.every_minutes is not None for job in JOBS)
    assert 5 * len(JOBS) - monitors == len(blocks)
    assert [] == [end.stderr for end in ended if end.returncode]
    assert [] == [found for block in blocks for found in expressions(block)]


def test_crontab_line_reports_the_end_of_its_session(tmp_path: Path) -> None:
    """Run as cron would, with a stub: the session's exit code reaches the heartbeat."""
    command = _command(JOBS[0])
    calls = _stub(tmp_path, "backstop", 'test "$1" = heartbeat || exit 23')

    run(
        [BASH, "-c", command.replace("/srv/my-bot", str(tmp_path))],
        env=_env(tmp_path),
        cwd=tmp_path,
        limit=30,
    )

    assert ["run -m drill --target staging", "heartbeat drill 23"] == calls.read_text().splitlines()


def test_crontab_line_starts_nothing_while_the_one_before_runs(tmp_path: Path) -> None:
    """The lock is the operating system's; the heartbeat says 75."""
    command = _command(JOBS[0]).replace("/srv/my-bot", str(tmp_path))
    nested = tmp_path / "nested.sh"
    nested.write_text(f"PATH={tmp_path}:$PATH\n{command}\n")
    calls = _stub(tmp_path, "backstop", f'test "$1" = heartbeat || test -n "$INNER" || INNER=1 bash {nested}')

    run([BASH, "-c", command], env=_env(tmp_path), cwd=tmp_path, limit=30)

    assert ["run -m drill --target staging", "heartbeat drill 75", "heartbeat drill 0"] == (
        calls.read_text().splitlines()
    )


def _command(job: Job) -> str:
    line = next(line for line in files()["crontab"].splitlines() if f"backstop run -m {job.session} " in line)
    return line.split(maxsplit=5)[5]


def _env(folder: Path) -> dict[str, str]:
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder)}


def _stub(folder: Path, name: str, body: str) -> Path:
    """A program that notes its words; the file with them."""
    path, calls = folder / name, folder / "calls"
    path.write_text(f'#!/bin/sh\necho "$*" >> {calls}\n{body}\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return calls


def _wrong_in_unit(text: str) -> list[str]:
    section, wrong = "", []
    for line in text.replace("\\\n", " ").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[]")
            continue
        key, found, value = line.partition("=")
        if not found or key not in SYSTEMD_READS.get(section, set()):
            wrong.append(f"[{section}] {line}")
        if key == "OnCalendar" and not _CALENDAR.fullmatch(value):
            wrong.append(line)
    return wrong


def _verified(folder: Path, texts: dict[str, str]) -> str:
    """What systemd says of units whose program exists."""
    program = shutil.which("true") or "/bin/true"
    for name, text in texts.items():
        (folder / name).write_text(text.replace(PROGRAM, program))
    argv = [ANALYZE or "", "verify", *(str(folder / name) for name in texts)]
    ended = run(argv, env=dict(os.environ), cwd=folder, limit=60)
    return ended.stdout + ended.stderr
