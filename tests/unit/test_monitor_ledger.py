"""What monitors remember: shared by copying, whole after a kill, bounded, one clear line for each trouble."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from backstop.model.severity import Severity
from backstop.monitor import ledger as module
from backstop.monitor.alert import Alert, Seen, Sight
from backstop.monitor.availability import Bot, Day
from backstop.monitor.ledger import Count, Ledgers, NoLedger
from backstop.monitor.sequence import Known, Look
from backstop.monitor.stretches import since

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
FIVE = timedelta(minutes=5)


def a_look(
    at: datetime = NOW, seen: Seen = Seen.FAILED, *, subject: str = "health", found: Bot | None = None
) -> Look:
    """One that ended then, five minutes after another that found the bot so."""
    alert = Alert(subject, failures=2, looks=2, since=at, last=at, seen=seen, failed=(at,))
    before = None if found is None else (at - FIVE, found)
    sight = Sight(at, seen, Severity.CRITICAL if seen is Seen.FAILED else Severity.NONE)
    return Look(at - timedelta(seconds=2), sight, alert, Known(raised=True), told=True, before=before)


@pytest.fixture
def ledgers(tmp_path: Path) -> Ledgers:
    """What is remembered in an empty directory."""
    return Ledgers(tmp_path / "monitors")


def _keep(ledgers: Ledgers, *looks: Look) -> list[str]:
    with ledgers.open("prod") as ledger:
        for look in looks or (a_look(),):
            ledger.keep(look)
    return ledger.remarks


def _looks(ledgers: Ledgers, subject: str = "health") -> tuple[Look, ...]:
    with ledgers.open("prod") as ledger:
        return ledger.looks(subject)


def _pages(ledgers: Ledgers, folder: str = "looks/health") -> list[Path]:
    return sorted((ledgers.path("prod") / folder).glob("*.json"))


def test_what_one_run_writes_the_next_one_reads(ledgers: Ledgers) -> None:
    """Looks, counts and days; each subject and each target by itself."""
    look = a_look(found=Bot.DOWN)
    with ledgers.open("prod") as ledger:
        ledger.keep(look)
        ledger.keep(a_look(subject="errors"))
        ledger.count(NOW, [Count("tail", "v1", 10, 1), Count("probes", "", 3, 0)])
        ledger.count(NOW, [Count("tail", "v1", 5, 0)])

    assert [] == ledger.remarks
    assert (Day(NOW.date(), 300.0, 300.0),) == ledgers.days("prod")
    assert () == ledgers.days("staging")
    with ledgers.open("prod") as ledger:
        assert (look,) == ledger.looks("health")
        assert () == ledger.looks("latency")
        counted = ledger.counted(NOW - timedelta(minutes=1), NOW)
        assert (Count("probes", "", 3, 0), Count("tail", "v1", 15, 1)) == counted
        assert () == ledger.counted(NOW + timedelta(minutes=1), NOW + timedelta(minutes=2))


def test_order_is_that_of_writing_and_not_of_clocks(ledgers: Ledgers) -> None:
    """A clock that jumps to 1970 and to 2040."""
    moments = [NOW, datetime(1970, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC), NOW + FIVE]
    for at in moments:
        _keep(ledgers, a_look(at))

    assert moments == [look.sight.at for look in _looks(ledgers)]


def test_two_directories_merge_by_copying(ledgers: Ledgers, tmp_path: Path) -> None:
    """Both ways, and again; nothing is lost, and nothing counts twice."""
    other = Ledgers(tmp_path / "other")
    _keep(ledgers, a_look(NOW, found=Bot.UP), a_look(NOW + FIVE, found=Bot.UP))
    _keep(other, a_look(NOW + timedelta(minutes=2), Seen.PASSED, found=Bot.DOWN))

    for source, to in ((ledgers, other), (other, ledgers), (ledgers, other)):
        shutil.copytree(source.directory, to.directory, dirs_exist_ok=True)

    assert 3 == len(_looks(ledgers))
    assert _looks(ledgers) == _looks(other)
    assert (Day(NOW.date(), 600.0, 300.0),) == ledgers.days("prod")
    assert ledgers.days("prod") == other.days("prod")


def test_memory_is_bounded_and_nothing_watched_is_lost(ledgers: Ledgers) -> None:
    """Looks are folded up into a file for each month, also over the end of one; counts are dropped."""
    many = 3 * module.LOOKS + 5
    began = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
    with ledgers.open("prod") as ledger:
        for nth in range(1, many + 1):
            found = Bot.DOWN if nth % 10 == 0 else Bot.UP
            ledger.keep(a_look(began + nth * FIVE, found=found))
        for _ in range(2 * module._COUNTS + 5):
            ledger.count(NOW, [Count("tail", "", 1, 0)])

    assert len(_pages(ledgers)) < 2 * module.LOOKS
    assert len(_pages(ledgers, "counts")) < 2 * module._COUNTS
    assert ["2026-11", "2026-12"] == [path.name[:7] for path in _pages(ledgers, "watched")]
    days = ledgers.days("prod")

    assert date(2026, 11, 30) == days[0].day
    assert 43200.0 == days[0].watched
    assert many * 300.0 == sum(day.watched for day in days)
    assert many // 10 * 300.0 == sum(day.down for day in days)


def test_what_was_half_written_is_cleared_away(ledgers: Ledgers) -> None:
    """By a run that was killed an hour ago, not by one that writes at this moment; and broken files."""
    _keep(ledgers)
    folder = _pages(ledgers)[0].parent
    old, new = (folder / f".00000001-20261125T140000Z-0123abcd.json-{name}" for name in ("old", "new"))
    for path in (old, new, folder / "00000001-20261125T140000Z-0123abcd.json.broken"):
        path.write_text("{")
    os.utime(old, (0, 0))

    _keep(ledgers, *[a_look(NOW + nth * FIVE) for nth in range(2 * module.LOOKS)])

    assert [new] == [path for path in folder.iterdir() if path.name[0] == "." or path.suffix == ".broken"]


def test_folding_up_twice_counts_once(ledgers: Ledgers, tmp_path: Path) -> None:
    """Two machines fold up the same looks, and one a later one; then all is copied together."""
    looks = [a_look(NOW + nth * FIVE, found=Bot.DOWN) for nth in range(2 * module.LOOKS - 1)]
    _keep(ledgers, *looks)
    other = Ledgers(tmp_path / "other")
    shutil.copytree(ledgers.directory, other.directory)
    last = NOW + len(looks) * FIVE
    _keep(ledgers, a_look(last, found=Bot.DOWN))
    _keep(other, a_look(last, found=Bot.DOWN), a_look(last + FIVE, found=Bot.DOWN))

    shutil.copytree(ledgers.directory, other.directory, dirs_exist_ok=True)

    assert 2 * module.LOOKS * 300.0 + 300.0 == sum(day.watched for day in other.days("prod"))


def test_a_clock_that_is_years_ahead_drops_no_history(ledgers: Ledgers) -> None:
    """Months are counted, not dated."""
    ledger_months = module.Ledger(ledgers.path("prod")).months
    for year in (2026, 2040):
        at = datetime(year, 3, 1, tzinfo=UTC)
        ledger_months.add(since(at, Bot.UP, at + FIVE))

    assert [2026, 2040] == [day.day.year for day in ledgers.days("prod")]


def test_three_years_are_kept(ledgers: Ledgers) -> None:
    """A file a month, and no more than 37."""
    months = module.Ledger(ledgers.path("prod")).months
    for nth in range(50):
        at = datetime(2023 + nth // 12, nth % 12 + 1, 2, tzinfo=UTC)
        months.add(since(at, Bot.UP, at + FIVE))

    assert 37 == len(_pages(ledgers, "watched")) == len(ledgers.days("prod"))


def _cut_short(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _no_json(path: Path) -> None:
    path.write_bytes(b"\xff\x00<<<<<<< HEAD")


def _deep(path: Path) -> None:
    path.write_text("[" * 100_000)


def _without_zone(path: Path) -> None:
    path.write_text(path.read_text().replace("+00:00", ""))


def _of_other_types(path: Path) -> None:
    path.write_text(
        json.dumps({"schema": 1, "began": 7, "alert": [], "at": None, "watched": [[1]], "down": 1})
    )


def _of_nothing(path: Path) -> None:
    path.write_text("null")


def _endless(path: Path) -> None:
    path.write_text('{"schema": 1, "watched": [[0, 1e308]], "down": [], "began": "' + "x" * 300_000)


SPOILT = (_cut_short, _emptied, _no_json, _deep, _without_zone, _of_other_types, _of_nothing, _endless)


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_broken_look_is_set_aside_and_said_once(ledgers: Ledgers, spoil: Callable[[Path], None]) -> None:
    """The others count, the run goes on, and the file is there for who wants to see it."""
    _keep(ledgers, a_look(NOW), a_look(NOW + FIVE))
    first = _pages(ledgers)[0]
    spoil(first)
    broken = first.read_bytes()

    with ledgers.open("prod") as ledger:
        found = ledger.looks("health")
        again = ledger.looks("health")

    assert [NOW + FIVE] == [look.sight.at for look in found] == [look.sight.at for look in again]
    assert 1 == len(ledger.remarks)
    assert f"{first} was broken" in ledger.remarks[0]
    assert broken == first.with_name(f"{first.name}.broken").read_bytes()


@pytest.mark.parametrize("spoil", [each for each in SPOILT if each is not _without_zone])
def test_a_broken_month_is_not_read_as_no_downtime(ledgers: Ledgers, spoil: Callable[[Path], None]) -> None:
    """Whoever asks is told, the file stays, and what comes after it is folded up beside it."""
    months = module.Ledger(ledgers.path("prod")).months
    months.add(since(NOW, Bot.DOWN, NOW + FIVE))
    (path,) = _pages(ledgers, "watched")
    spoil(path)
    months.add(since(NOW + FIVE, Bot.UP, NOW + 2 * FIVE))

    with pytest.raises(NoLedger, match="broken"):
        ledgers.days("prod")

    assert path in _pages(ledgers, "watched")
    path.unlink()
    assert (Day(NOW.date(), 300.0, 0.0),) == ledgers.days("prod")


def test_a_newer_version_s_files_are_left_alone(ledgers: Ledgers) -> None:
    """They are no broken ones, and are said in one line; what this version writes comes after them."""
    _keep(ledgers, a_look(NOW), a_look(NOW + FIVE))
    first = _pages(ledgers)[0]
    newer = json.dumps({"schema": 7, "whatever": True})
    first.write_text(newer)

    remarks = _keep(ledgers, a_look(NOW + 2 * FIVE))
    with ledgers.open("prod") as ledger:
        found = ledger.looks("health")

    assert [] == remarks
    assert [NOW + FIVE, NOW + 2 * FIVE] == [look.sight.at for look in found]
    assert ["newer backstop" in remark for remark in ledger.remarks] == [True]
    assert newer == first.read_text()


def test_two_runs_at_once_wait_for_each_other(ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch) -> None:
    """And one that hangs does not hold up the others for ever."""
    monkeypatch.setattr(module, "_PATIENCE_S", 0.2)
    with ledgers.open("prod") as ledger:
        ledger.keep(a_look())
        with pytest.raises(NoLedger, match="in use by another run"):
            _keep(ledgers)

    assert 1 == len(_looks(ledgers))


def test_where_there_are_no_locks_nobody_waits(ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network file systems have none."""

    def refuse(*_arguments: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    _keep(ledgers)

    assert 1 == len(_looks(ledgers))


@pytest.mark.parametrize("why", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_what_can_not_be_written_is_said(ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch, why: int) -> None:
    """A full disk, a read-only directory: one sentence, and what was there before stays."""
    _keep(ledgers)

    def refuse(*_arguments: object, **_more: object) -> None:
        raise OSError(why, os.strerror(why))

    with monkeypatch.context() as patch:
        patch.setattr("backstop.storage.tempfile.mkstemp", refuse)
        with pytest.raises(NoLedger, match="the look itself counts; alerts and availability miss it"):
            _keep(ledgers)

    assert 1 == len(_looks(ledgers))


def test_a_directory_that_can_not_be_made_is_said(tmp_path: Path) -> None:
    """Something else stands in its place."""
    (tmp_path / "monitors").write_text("")

    with pytest.raises(NoLedger, match="can't be used"):
        _keep(Ledgers(tmp_path / "monitors"))


WRITER = """
import sys
from datetime import timedelta
from pathlib import Path
from backstop.monitor.ledger import Ledgers
from tests.unit.test_monitor_ledger import NOW, a_look
ledgers, number = Ledgers(Path(sys.argv[1])), int(sys.argv[2])
while True:
    number += 1
    with ledgers.open("prod") as ledger:
        assert number - 1 == len(ledger.looks("health")), (number, len(ledger.looks("health")))
        ledger.keep(a_look(NOW + timedelta(seconds=number)))
        assert not ledger.remarks, ledger.remarks
    print(number, flush=True)
"""


def test_a_kill_in_the_middle_of_writing_leaves_whole_looks(ledgers: Ledgers) -> None:
    """SIGKILL while a run writes all the time: each look that was said is there, and no part of one."""
    root = Path(__file__).resolve().parents[2]
    done = 0
    for nth in range(1, 5):
        command = [sys.executable, "-c", WRITER, str(ledgers.directory), str(done)]
        with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            said = [process.stdout.readline() for _ in range(nth)]
            process.send_signal(signal.SIGKILL)
            said += process.stdout.read().splitlines()
        last = int([each for each in said if each.strip()][-1])

        done = len(_looks(ledgers))

        assert done in {last, last + 1}
    assert [] == list(ledgers.directory.rglob("*.broken"))
