"""``-m "monitor and errors"``: errors from probes and from the tail, each named; no data is no good news."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from backstop.monitor.ledger import Ledgers
from backstop.monitor.listened import Listened
from tests.rollback.incident import Incident
from tests.rollback.misdeeds import REFUSALS, Call
from tests.rollback.sessions import Ended, as_deployed, session

ERRORS = ("-m", "monitor and errors", "-v")
HEALTH = ("-m", "monitor and health")
NO_TAIL = Call("POST", "/tails$")


@contextmanager
def _knocking(address: str) -> Iterator[None]:
    """A stranger who posts without a signature, twice a second."""
    over = threading.Event()

    def knock() -> None:
        with httpx.Client(trust_env=False) as stranger:
            while not over.wait(0.5):
                stranger.post(address, content=b"{}")

    thread = threading.Thread(target=knock, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _errors(incident: Incident, folder: Path, more: str = "") -> Ended:
    return session(folder, *ERRORS, targets=as_deployed(incident, folder, more))


def _of_report(ended: Ended, folder: Path) -> dict[str, Any]:
    (report,) = (each for each in (folder / "reports").iterdir() if each.is_dir())
    return {"code": ended.code, "journal": (report / "journal.jsonl").read_text()}


def test_a_good_bot(incident: Incident, tmp_path: Path) -> None:
    """Both sources say that nothing failed, and of what."""
    incident.deploy_by_hand(incident.good)

    ended = _errors(incident, tmp_path, "[targets.mine.monitor]\nunauthorised_per_minute = 1000\n")

    assert 0 == ended.code, ended.output
    assert "errors: well" in ended.output
    assert "5 passed" in ended.output


def test_a_bad_bot(incident: Incident, tmp_path: Path) -> None:
    """Raised at the first look where the target says so; both sources are in the report."""
    ended = _errors(incident, tmp_path, "[targets.mine.monitor]\nraise_after = 1\n")

    assert 1 == ended.code, ended.output
    found = _of_report(ended, tmp_path)["journal"]
    assert '"state": "raised"' in found
    rates = [json.loads(line) for line in found.splitlines() if '"error-rate-seen"' in line]
    assert {("probes", ""), ("tail", incident.bad)} == {(each["source"], each["version"]) for each in rates}
    assert all(0 < each["low"] <= each["high"] <= 1 for each in rates)
    assert "probes: " in ended.output
    assert f"tail of {incident.bad[:8]}: " in ended.output
    assert "alert raised" in ended.output


def test_less_than_people_are_alerted_of(incident: Incident, tmp_path: Path) -> None:
    """The look is red by the policy, and nobody is alerted before the rate that the target says."""
    more = (
        "[targets.mine.monitor]\nraise_after = 1\n"
        "[targets.mine.policy.medium]\nalert_error_rate_percent = 99.9\n"
        "[targets.mine.policy.high]\nerror_rate_percent = 99.9\n"
    )

    ended = _errors(incident, tmp_path, more)

    assert 1 == ended.code, ended.output
    assert "errors: above what the policy allows, below what people are alerted of" in ended.output
    assert "alert raised" not in ended.output


def test_no_tail_is_no_data(incident: Incident, tmp_path: Path) -> None:
    """A good bot whose tail can't be read is not found free of errors."""
    incident.deploy_by_hand(incident.good)
    incident.misbehave(NO_TAIL.met_with(REFUSALS["403"], incident))

    ended = _errors(incident, tmp_path)

    assert 20 == ended.code, ended.output
    assert "errors: could not look" in ended.output


def test_strangers_are_counted(incident: Incident, tmp_path: Path) -> None:
    """More requests that are turned away than the target declares: somebody tries."""
    incident.deploy_by_hand(incident.good)
    more = "[targets.mine.monitor]\nraise_after = 1\nunauthorised_per_minute = 6\n"
    targets = as_deployed(incident, tmp_path, more)

    with _knocking(incident.address):
        ended = session(tmp_path, *ERRORS, targets=targets)

    assert 1 == ended.code, ended.output
    assert "errors.unauthorised" in ended.output
    assert "requests refused as unauthorised: errors.unauthorised" in ended.output
    assert '"unauthorised-seen"' in _of_report(ended, tmp_path)["journal"]
    assert "s of the tail, by one look: " in ended.output
    assert "alert raised" in ended.output


def test_strangers_are_counted_over_the_looks_of_late(incident: Incident, tmp_path: Path) -> None:
    """What one look of ten seconds does not show, the looks before it do; what they don't is well."""
    incident.deploy_by_hand(incident.good)
    targets = as_deployed(incident, tmp_path, "[targets.mine.monitor]\nunauthorised_per_minute = 6\n")
    ledgers = Ledgers.beneath(tmp_path / ".backstop", tmp_path / ".backstop")

    def listened(refused: int) -> Ended:
        with ledgers.open("mine") as ledger:
            for minutes in (3, 2, 1):
                ledger.listen(Listened(datetime.now(UTC) - timedelta(minutes=minutes), refused, 10.0))
        return session(tmp_path, *ERRORS, targets=targets)

    few, many = listened(0), listened(20)

    assert (0, 1) == (few.code, many.code), few.output + many.output
    assert "s of the tail, by 8 looks of the last " in many.output


def test_health_alone_asks_nobody_but_the_bot(incident: Incident, tmp_path: Path) -> None:
    """Whatever the API does: it is not asked, and nor is wrangler."""
    incident.deploy_by_hand(incident.good)
    targets = as_deployed(incident, tmp_path)
    (tmp_path / ".env").write_text(
        "CLOUDFLARE_API_BASE_URL=http://127.0.0.1:9\nCLOUDFLARE_API_TOKEN=made-up\n"
    )

    ended = session(tmp_path, *HEALTH, targets=targets.replace('signing_key = "env:SIGNING_KEY"', ""))

    assert 0 == ended.code, ended.output
    assert "health: well" in ended.output
    assert [] == ended.left
