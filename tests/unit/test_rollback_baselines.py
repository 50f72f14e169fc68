"""How fast verified versions were: shared by copying, aged out, and never made up from a bad file."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backstop.journal.events import LatencySampled
from backstop.journal.record import Record
from backstop.rollback.baselines import LASTS, Baseline, Baselines, measured, pooled
from tests.unit.rollbacks import vid

AT = datetime(2026, 11, 25, tzinfo=UTC)
WARM = (0.2, 0.25, 0.21)


def _baseline(number: int, day: int = 0, what: str = "GET /", connect: float = 0.02) -> Baseline:
    at = (AT + timedelta(days=day)).isoformat(timespec="seconds")
    return Baseline(vid(number), f"run{number}", at, what, WARM, connect)


def _kept(folder: Path, *baselines: Baseline) -> Baselines:
    kept = Baselines(folder)
    for each in baselines:
        kept.remember("prod", each)
    return kept


def test_the_newest_of_each_version_counts(tmp_path: Path) -> None:
    """Of its own target, and of the same request."""
    kept = _kept(tmp_path, _baseline(1), _baseline(2, 1), _baseline(1, 2), _baseline(1, 3, "GET /health"))
    shelf = kept.of("prod", AT + timedelta(days=4))

    assert replace(_baseline(1, 2), sessions=2) == shelf.of(vid(1), "GET /")
    assert _baseline(2, 1) == shelf.before({vid(1)}, "GET /")
    assert shelf.of(vid(3), "GET /") is None
    assert () == kept.of("staging", AT).baselines


def test_the_sessions_of_a_version_are_taken_together(tmp_path: Path) -> None:
    """Five at most, the newest of them, and only where they have as many times: one slow day is outvoted."""
    slow, usual = (9.0, 9.0, 9.0), (0.3, 0.2, 0.3)
    days = [(0, slow), (1, slow), (2, slow), (3, slow), (4, usual), (5, (9.0,)), (6, usual), (7, usual)]
    kept = _kept(tmp_path, *(replace(_baseline(1, day), warm=warm) for day, warm in days), _baseline(2, 9))
    shelf = kept.of("prod", AT + timedelta(days=9))

    assert replace(_baseline(1, 7), warm=usual, sessions=5) == shelf.of(vid(1), "GET /")
    assert replace(_baseline(1, 7), warm=usual, sessions=5) == shelf.before({vid(2)}, "GET /")
    assert (0.25, 0.25) == pooled([(0.3, 0.2), (0.2, 0.3, 9.0)])
    assert (0.2, 2.0) == pooled([(0.1, 2.0), (0.2, 9.0), (9.0, 0.1)])


def test_what_is_old_is_not_compared_with(tmp_path: Path) -> None:
    """The way to the bot is another one by now; and nothing comes from the future."""
    kept = _kept(tmp_path, _baseline(1))

    assert 1 == len(kept.of("prod", AT + LASTS).baselines)
    assert () == kept.of("prod", AT + LASTS + timedelta(seconds=1)).baselines
    ahead = kept.of("prod", AT - timedelta(seconds=1))
    assert ((), 1, 0) == (ahead.baselines, ahead.ahead, ahead.unreadable)


def test_what_was_measured_from_elsewhere_is_not_compared_with(tmp_path: Path) -> None:
    """A connection tells how far away who measured was; one that nobody timed tells nothing."""
    shelf = _kept(tmp_path, _baseline(1, connect=0.02), _baseline(2, connect=0.0)).of("prod", AT)

    assert {vid(1), vid(2)} == {each.version for each in shelf.near(0.05, 0.075).baselines}
    assert {vid(2)} == {each.version for each in shelf.near(0.18, 0.075).baselines}
    assert (0, 1) == (shelf.near(0.05, 0.075).elsewhere, shelf.near(0.18, 0.075).elsewhere)


WHOLE = {"version": vid(1), "run": "r", "at": AT.isoformat(), "what": "GET /", "connect": 0, "warm": [0.1]}
WRONG: tuple[dict[str, object], ...] = (
    {"warm": []},
    {"warm": [0.0]},
    {"warm": [-1]},
    {"warm": ["x"]},
    {"warm": 3},
    {"warm": [float("nan")]},
    {"warm": [float("inf")]},
    {"at": "yesterday"},
    {"connect": float("nan")},
    {"version": "x"},
    {"status": "well"},
    {"status": None},
)


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[]", "{}", *(json.dumps(WHOLE | wrong) for wrong in WRONG)]
)
def test_a_bad_file_is_counted_and_no_more(tmp_path: Path, text: str) -> None:
    """What lies beside it is read."""
    kept = _kept(tmp_path, _baseline(1))
    (tmp_path / "prod" / "20991231T000000.000000Z-x.json").write_text(text)
    shelf = kept.of("prod", AT)

    assert ((_baseline(1),), 1) == (shelf.baselines, shelf.unreadable)


def test_two_machines_merge_by_copying(tmp_path: Path) -> None:
    """No file of one is a file of the other."""
    _kept(tmp_path / "one", _baseline(1))
    _kept(tmp_path / "two", _baseline(2))
    shutil.copytree(tmp_path / "two", tmp_path / "one", dirs_exist_ok=True)

    assert {vid(1), vid(2)} == {b.version for b in Baselines(tmp_path / "one").of("prod", AT).baselines}


def test_what_is_kept_is_what_was_measured_of_that_version_last() -> None:
    """In seconds; nothing where it was not measured, or is not known to be of that version."""
    events = [
        LatencySampled("0-live", vid(1), "GET /", (400.0,)),
        LatencySampled("1-after", vid(2), "GET /", (200.0, 250.0, 210.0), (), 20.0),
        LatencySampled("2-after", "", "GET /", (900.0,)),
    ]
    records = [Record(n, AT, n, event) for n, event in enumerate(events)]

    assert _baseline(2) == measured(records, vid(2), "run2", AT)
    assert measured(records, vid(3), "run3", AT) is None
