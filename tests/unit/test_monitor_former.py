"""What an older release remembered in SQLite is taken over once, and never lost on the way."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from backstop.model.severity import Severity
from backstop.monitor.alert import Alert, Seen
from backstop.monitor.availability import Bot, Day
from backstop.monitor.codec import alert_members
from backstop.monitor.ledger import Ledgers, NoLedger
from backstop.monitor.sequence import Known
from tests.unit.test_monitor_ledger import a_look

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
RAISED = Alert(
    "health", failures=3, looks=3, severity=Severity.CRITICAL, since=NOW, raised=NOW, told=NOW, last=NOW,
    seen=Seen.FAILED, failed=(NOW,), turned=(NOW,),
)  # fmt: skip
DAYS = (Day(date(2026, 11, 24), 80000.0, 60.0), Day(date(2026, 11, 25), 500.0, 0.0))


def _old_file(folder: Path, *, version: int = 1, state: str = json.dumps(alert_members(RAISED))) -> Path:
    """As release 1.0 left it."""
    folder.mkdir(exist_ok=True)
    path = folder / "prod.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        file.executescript(
            f"pragma application_id = {0x62636B73}; pragma user_version = {version};"
            "create table alerts (subject text primary key, state text not null);"
            "create table days (day text primary key, watched real not null, down real not null);"
        )
        file.execute("insert into alerts values ('health', ?)", (state,))
        file.executemany("insert into days values (?, ?, ?)", [(str(d.day), d.watched, d.down) for d in DAYS])
        file.commit()
    return path


@pytest.fixture
def ledgers(tmp_path: Path) -> Ledgers:
    """A directory that a team shares, and that of this machine."""
    return Ledgers(tmp_path / "team", tmp_path / "own")


def _remarks(ledgers: Ledgers) -> list[str]:
    with ledgers.open("prod") as ledger:
        return ledger.remarks


def test_it_is_taken_over_once(ledgers: Ledgers, tmp_path: Path) -> None:
    """The alert stands, people know of it, and the days count; the file is kept under another name."""
    old = _old_file(tmp_path / "own")
    with pytest.raises(NoLedger, match="the next monitor takes it over"):
        ledgers.days("prod")

    first, second = _remarks(ledgers), _remarks(ledgers)

    assert [True] == ["taken over" in remark for remark in first]
    assert [] == second
    assert DAYS == ledgers.days("prod")
    with ledgers.open("prod") as ledger:
        (look,) = ledger.looks("health")
    assert (RAISED, Known(raised=True, severity=Severity.CRITICAL)) == (look.alert, look.known)
    assert not old.exists()
    assert old.with_name("prod.sqlite3.taken-over").exists()


def test_what_is_watched_afterwards_is_added(ledgers: Ledgers, tmp_path: Path) -> None:
    """Also on the day of the change."""
    _old_file(tmp_path / "own")
    with ledgers.open("prod") as ledger:
        ledger.keep(a_look(NOW + timedelta(minutes=5), found=Bot.UP))

    assert 800.0 == ledgers.days("prod")[-1].watched


def test_of_two_machines_the_one_that_watched_longer_is_believed(ledgers: Ledgers, tmp_path: Path) -> None:
    """Sums of days can't be joined: they may be of the same hours."""
    _old_file(tmp_path / "own")
    _remarks(ledgers)
    longer = Day(DAYS[0].day, 86000.0, 30.0)
    with ledgers.open("prod") as ledger:
        ledger.months.take_over([longer])

    assert (longer, DAYS[1]) == ledgers.days("prod")


def test_what_is_known_here_already_stands(ledgers: Ledgers, tmp_path: Path) -> None:
    """The alert of an old file says nothing where somebody has looked since."""
    with ledgers.open("prod") as ledger:
        ledger.keep(a_look(NOW, Seen.PASSED))
    _old_file(tmp_path / "own")
    _remarks(ledgers)

    with ledgers.open("prod") as ledger:
        assert [Seen.PASSED] == [look.sight.seen for look in ledger.looks("health")]


@pytest.mark.parametrize("spoilt", ["cut short", "no state", "another version"])
def test_a_broken_one_is_set_aside_and_said(ledgers: Ledgers, tmp_path: Path, spoilt: str) -> None:
    """Nothing of it is lost, and the run that finds it begins anew."""
    made = {"no state": {"state": "{}"}, "another version": {"version": 2}}.get(spoilt, {})
    old = _old_file(tmp_path / "own", **made)  # type: ignore[arg-type] # a version is a number
    if spoilt == "cut short":
        old.write_bytes(old.read_bytes()[:5000])
    content = old.read_bytes()

    (remark,) = _remarks(ledgers)

    aside = old.with_name("prod.sqlite3.broken")
    assert f"set aside as {aside}" in remark
    assert content == aside.read_bytes()
    assert () == ledgers.days("prod")


def test_one_that_is_in_use_is_left(ledgers: Ledgers, tmp_path: Path) -> None:
    """A run of the older release writes; the next look takes it over."""
    old = _old_file(tmp_path / "own")
    with closing(sqlite3.connect(old)) as file:
        file.execute("begin exclusive")
        (busy,) = _remarks(ledgers)
        file.rollback()
    (taken,) = _remarks(ledgers)

    assert "left as it is" in busy
    assert "taken over" in taken
