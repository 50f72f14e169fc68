"""The record of what was last seen to write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backstop.rollback.proven import ProvenWrite, ProvenWrites

AT = datetime(2026, 11, 23, 3, 12, tzinfo=UTC)
NOW = AT + timedelta(days=30)


def _write(token: str, days: int = 0) -> ProvenWrite:
    return ProvenWrite(token, "account", f"run-{days}", AT + timedelta(days=days))


def test_the_newest_is_first_and_each_token_is_there_once(tmp_path: Path) -> None:
    """A token that wrote again is known by the last time."""
    record = ProvenWrites(tmp_path)
    for write in (_write("one"), _write("two", 1), _write("one", 2)):
        record.remember("prod", write)

    assert (_write("one", 2), _write("two", 1)) == record.of("prod", NOW)
    assert () == record.of("staging", NOW)


def test_what_a_wrong_clock_dated_comes_last(tmp_path: Path) -> None:
    """A token that wrote in 2040 is known by when it really did."""
    record = ProvenWrites(tmp_path)
    for write in (_write("one", 5000), _write("two", 1), _write("one", 2)):
        record.remember("prod", write)

    assert (_write("one", 2), _write("two", 1)) == record.of("prod", NOW)


def test_it_is_bounded(tmp_path: Path) -> None:
    """The oldest are forgotten."""
    record = ProvenWrites(tmp_path)
    for number in range(25):
        record.remember("prod", _write(f"token-{number}", number))

    assert 20 == len(record.of("prod", NOW))
    assert "token-24" == record.of("prod", NOW)[0].token


@pytest.mark.parametrize("text", ["", "{", "{}", '[{"token": "one"}]', '[1, {"at": "yesterday"}]'])
def test_what_can_not_be_read_proves_nothing(tmp_path: Path, text: str) -> None:
    """A damaged file is no record, and no error."""
    (tmp_path / "prod.json").write_text(text)

    assert () == ProvenWrites(tmp_path).of("prod", NOW)


def test_a_time_without_a_zone_is_utc(tmp_path: Path) -> None:
    """However somebody wrote it there."""
    entry = '[{"token": "one", "account": "a", "run": "r", "at": "2026-11-23T03:12:00"}]'
    (tmp_path / "prod.json").write_text(entry)

    assert AT == ProvenWrites(tmp_path).of("prod", NOW)[0].at
