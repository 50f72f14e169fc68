"""The record of versions that were verified: one file an entry, so that machines share it by copying."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backstop.rollback.verified import VerifiedVersions
from tests.unit.rollbacks import vid

AT = datetime(2026, 11, 25, tzinfo=UTC)


def _remember(folder: Path, *numbers: int, from_day: int = 0) -> VerifiedVersions:
    """The record after these versions were verified, a day apart."""
    records = VerifiedVersions(folder)
    for day, number in enumerate(numbers, from_day):
        records.remember("prod", vid(number), f"run{number}", AT + timedelta(days=day))
    return records


def _known(records: VerifiedVersions) -> list[str]:
    return [each.version for each in records.of("prod", AT + timedelta(days=100))]


def test_they_are_remembered_newest_first(tmp_path: Path) -> None:
    """Each once, under its own target."""
    records = _remember(tmp_path, 1, 2, 1)

    assert [vid(1), vid(2)] == _known(records)
    assert () == records.of("staging", AT)


@pytest.mark.parametrize("damage", ["", "{", "{}", '[1, {"version": "x"}]', "[null]"])
def test_what_is_damaged_is_no_record(tmp_path: Path, damage: str) -> None:
    """And no error; what lies beside it is read."""
    records = _remember(tmp_path, 1)
    (tmp_path / "prod.json").write_text(damage)
    (tmp_path / "prod" / "20991231T000000.000000Z-x.json").write_text(damage)

    assert [vid(1)] == _known(records)


def test_two_machines_merge_by_copying(tmp_path: Path) -> None:
    """No file of one is a file of the other, and the newest of both is first."""
    _remember(tmp_path / "one", 1, 3)
    _remember(tmp_path / "two", 2, from_day=1)
    names = [{path.name for path in (tmp_path / name / "prod").iterdir()} for name in ("one", "two")]
    shutil.copytree(tmp_path / "two", tmp_path / "one", dirs_exist_ok=True)

    assert not names[0] & names[1]
    assert {vid(1), vid(2), vid(3)} == set(_known(VerifiedVersions(tmp_path / "one")))


def test_an_entry_is_never_changed(tmp_path: Path) -> None:
    """A version that is verified again has a second file."""
    _remember(tmp_path, 1)
    before = {path: path.read_text() for path in (tmp_path / "prod").iterdir()}
    _remember(tmp_path, 1, from_day=1)

    assert 2 == len(list((tmp_path / "prod").iterdir()))
    assert before == {path: path.read_text() for path in before}


def test_what_an_old_backstop_kept_is_read(tmp_path: Path) -> None:
    """One list for each target, as it was."""
    old = {"version": vid(7), "run": "old", "at": "2026-11-01T00:00:00+00:00"}
    (tmp_path / "prod.json").write_text(json.dumps([old]))

    assert [vid(1), vid(7)] == _known(_remember(tmp_path, 1))


def test_what_a_wrong_clock_dated_comes_last(tmp_path: Path) -> None:
    """A rollback does not go back for years to what was verified in 2040, nor in 1970; days apart count."""
    records = _remember(tmp_path, 1, from_day=5000)
    _remember(tmp_path, 2, from_day=-20000)
    _remember(tmp_path, 3, 4)

    assert [vid(4), vid(3), vid(2), vid(1)] == _known(records)


@pytest.mark.parametrize("at", ["zzz", "", None, 7, "0001-01-01T00:00:00+23:59"])
def test_what_is_not_dated_is_no_record(tmp_path: Path, at: object) -> None:
    """It would come first, or stop the others."""
    (tmp_path / "prod.json").write_text(json.dumps([{"version": vid(7), "run": "r", "at": at}]))

    assert [vid(1)] == _known(_remember(tmp_path, 1))


def test_it_is_bounded(tmp_path: Path) -> None:
    """The oldest are forgotten, and their files go."""
    records = _remember(tmp_path, *range(1, 56))

    assert 50 == len(_known(records)) == len(list((tmp_path / "prod").iterdir()))
    assert vid(55) == _known(records)[0]
