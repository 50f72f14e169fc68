"""``-m watch``: verified only where tail and probes looked all the time, failed where it gets worse."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.credential import credential_of
from backstop.cloudflare.tail import Tail
from backstop.polling import poll
from tests.drill.conftest import LIMIT, ROOT, by_itself, temporary_of
from tests.rollback.incident import Incident
from tests.rollback.misdeeds import REFUSALS, Call
from tests.rollback.sessions import PYTEST, Ended, as_deployed, ended, session

TAILS = Call("POST", "/tails$")


def _watch(incident: Incident, folder: Path, time: str = "12s") -> Ended:
    return session(folder, "-m", "watch", "--for", time, targets=as_deployed(incident, folder))


def test_a_good_bot(incident: Incident, tmp_path: Path) -> None:
    """All the time: probes answered, and each of them in the tail on its version."""
    incident.deploy_by_hand(incident.good)

    found = _watch(incident, tmp_path)

    assert 0 == found.code, found.output
    (minute,) = found.lines("minute-watched")
    assert {incident.good} == set(minute["versions"])
    assert minute["sent"] == minute["versions"][incident.good]
    assert (0, 0, 0.0) == (minute["failed"], minute["unseen"], minute["blind"])
    assert "The half hour after" in (tmp_path / "reports" / "latest" / "report.html").read_text()


def test_a_bad_bot_ends_it_early(incident: Incident, tmp_path: Path) -> None:
    """Failed, long before the time is over, and with what was found."""
    found = _watch(incident, tmp_path, "10m")

    assert 1 == found.code, found.output
    failed = {name for name, check in found.verdict["checks"].items() if check["outcome"] == "fail"}
    assert failed & {"watch.probes", "watch.tail"}
    assert sum(each["seconds"] for each in found.lines("minute-watched")) < 120
    assert found.lines("minute-watched")[0]["failures"]


@pytest.mark.parametrize("answer", ["401", "403"])
def test_without_a_tail_it_did_not_look(incident: Incident, tmp_path: Path, answer: str) -> None:
    """A good bot, whose tail can't be read: inconclusive, and why."""
    incident.deploy_by_hand(incident.good)
    incident.misbehave(TAILS.met_with(REFUSALS[answer], incident))

    found = _watch(incident, tmp_path)

    assert 20 == found.code, found.output
    assert "inconclusive" == found.verdict["checks"]["watch.tail"]["outcome"]
    assert "pass" == found.verdict["checks"]["watch.probes"]["outcome"]


def test_an_interrupt_ends_it_with_what_was_seen(incident: Incident, tmp_path: Path) -> None:
    """Ctrl-C: exit code 2, a report, and the minute that had begun."""
    incident.deploy_by_hand(incident.good)
    (tmp_path / "targets.toml").write_text(as_deployed(incident, tmp_path))
    argv = [*PYTEST, "-m", "watch", "--target=mine", f"--targets-file={tmp_path / 'targets.toml'}"]
    environment = by_itself() | {"TMPDIR": str(temporary_of(tmp_path))}
    with subprocess.Popen(
        [*argv, f"--reports={tmp_path / 'reports'}"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            _await_a_probe(incident)
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=LIMIT)
        finally:
            process.kill()
    found = ended(tmp_path, process.returncode, output)

    assert 2 == found.code, found.output
    assert 1 == len(found.lines("minute-watched"))
    assert (tmp_path / "reports" / "latest" / "report.html").exists()
    assert [] == found.left


def _await_a_probe(incident: Incident) -> None:
    """Wait until the watch has sent two."""
    target = incident.target
    assert target.cloudflare_token is not None
    with (
        CloudflareApi(
            target.cloudflare_api, credential_of(target.cloudflare_token), target.cloudflare_account
        ) as api,
        Tail(api, target.worker) as tail,
    ):
        poll(lambda: True if len(tail.events) > 1 else None, deadline=60, what="two probes of the watch")


@pytest.mark.parametrize("time", ["", "30", "3s", "25h", "-5m", "1d"])
def test_a_time_that_is_none(tmp_path: Path, time: str) -> None:
    """Wrong usage, with what is wanted."""
    found = session(tmp_path, "-m", "watch", f"--for={time}")

    assert 4 == found.code, found.output
    assert "wanted a time" in found.output
