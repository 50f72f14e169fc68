"""An earlier version beside the one that serves, for as long as they are compared."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from backstop.model.version import VersionId
from backstop.polling import poll
from tests.contract.support import eventually
from tests.drill.conftest import LIMIT, by_itself, temporary_of
from tests.rollback.incident import ROOT, SWITCH_S, Incident, message_of
from tests.rollback.sessions import PYTEST, as_deployed, ended, session

SLOW = ROOT / "sandbox" / "faults" / "slow-by-1200ms.js"
ALLOWED = "rehearse = true\n"


def _slow_serves(incident: Incident) -> VersionId:
    """The good version served before it; it was deployed by hand, a moment ago."""
    slow = incident.wrangler.upload_wrapped(SLOW, message="slow", tag="slow")
    incident.deploy_by_hand(incident.good, slow)
    eventually(lambda: incident.sandbox.live(incident.worker) == {slow: 100}, seconds=SWITCH_S)
    return slow


def _is_as_before(incident: Incident, slow: VersionId, folder: Path) -> None:
    assert incident.sandbox.live(incident.worker) == {slow: 100}
    assert [{"version_id": slow, "percentage": 100}] == incident.last["versions"]
    assert not list((folder / ".backstop" / "undo").glob("*.json"))


def test_what_serves_is_compared_with_the_version_before(incident: Incident, tmp_path: Path) -> None:
    """It is deployed at 0 % for that, which moves no traffic, and taken away again."""
    targets = as_deployed(incident, tmp_path, ALLOWED)
    slow = _slow_serves(incident)
    found = session(tmp_path, "-m", "latency", "--rehearse", f"--expect-live={slow}", targets=targets)

    assert 1 == found.code, found.output
    (compared,) = found.lines("latency-compared")
    assert (incident.good, slow, "interleaved", "slower") == (
        compared["old"],
        compared["new"],
        compared["against"],
        compared["answer"],
    )
    assert "every sample's version is proven" in compared["text"]
    assert [1, 1, 1] == [len(found.lines(f"mutation-{part}")) for part in ("armed", "done", "undone")]
    back, beside, *_ = incident.history()
    assert {incident.good: 0, slow: 100} == {
        each["version_id"]: each["percentage"] for each in beside["versions"]
    }
    assert "[backstop rehearsal " in message_of(beside)
    assert "[backstop rehearsal " in message_of(back)
    _is_as_before(incident, slow, tmp_path)


def test_a_plan_says_what_would_be_done_and_does_nothing(incident: Incident, tmp_path: Path) -> None:
    """Where, which versions, and what is put back; or why not; nobody's consent is needed for that."""
    targets = as_deployed(incident, tmp_path, f"{ALLOWED}protected = true\n")
    slow = _slow_serves(incident)
    before = incident.history()
    plan = ("-m", "latency", "--rehearse", "--plan")
    fine = session(tmp_path, *plan, f"--expect-live={slow}", targets=targets)
    refused = session(tmp_path, *plan, f"--expect-live={incident.good}", targets=targets)
    split: dict[str, float] = {slow: 100, incident.good: 0}
    assert 200 == incident.sandbox.deploy(incident.worker, split).status_code
    as_it_is = session(tmp_path, *plan, targets=targets)

    assert (0, 21, 0) == (fine.code, refused.code, as_it_is.code), fine.output + refused.output
    for said in (
        incident.sandbox.ready["account"],
        incident.worker,
        f"old        {incident.good}",
        f"new        {slow}",
        f"deploys    {incident.good} at 0 % beside {slow} at 100 %",
        f"puts back  {slow} at 100 %",
        "it would be rehearsed; nothing was changed",
    ):
        assert said in fine.output
    assert "which was expected to be live" in refused.output
    assert "nothing: two versions are deployed already" in as_it_is.output
    assert before == incident.history()[1:]
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_puts_it_back(incident: Incident, tmp_path: Path, number: signal.Signals) -> None:
    """While the earlier version is deployed beside it, and nobody has waited for the comparison."""
    targets = as_deployed(incident, tmp_path, ALLOWED)
    slow = _slow_serves(incident)
    incident.follow_after(600)
    path = tmp_path / "targets.toml"
    path.write_text(targets)
    argv = [*PYTEST, "-m", "latency", "--rehearse", f"--expect-live={slow}", "--target=mine"]
    argv += [f"--targets-file={path}", f"--reports={tmp_path / 'reports'}"]
    environment = by_itself() | {"TMPDIR": str(temporary_of(tmp_path))}
    with subprocess.Popen(
        argv, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            poll(lambda: _has(tmp_path, "mutation-done") or None, deadline=LIMIT, what="the rehearsal")
            process.send_signal(number)
            told, _ = process.communicate(timeout=LIMIT)
        finally:
            process.kill()
    found = ended(tmp_path, process.returncode, told)

    assert 2 == found.code, found.output
    assert 1 == len(found.lines("mutation-undone"))
    assert [{"version_id": slow, "percentage": 100}] == incident.last["versions"]
    assert not list((tmp_path / ".backstop" / "undo").glob("*.json"))


def _has(folder: Path, kind: str) -> bool:
    journals = list((folder / "reports").glob("*/journal.jsonl"))
    return bool(journals) and f'"kind": "{kind}"' in journals[0].read_text()


def test_what_a_killed_session_left_is_told_and_restored(incident: Incident, tmp_path: Path) -> None:
    """By its mark, also on another machine, which has no note of it."""
    targets = as_deployed(incident, tmp_path, ALLOWED)
    slow = _slow_serves(incident)
    body = {
        "strategy": "percentage",
        "versions": [
            {"version_id": slow, "percentage": 100},
            {"version_id": incident.good, "percentage": 0},
        ],
        "annotations": {"workers/message": f"x [backstop rehearsal 0badcafe from={slow} to={incident.good}]"},
    }
    incident.sandbox.result("POST", f"{incident.sandbox.script(incident.worker)}/deployments", json=body)
    looked = session(tmp_path, "-m", "latency", targets=targets)
    restored = session(tmp_path, "-m", "post_rollback", "--restore", targets=targets)

    assert "the rehearsal of run 0badcafe left" in looked.output
    assert "--restore" in looked.output
    assert "rollback-finished" in {line["kind"] for line in restored.journal}, restored.output
    _is_as_before(incident, slow, tmp_path)


def test_a_named_version_is_not_quietly_another_one(incident: Incident, tmp_path: Path) -> None:
    """Where two others are deployed already, the one that was asked for can't be compared with."""
    targets = as_deployed(incident, tmp_path, ALLOWED)
    split: dict[str, float] = {incident.bad: 100, incident.good: 0}
    assert 200 == incident.sandbox.deploy(incident.worker, split).status_code
    found = session(
        tmp_path, "-m", "latency", "--rehearse", f"--compare-with={incident.good}", targets=targets
    )

    (check,) = (e for e in found.lines("check-finished") if e["check"] == "latency.degradation")
    assert "inconclusive" == check["outcome"]
    assert "nothing was changed" in check["message"]
    assert "has a version staged" in check["message"]
    assert not found.lines("mutation-armed")
