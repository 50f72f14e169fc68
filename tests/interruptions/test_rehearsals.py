"""Rehearsals that are cut short while two versions are deployed: put back, or told and put back elsewhere."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backstop.model.version import VersionId
from backstop.polling import poll
from soak.disturb import watch
from tests.contract.support import eventually
from tests.drill.conftest import LIMIT, by_itself, descendants, temporary_of
from tests.rollback.incident import ROOT, SWITCH_S, Incident, message_of
from tests.rollback.misdeeds import FOR_GOOD, NO_ANSWER
from tests.rollback.sessions import PYTEST, Ended, as_deployed, ended, session

SLOW = ROOT / "sandbox" / "faults" / "slow-by-1200ms.js"
ALLOWED = "rehearse = true\n"
ARMED, DEPLOYED, COMPARED = '"kind": "mutation-armed"', '"kind": "mutation-done"', "asking them in turns"
ONCE, TWICE, TERM = (signal.SIGINT,), (signal.SIGINT, signal.SIGINT), (signal.SIGTERM,)
AWAY = {"method": "POST", "path": "/deployments", "times": FOR_GOOD, "answer": NO_ANSWER["500"]}
BETWEEN = 0.05  # seconds between two signals of somebody impatient


@pytest.fixture
def slow(incident: Incident) -> VersionId:
    """What serves; the good version did before it."""
    found = incident.wrangler.upload_wrapped(SLOW, message="slow", tag="slow")
    incident.deploy_by_hand(incident.good, found)
    eventually(lambda: incident.sandbox.live(incident.worker) == {found: 100}, seconds=SWITCH_S)
    return found


@pytest.fixture
def desks(incident: Incident, tmp_path: Path) -> tuple[Path, Path]:
    """Two machines of one team: each has a targets file, and whatever outlives its own sessions."""
    here, there = tmp_path / "here", tmp_path / "there"
    for desk in (here, there):
        desk.mkdir()
        (desk / "targets.toml").write_text(as_deployed(incident, desk, ALLOWED))
    return here, there


@contextmanager
def _rehearsing(desk: Path, slow: VersionId, line: str) -> Iterator[subprocess.Popen[str]]:
    """A rehearsal in a process of its own, as soon as its journal has that line."""
    argv = [*PYTEST, "-m", "latency", "--rehearse", f"--expect-live={slow}", "--target=mine"]
    argv += [f"--targets-file={desk / 'targets.toml'}", f"--reports={desk / 'reports'}"]
    environment = by_itself() | {"TMPDIR": str(temporary_of(desk))}
    with subprocess.Popen(
        argv, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            poll(lambda: _has(desk, line) or None, deadline=LIMIT, what=line)
            yield process
        finally:
            process.kill()


def _has(desk: Path, line: str) -> bool:
    journals = list((desk / "reports").glob("*/journal.jsonl"))
    return bool(journals) and line in journals[0].read_text()


def _next(desk: Path, *typed: str) -> Ended:
    """What somebody types next at that machine."""
    return session(desk, *typed, targets=(desk / "targets.toml").read_text())


def _notes(desk: Path) -> list[Path]:
    return list((desk / ".backstop" / "undo").glob("*.json"))


def _alone(incident: Incident, version: VersionId) -> bool:
    served = incident.sandbox.live(incident.worker) == {version: 100}
    return served and [{"version_id": version, "percentage": 100}] == incident.last["versions"]


@pytest.mark.parametrize(
    ("line", "signals"),
    [
        pytest.param(ARMED, ONCE, id="SIGINT as it is deployed"),
        pytest.param(DEPLOYED, TWICE, id="SIGINT twice until both are met"),
        pytest.param(COMPARED, ONCE, id="SIGINT while both are asked"),
        pytest.param(COMPARED, TWICE, id="SIGINT twice while both are asked"),
        pytest.param(COMPARED, TERM, id="SIGTERM while both are asked"),
    ],
)
def test_what_was_deployed_before_is_put_back(
    incident: Incident,
    slow: VersionId,
    desks: tuple[Path, Path],
    line: str,
    signals: tuple[signal.Signals, ...],
) -> None:
    """Interrupted, with a report; no note, no lock and no process is left, and the next may rehearse."""
    desk, _ = desks
    with _rehearsing(desk, slow, line) as process:
        for number in signals:
            process.send_signal(number)
            watch(lambda: process.poll() is not None, BETWEEN)
        told, _ = process.communicate(timeout=LIMIT)
    found = ended(desk, process.returncode, told)

    assert 2 == found.code, found.output
    assert "interrupted" in found.output.lower()
    assert 1 == len(found.lines("mutation-undone"))
    assert _alone(incident, slow)
    assert [] == _notes(desk)
    assert [] == found.left
    planned = _next(desk, "-m", "latency", "--rehearse", "--plan", f"--expect-live={slow}")
    assert 0 == planned.code, planned.output


def test_what_a_killed_rehearsal_left_is_told_and_put_back_on_any_machine(
    incident: Incident, slow: VersionId, desks: tuple[Path, Path]
) -> None:
    """Both say which run left which version, and refuse to rehearse; one puts it back, and both know."""
    here, there = desks
    with _rehearsing(here, slow, COMPARED) as process:
        process.send_signal(signal.SIGKILL)
        process.wait(LIMIT)
    run = next(iter((here / "reports").glob("*/journal.jsonl"))).read_text().partition('"run": "')[2][:8]
    poll(lambda: not descendants(here / "tmp") or None, deadline=30, what="the end of all children")
    left = {slow: 100, incident.good: 0}

    assert left == incident.sandbox.live(incident.worker)
    assert 1 == len(_notes(here))
    again = _next(here, "-m", "latency", "--rehearse", f"--compare-with={incident.good}")
    elsewhere = _next(there, "-m", "latency", "--rehearse", f"--compare-with={incident.good}")
    assert left == incident.sandbox.live(incident.worker)
    assert (
        f"run {run} was to deploy {incident.good} at 0 % beside {slow}, which keeps all of the traffic, and "
        "did not see it through"
    ) in again.output
    for told in (again, elsewhere):
        assert f"the rehearsal of run {run} left {incident.good} beside {slow}, at 0 %" in told.output
        assert "pytest -m post_rollback --target mine --restore" in told.output
        assert not told.lines("mutation-armed")

    restored = _next(there, "-m", "post_rollback", "--restore", f"--expect-live={slow}")
    assert _alone(incident, slow), restored.output
    assert "[backstop " in message_of(incident.last)
    afterwards = _next(here, "-m", "latency", "--rehearse", "--plan", f"--expect-live={slow}")
    assert f"{slow} serves, as before it" in afterwards.output
    assert [] == _notes(here)
    assert 0 == afterwards.code, afterwards.output
    assert [] == [name for desk in desks for name in descendants(desk / "tmp")]


def test_a_session_that_can_not_put_it_back_says_so(
    incident: Incident, slow: VersionId, desks: tuple[Path, Path]
) -> None:
    """The API is away at the end: exit code 23 with what is left; what remains is put back later."""
    desk, _ = desks
    with _rehearsing(desk, slow, COMPARED) as process:
        incident.misbehave(AWAY)
        process.send_signal(signal.SIGTERM)
        told, _ = process.communicate(timeout=LIMIT)
    incident.misbehave()
    found = ended(desk, process.returncode, told)

    assert 23 == found.code, found.output
    assert f"{incident.good} may still be beside {slow}, at 0 %" in found.output
    assert "pytest -m post_rollback --target mine --restore" in found.output
    assert {slow: 100, incident.good: 0} == incident.sandbox.live(incident.worker)
    restored = _next(desk, "-m", "post_rollback", "--restore")
    assert _alone(incident, slow), restored.output
    assert [] == _notes(desk)
