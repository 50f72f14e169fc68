"""What monitors remember: whole after a kill, never silently emptied, and one clear line for each trouble."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from backstop.monitor import ledger as module
from backstop.monitor.alert import Alert, Seen
from backstop.monitor.availability import Bot, Day
from backstop.monitor.ledger import Count, Ledgers, NoLedger

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
FAILING = Alert("health", failures=2, looks=2, since=NOW, last=NOW, seen=Seen.FAILED, failed=(NOW,))


@pytest.fixture
def ledgers(tmp_path: Path) -> Ledgers:
    """What is remembered in an empty directory."""
    return Ledgers(tmp_path / "monitors")


def _keep(ledgers: Ledgers, alert: Alert = FAILING) -> str:
    with ledgers.open("prod") as (ledger, aside):
        ledger.keep(alert)
    return aside


def _alert(ledgers: Ledgers) -> Alert:
    with ledgers.open("prod") as (ledger, _):
        return ledger.alert("health")


def test_what_one_run_writes_the_next_one_reads(ledgers: Ledgers) -> None:
    """Alerts, counts, days and the last look."""
    with ledgers.open("prod") as (ledger, aside):
        ledger.keep(FAILING)
        ledger.count(NOW, Count("tail", "v1", 10, 1))
        ledger.count(NOW, Count("tail", "v1", 5, 0))
        ledger.add(Day(date(2026, 11, 25), 60.0, 10.0))
        ledger.add(Day(date(2026, 11, 25), 40.0, 0.0))
        ledger.note_look("health", NOW, Bot.DOWN)

    assert "" == aside
    assert (Day(date(2026, 11, 25), 100.0, 10.0),) == ledgers.days("prod")
    with ledgers.open("prod") as (ledger, _):
        assert FAILING == ledger.alert("health")
        assert Alert("latency") == ledger.alert("latency")
        assert (Count("tail", "v1", 15, 1),) == ledger.counted(NOW - timedelta(minutes=1), NOW)
        assert () == ledger.counted(NOW + timedelta(minutes=1), NOW + timedelta(minutes=2))
        assert (NOW, Bot.DOWN) == ledger.looked("health")


def test_what_fails_half_way_is_not_kept(ledgers: Ledgers) -> None:
    """A run's changes are kept together or not at all."""
    _keep(ledgers)

    with pytest.raises(RuntimeError):
        _keep_half(ledgers)

    assert FAILING == _alert(ledgers)


def _keep_half(ledgers: Ledgers) -> None:
    with ledgers.open("prod") as (ledger, _):
        ledger.keep(replace(FAILING, failures=9))
        raise RuntimeError


def test_memory_is_bounded(ledgers: Ledgers) -> None:
    """Counts of days ago and days of years ago are dropped."""
    with ledgers.open("prod") as (ledger, _):
        ledger.count(NOW - timedelta(days=3), Count("tail", "", 1, 0))
        ledger.add(Day(date(2022, 1, 1), 1.0, 0.0))
        ledger.count(NOW, Count("tail", "", 1, 0))
        ledger.add(Day(date(2026, 11, 25), 1.0, 0.0))
        kept = ledger.counted(NOW - timedelta(days=30), NOW)

    assert (Count("tail", "", 1, 0),) == kept
    assert [date(2026, 11, 25)] == [each.day for each in ledgers.days("prod")]


def _cut_short(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _overwritten(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


def _torn(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


def _somebody_elses(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.execute("create table things (name text)")
        database.commit()


@pytest.mark.parametrize("spoil", [_cut_short, _emptied, _overwritten, _torn, _somebody_elses])
def test_a_broken_file_is_set_aside_and_said(ledgers: Ledgers, spoil: object) -> None:
    """Nothing of it is lost, and the run that finds it begins anew."""
    _keep(ledgers)
    path = ledgers.path("prod")
    assert callable(spoil)
    spoil(path)
    broken = path.read_bytes()

    aside = _keep(ledgers, replace(FAILING, failures=1))

    kept = [each for each in path.parent.iterdir() if ".broken-" in each.name]
    assert [broken] == [each.read_bytes() for each in kept]
    assert str(kept[0]) in aside
    assert 1 == _alert(ledgers).failures


def test_a_broken_file_is_not_read_as_no_downtime(ledgers: Ledgers) -> None:
    """Whoever only reads says so, and leaves it."""
    _keep(ledgers)
    _overwritten(ledgers.path("prod"))

    with pytest.raises(NoLedger, match="broken"):
        ledgers.days("prod")

    assert ledgers.path("prod").exists()


def test_a_newer_version_s_file_is_left_alone(ledgers: Ledgers) -> None:
    """It is no broken one."""
    _keep(ledgers)
    with closing(sqlite3.connect(ledgers.path("prod"))) as database:
        database.execute("pragma user_version = 7")
    before = ledgers.path("prod").read_bytes()

    with pytest.raises(NoLedger, match=r"newer backstop \(schema 7"):
        _keep(ledgers)

    assert before == ledgers.path("prod").read_bytes()


def test_a_locked_file_is_said(ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody has it open in another program."""
    monkeypatch.setattr(module, "_PATIENCE_S", 0.2)
    _keep(ledgers)
    with closing(sqlite3.connect(ledgers.path("prod"))) as database:
        database.execute("begin exclusive")
        with pytest.raises(NoLedger, match="locked"):
            _keep(ledgers)

    assert FAILING == _alert(ledgers)


def test_two_runs_at_once_wait_for_each_other(ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch) -> None:
    """And one that hangs does not hold up the others for ever."""
    monkeypatch.setattr(module, "_PATIENCE_S", 0.2)
    with ledgers.open("prod") as (ledger, _):
        ledger.keep(FAILING)
        with pytest.raises(NoLedger, match="in use by another run"):
            _keep(ledgers)

    assert FAILING == _alert(ledgers)


@contextmanager
def _full(path: Path) -> Iterator[None]:
    """As on a full disk: the file may not grow by a page."""
    with closing(sqlite3.connect(path)) as database:
        pages = database.execute("pragma page_count").fetchone()[0]
    original = module._connect

    def limited(where: Path) -> sqlite3.Connection:
        database = original(where)
        database.execute(f"pragma max_page_count = {pages}")
        return database

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_connect", limited)
        yield


def test_a_full_disk_is_said(ledgers: Ledgers) -> None:
    """What was there before stays."""
    _keep(ledgers)
    many = replace(FAILING, failed=(NOW,) * 5000)

    with _full(ledgers.path("prod")), pytest.raises(NoLedger, match="full"):
        _keep(ledgers, many)

    assert FAILING == _alert(ledgers)


def test_a_directory_that_can_not_be_made_is_said(tmp_path: Path) -> None:
    """Something else stands in its place."""
    (tmp_path / "monitors").write_text("")

    with pytest.raises(NoLedger, match="can't be used"):
        _keep(Ledgers(tmp_path / "monitors"))


WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from backstop.monitor.ledger import Ledgers
from tests.unit.test_monitor_ledger import FAILING
ledgers, number = Ledgers(Path(sys.argv[1])), 0
while True:
    number += 1
    with ledgers.open("prod") as (ledger, aside):
        before = ledger.alert("health").failures
        ledger.keep(replace(FAILING, failures=number, looks=number, failed=FAILING.failed * 200))
        assert not aside, aside
    print(number, flush=True)
"""


def test_a_kill_in_the_middle_of_writing_leaves_a_whole_state(ledgers: Ledgers) -> None:
    """SIGKILL while a run writes all the time: what is found is the last or the next, never a part."""
    root = Path(__file__).resolve().parents[2]
    for nth in range(1, 6):
        command = [sys.executable, "-c", WRITER, str(ledgers.directory)]
        with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            said = [process.stdout.readline() for _ in range(nth)]
            process.send_signal(signal.SIGKILL)
            said += process.stdout.read().splitlines()
        done = int([each for each in said if each.strip()][-1])

        found = _alert(ledgers)

        assert found.failures in {done, done + 1}
        assert found.failures == found.looks
        assert 200 == len(found.failed)
    assert [] == [each for each in ledgers.directory.iterdir() if "broken" in each.name]
