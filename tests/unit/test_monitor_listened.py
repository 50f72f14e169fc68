"""How many requests were refused of late, by what the looks of a monitor listened to."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backstop.monitor.ledger import Ledgers
from backstop.monitor.listened import Listened, of_late
from backstop.observe.refused import Refused

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


def _at(*minutes: float) -> list[Listened]:
    return [Listened(NOW - timedelta(minutes=each), 1, 10.0) for each in minutes]


@pytest.mark.parametrize(
    ("minutes", "counted"),
    [
        ((0,), (0,)),
        ((9, 0, 5, 2), (9, 5, 2, 0)),
        ((12, 9, 6, 3, 0), (9, 6, 3, 0)),
        ((45, 30, 15, 0), (30, 15, 0)),
        ((70, 50, 0), (50, 0)),
        ((5, 0, -3), (5, 0)),
    ],
)
def test_looks_of_late(minutes: tuple[float, ...], counted: tuple[float, ...]) -> None:
    """Those of ten minutes, and three at least; nothing older than an hour, or dated later than now."""
    assert tuple(_at(*counted)) == of_late(_at(*minutes), NOW)


def test_the_rate_names_what_it_is_of() -> None:
    """The time that was listened to, the time that it was spread over, and the interval."""
    few, many = Refused(2, 10.0, 1, 10.0), Refused(60, 120.0, 12, 600.0)

    assert few.told == (
        "2 requests answered 401 or 403 in 10 s of the tail, by one look: "
        "12.0 a minute (2.1 to 37.7, each end at 95 %)"
    )
    assert many.told == (
        "60 requests answered 401 or 403 in 120 s of the tail, by 12 looks of the last 10 min: "
        "30.0 a minute (23.9 to 37.2, each end at 95 %)"
    )
    assert Refused(0, 0.0, 1, 0.0).low == 0.0


def test_what_is_remembered_comes_back(tmp_path: Path) -> None:
    """Whoever wrote it, oldest first."""
    with Ledgers(tmp_path).open("prod") as ledger:
        for each in _at(3, 2, 1):
            ledger.listen(each)

        assert tuple(_at(3, 2, 1)) == ledger.listened()


@pytest.mark.parametrize(
    "odd",
    [
        {"refused": -1},
        {"seconds": -1.0},
        {"seconds": float("nan")},
        {"seconds": float("inf")},
        {"refused": None},
        {"at": "today"},
        {"at": "2026-11-25T14:00:00"},
        {"schema": "1"},
    ],
)
def test_what_is_no_look_is_left_out_and_said(tmp_path: Path, odd: dict[str, object]) -> None:
    """A file that somebody broke makes no rate."""
    with Ledgers(tmp_path).open("prod") as ledger:
        ledger.listen(*_at(1))
        (path,) = (tmp_path / "prod" / "listened").iterdir()
        path.write_text(json.dumps({**json.loads(path.read_text()), **odd}))

        assert () == ledger.listened()
        assert "set aside" in ledger.remarks[0]


def test_files_do_not_grow_without_end(tmp_path: Path) -> None:
    """A look a minute from ten places, for as long as it likes."""
    with Ledgers(tmp_path).open("prod") as ledger:
        for _ in range(420):
            ledger.listen(Listened(NOW, 0, 10.0))

    assert len(list((tmp_path / "prod" / "listened").iterdir())) <= 400
