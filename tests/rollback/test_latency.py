"""What a verified session measured is what a later version, and a rollback, are compared with."""

from __future__ import annotations

import json
from pathlib import Path

from backstop.model.version import VersionId
from tests.contract.support import eventually
from tests.rollback.incident import ROOT, SWITCH_S, Incident
from tests.rollback.sessions import Ended, as_deployed, session

SLOW = ROOT / "sandbox" / "faults" / "slow-by-1200ms.js"
FAILS = ROOT / "sandbox" / "faults" / "health-503.js"
NOTICES_LITTLE = """
[targets.mine.policy.high]
slower_min_ms = 0.05
"""


def _serve(incident: Incident, version: VersionId) -> None:
    incident.deploy_by_hand(version)
    eventually(lambda: incident.sandbox.live(incident.worker) == {version: 100}, seconds=SWITCH_S)


def _outcome(ended: Ended, check: str, stage: str) -> tuple[str, str]:
    line = next(e for e in ended.lines("check-finished") if (e["check"], e["stage"]) == (check, stage))
    return line["outcome"], line["message"]


def _kept(folder: Path) -> list[str]:
    """The versions of which times are kept beside the targets file, the oldest first."""
    files = sorted((folder / ".backstop" / "latency" / "mine").glob("*.json"), key=lambda path: path.name)
    return [json.loads(path.read_text())["version"] for path in files]


def test_a_slower_version_is_noticed_and_rolled_back(incident: Incident, tmp_path: Path) -> None:
    """The first look has nothing to compare with and keeps its times; what is slower than they is bad."""
    targets = as_deployed(incident, tmp_path)
    _serve(incident, incident.good)
    first = session(tmp_path, targets=targets)
    slow = incident.wrangler.upload_wrapped(SLOW, message="slow", tag="slow")
    _serve(incident, slow)
    second = session(tmp_path, "-m", "post_deploy", "--rollback-on=high", targets=targets)

    assert 0 == first.code, first.output
    assert "n/a" == _outcome(first, "latency.degradation", "0-live")[0]
    assert 24 == second.code, second.output
    outcome, message = _outcome(second, "latency.degradation", "0-live")
    assert "fail" == outcome
    assert "weaker evidence" in message
    assert "pass" == _outcome(second, "latency.restored", "1-after")[0]
    assert [incident.good, incident.good] == _kept(tmp_path)
    compared = [line for line in second.lines("latency-compared") if line["stage"] == "0-live"]
    assert [(incident.good, slow, "slower")] == [(e["old"], e["new"], e["answer"]) for e in compared]


def test_a_deploy_with_nothing_before_it_says_that_it_was_not_compared(
    incident: Incident, tmp_path: Path
) -> None:
    """It is verified all the same, and the next one is compared: then nothing is said."""
    targets = as_deployed(incident, tmp_path)
    _serve(incident, incident.good)
    first = session(tmp_path, "-m", "post_deploy", targets=targets)
    same = incident.wrangler.upload_wrapped(
        ROOT / "sandbox" / "benign" / "slower.js", message="next", tag="next"
    )
    _serve(incident, same)
    second = session(tmp_path, "-m", "post_deploy", targets=targets)

    assert (0, 0) == (first.code, second.code), first.output + second.output
    assert "n/a" == _outcome(first, "latency.degradation", "0-live")[0]
    outcome, message = _outcome(first, "latency.mean", "0-live")
    assert "pass" == outcome
    assert "not compared with the version before: no verified session" in message
    assert "not compared" not in _outcome(second, "latency.mean", "0-live")[1]


def test_a_rollback_that_does_not_make_it_fast_again_is_not_verified(
    incident: Incident, tmp_path: Path
) -> None:
    """Somebody rolled back, and what was slow was not the version: it is told from a bot that is restored."""
    targets = as_deployed(incident, tmp_path, NOTICES_LITTLE)
    _serve(incident, incident.good)
    first = session(tmp_path, targets=targets)
    (entry,) = (tmp_path / ".backstop" / "latency" / "mine").iterdir()
    times = json.loads(entry.read_text())
    entry.write_text(json.dumps(times | {"warm": [each / 1000 for each in times["warm"]]}))
    second = session(tmp_path, "-m", "post_rollback", targets=targets)

    assert 0 == first.code, first.output
    assert 1 == second.code, second.output
    outcome, message = _outcome(second, "latency.restored", "0-live")
    assert "fail" == outcome
    assert "not restored" in message
    assert 1 == len(_kept(tmp_path))


def test_a_bot_that_only_fails_is_not_called_fast(incident: Incident, tmp_path: Path) -> None:
    """Its failures are quick: nothing was shown of how fast it answers, and nothing is green."""
    targets = as_deployed(incident, tmp_path)
    fails = incident.wrangler.upload_wrapped(FAILS, message="fails", tag="fails")
    _serve(incident, fails)
    ended = session(tmp_path, "-m", "latency", targets=targets)

    assert 20 == ended.code, ended.output
    for check in ("latency.mean", "latency.slowest", "latency.cold", "latency.degradation"):
        outcome, message = _outcome(ended, check, "0-live")
        assert "inconclusive" == outcome
        assert "22 answered 503" in message
    assert not ended.lines("latency-sampled")


def test_two_versions_of_one_deployment_are_asked_in_turns(incident: Incident, tmp_path: Path) -> None:
    """Also where one of them has no part of the traffic; nothing must have been kept for that."""
    targets = as_deployed(incident, tmp_path)
    slow = incident.wrangler.upload_wrapped(SLOW, message="slow", tag="slow")
    split: dict[str, float] = {slow: 100, incident.good: 0}
    assert 200 == incident.sandbox.deploy(incident.worker, split).status_code
    eventually(lambda: incident.sandbox.live(incident.worker) == split, seconds=SWITCH_S)
    ended = session(tmp_path, "-m", "latency", targets=targets)

    assert 1 == ended.code, ended.output
    outcome, message = _outcome(ended, "latency.degradation", "0-live")
    assert "fail" == outcome
    assert "asked in turns, and every sample's version is proven" in message
    (line,) = ended.lines("latency-compared")
    assert (incident.good, slow, "interleaved", 5) == (
        line["old"],
        line["new"],
        line["against"],
        line["pairs"],
    )
    assert [incident.good, slow] == [each["version"] for each in ended.lines("latency-sampled")]
