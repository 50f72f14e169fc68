"""``-m monitor``: the exit code is this look's, the alert is of all; a report is left for changes."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from backstop.monitor.ledger import Ledgers
from tests.plugins.conftest import ROOT, FakeBot, SessionRunner

HEALTH = """
import pytest
from backstop.observe.catalogue.health import HEALTH

@pytest.mark.check("health.status", severity="critical", step="")
def test_status(answer, health):
    "It answers"
    reply = answer(HEALTH)
    assert reply.status == 200, reply.explain(reply.status, 200)
"""
NEEDS_THE_API = """
import pytest

@pytest.mark.check("deployment.live", severity="high", step="")
def test_live(looks):
    "It is deployed"
"""
MONITOR = ("-m", "monitor and health")


@pytest.fixture
def monitor(session: SessionRunner) -> SessionRunner:
    """A bot with a suite of health."""
    session.suite(HEALTH)
    return session


def _reports(session: SessionRunner) -> list[Path]:
    folder = session._pytester.path / "reports"
    return sorted(each for each in folder.iterdir() if each.is_dir()) if folder.exists() else []


def _alerts(report: Path) -> list[dict[str, object]]:
    lines = map(json.loads, (report / "journal.jsonl").read_text().splitlines())
    return [line for line in lines if line["kind"] == "alert-changed"]


def test_a_good_look_leaves_nothing_but_what_is_remembered(monitor: SessionRunner) -> None:
    """No report, and `latest` stays where it was."""
    ended = monitor.run(*MONITOR)

    assert 0 == ended.code, ended.output
    assert "health: well" in ended.output
    assert [] == _reports(monitor)
    looks = monitor._pytester.path.joinpath(".backstop", "monitors", "mine", "looks", "health")
    assert 1 == len(list(looks.glob("*.json")))


def test_an_outage_is_told_once_and_so_is_its_end(monitor: SessionRunner, fake_bot: FakeBot) -> None:
    """The exit code is each look's own: 1 also before the alert, 0 also before it is resolved."""
    fake_bot.status = 503
    failed = [monitor.run(*MONITOR) for _ in range(4)]
    fake_bot.status = 200
    passed = [monitor.run(*MONITOR) for _ in range(3)]

    assert [1, 1, 1, 1] == [ended.code for ended in failed]
    assert [0, 0, 0] == [ended.code for ended in passed]
    assert "failing for 2 looks since" in failed[1].output
    assert "no alert yet" in failed[1].output
    assert "alert raised at" in failed[2].output
    assert "alert raised at" in failed[3].output
    assert "stands until then" in passed[0].output
    assert "resolved" in passed[1].output
    assert "report:" in failed[2].output
    assert "report:" not in failed[3].output
    told = [_alerts(report) for report in _reports(monitor)]
    assert [["raised"], ["resolved"]] == [[each["state"] for each in alerts] for alerts in told]
    assert ("health", "critical", 3) == tuple(
        told[0][0][name] for name in ("subject", "severity", "failures")
    )
    assert "latest" not in {report.name for report in _reports(monitor)}


def _machines(monitor: SessionRunner) -> tuple[Path, Path]:
    """The targets files of two machines with one ``[state]`` directory."""
    text = (monitor._pytester.path / "targets.toml").read_text()
    files = tuple(monitor._pytester.mkdir(name) / "targets.toml" for name in ("one", "other"))
    for file in files:
        file.write_text(f'{text}[state]\ndirectory = "../team"\n')
    return files[0], files[1]


def test_two_machines_tell_of_one_alert(monitor: SessionRunner, fake_bot: FakeBot) -> None:
    """They look in turns: raised by one, resolved by the other, and neither told twice."""
    files = _machines(monitor)
    fake_bot.status = 503
    failed = [monitor.run(*MONITOR, f"--targets-file={files[nth % 2]}") for nth in range(4)]
    fake_bot.status = 200
    passed = [monitor.run(*MONITOR, f"--targets-file={files[nth % 2]}") for nth in range(3)]

    assert ["no alert yet", "no alert yet"] == [
        "no alert yet" if "no alert yet" in each.output else each.output for each in failed[:2]
    ]
    assert all("alert raised at" in each.output for each in failed[2:]), failed[2].output
    assert "resolved" in passed[1].output
    told = [_alerts(report) for report in _reports(monitor)]
    assert [["raised"], ["resolved"]] == [[each["state"] for each in alerts] for alerts in told]
    assert not (files[0].parent / ".backstop" / "monitors").exists()


def test_a_machine_that_is_new_each_time_raises_its_alert(monitor: SessionRunner, fake_bot: FakeBot) -> None:
    """Only the directory of the team came along."""
    fake_bot.status = 503
    text = (monitor._pytester.path / "targets.toml").read_text()
    outputs = []
    for nth in range(3):
        file = monitor._pytester.mkdir(f"runner{nth}") / "targets.toml"
        file.write_text(f'{text}[state]\ndirectory = "state"\n')
        if nth:
            shutil.copytree(file.parent.parent / f"runner{nth - 1}" / "state", file.parent / "state")
        outputs.append(monitor.run(*MONITOR, f"--targets-file={file}").output)

    assert [False, False, True] == ["alert raised at" in output for output in outputs]


def test_what_could_not_look_counts_neither_way(monitor: SessionRunner, fake_bot: FakeBot) -> None:
    """Our own network is down: three such looks raise nothing."""
    monitor.target("http://127.0.0.1:9", 'control = "http://127.0.0.1:9"\n')
    ended = [monitor.run(*MONITOR) for _ in range(4)]

    assert [20] * 4 == [each.code for each in ended]
    assert "could not look, which counts neither way" in ended[-1].output
    assert [] == _reports(monitor)


def test_only_what_needs_no_account_is_looked_at(monitor: SessionRunner) -> None:
    """Checks of deployments are no monitor's, and other suites are left out by their name."""
    monitor.suite(NEEDS_THE_API, "deployment")

    ended = monitor.run("-m", "monitor")

    assert 0 == ended.code, ended.output
    assert "1 passed" in ended.output


def test_a_monitor_sends_what_its_checks_read(monitor: SessionRunner, fake_bot: FakeBot) -> None:
    """Not the forged signatures of other suites: it comes again in a minute."""
    monitor.run(*MONITOR)
    few = fake_bot.asked
    monitor.run("-m", "post_rollback and health")

    assert few < 12
    assert few < (fake_bot.asked - few) / 3


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + b"\xff" * 5000])
@pytest.mark.parametrize(
    "name", ["mine.sqlite3", "mine/looks/health/00000007-20261125T140000Z-0123abcd.json"]
)
def test_a_broken_state_changes_no_verdict(monitor: SessionRunner, content: bytes, name: str) -> None:
    """It is said, and set aside: an older release's, and one of ours."""
    path = monitor._pytester.path / ".backstop" / "monitors" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)

    ended = monitor.run(*MONITOR)

    assert 0 == ended.code, ended.output
    assert "set aside" in ended.output
    assert "health: well" in ended.output
    assert [content] == [each.read_bytes() for each in path.parent.glob("*.broken")]


def test_a_state_that_can_not_be_written_changes_no_verdict(
    monitor: SessionRunner, fake_bot: FakeBot
) -> None:
    """One clear line, for a good bot and for a bad one."""
    monitor._pytester.path.joinpath(".backstop").write_text("in its place")
    good = monitor.run(*MONITOR)
    fake_bot.status = 503
    bad = monitor.run(*MONITOR)

    assert [0, 1] == [good.code, bad.code]
    assert "can't be used" in good.output
    assert "can't be used" in bad.output


@contextmanager
def _watchman(status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """Who takes heartbeats; the address, and the bodies that came."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.path + " " + self.rfile.read(int(self.headers["content-length"])).decode())
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Keep the test's output to itself."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", heard
    finally:
        server.shutdown()
        server.server_close()


def test_heartbeat_says_how_it_ended(monitor: SessionRunner, fake_bot: FakeBot) -> None:
    """With the exit code of the look; one that nobody takes changes nothing."""
    with _watchman() as (address, heard):
        monitor.target(fake_bot.url, f'[targets.mine.monitor]\nheartbeat = "{address}/{{code}}"\n')
        monitor.run(*MONITOR)
        fake_bot.status = 503
        monitor.run(*MONITOR)
    fake_bot.status = 200
    gone = monitor.run(*MONITOR)

    assert [
        "/0 backstop monitor mine: exit code 0\n",
        "/1 backstop monitor mine: exit code 1\n",
    ] == heard
    assert 0 == gone.code, gone.output
    assert "no heartbeat" in gone.output


def test_heartbeat_that_is_not_set_is_said(monitor: SessionRunner, fake_bot: FakeBot) -> None:
    """A variable that the environment lacks keeps nobody from looking."""
    monitor.target(fake_bot.url, '[targets.mine.monitor]\nheartbeat = "env:NOBODY_SET_THIS"\n')

    ended = monitor.run(*MONITOR)

    assert 0 == ended.code, ended.output
    assert "no heartbeat: NOBODY_SET_THIS" in ended.output


def test_rules_are_the_target_s(monitor: SessionRunner, fake_bot: FakeBot) -> None:
    """Raised at once where it says so; a wrong rule is wrong usage."""
    fake_bot.status = 503
    monitor.target(fake_bot.url, "[targets.mine.monitor]\nraise_after = 1\n")
    raised = monitor.run(*MONITOR)
    monitor.target(fake_bot.url, "[targets.mine.monitor]\nraise_afer = 1\n")
    wrong = monitor.run(*MONITOR)

    assert 1 == raised.code
    assert "alert raised at" in raised.output
    assert 4 == wrong.code
    assert "raise_after" in wrong.output


def test_errors_of_a_bot_that_does_not_answer(monitor: SessionRunner, fake_bot: FakeBot) -> None:
    """Each silence is a failure, over this look and those before it; what a tail shows is not known."""
    monitor.suite((ROOT / "suites" / "errors" / "test_rates.py").read_text(), "errors")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        silent = f"http://127.0.0.1:{taken.getsockname()[1]}"
        monitor.target(silent, f'control = "{fake_bot.url}"\n[targets.mine.monitor]\nraise_after = 1\n')
        ended = monitor.run("-m", "monitor and errors")

    assert 1 == ended.code, ended.output
    assert "errors: failing for 1 look since" in ended.output
    assert "errors.outage (high) fail" in ended.output
    assert "errors.tail (medium) inconclusive" in ended.output


def test_errors_are_remembered_over_looks(monitor: SessionRunner, fake_bot: FakeBot) -> None:
    """A bot that was down a minute ago has failed within the last ten, and says so."""
    monitor.suite((ROOT / "suites" / "errors" / "test_rates.py").read_text(), "errors")
    fake_bot.status = 503
    monitor.run("-m", "monitor and errors")
    fake_bot.status = 200
    ended = monitor.run("-m", "monitor and errors")

    assert 1 == ended.code, ended.output
    assert "errors.probes (medium) fail" in ended.output


def test_an_interrupted_look_is_not_counted(monitor: SessionRunner, pytester: pytest.Pytester) -> None:
    """Ctrl-C in the middle of it."""
    monitor.suite(HEALTH + "    import os, signal\n    os.kill(os.getpid(), signal.SIGTERM)\n")

    ended = monitor.run(*MONITOR)

    assert 2 == ended.code, ended.output
    assert "counts neither way" in ended.output
    assert () == Ledgers(pytester.path / ".backstop" / "monitors").days("mine")
