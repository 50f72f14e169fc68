"""What is written to disk, and what is said when it can't be."""

from __future__ import annotations

import errno
import os
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from backstop.model.errors import BackstopError
from backstop.redaction import REDACTOR
from backstop.storage import (
    CannotWrite,
    RunDirectory,
    private_file,
    rewrite,
    write_atomic,
    write_from,
    write_new,
)

NOW = datetime(2026, 11, 24, 3, 12, 41, tzinfo=UTC)


def test_run_directory_is_named_by_time_session_and_target(tmp_path: Path) -> None:
    """The name sorts by time, in UTC whatever the zone of the clock."""
    now = NOW.astimezone(timezone(timedelta(hours=5)))

    run = RunDirectory.create(tmp_path / "reports", "drill", "local", now)

    assert run.path == tmp_path / "reports" / "20261124T031241Z-drill-local"
    assert run.run == "20261124T031241Z-drill-local"
    assert run.path.is_dir()


def test_runs_within_a_second_are_apart(tmp_path: Path) -> None:
    """Two sessions that start in the same second don't share a directory."""
    runs = [RunDirectory.create(tmp_path, "look", "local", NOW).run for _ in range(3)]

    stem = "20261124T031241Z-look-local"
    assert runs == [stem, f"{stem}-2", f"{stem}-3"]


def test_names_cannot_leave_the_reports(tmp_path: Path) -> None:
    """Whatever a session or target is called, its directory lies among the reports."""
    run = RunDirectory.create(tmp_path, "look", "../../etc", NOW)

    assert run.path.parent == tmp_path


def test_latest_follows_the_newest(tmp_path: Path) -> None:
    """The link is relative, so that the reports can be moved, and is replaced in one step."""
    for target in ("one", "two"):
        latest = RunDirectory.create(tmp_path, "look", target, NOW).point_latest()

    assert latest.readlink() == Path("20261124T031241Z-look-two")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_latest_that_is_no_link_is_not_destroyed(tmp_path: Path) -> None:
    """A directory that somebody put in the place is left alone, and said."""
    (tmp_path / "latest").mkdir()
    run = RunDirectory.create(tmp_path, "look", "local", NOW)

    with pytest.raises(CannotWrite, match="latest"):
        run.point_latest()

    assert [path.name for path in tmp_path.iterdir() if path.is_symlink()] == []


def test_files_of_a_run(tmp_path: Path) -> None:
    """A run writes whole files, in a folder of its own."""
    run = RunDirectory.create(tmp_path, "look", "local", NOW)

    run.write("verdict.json", "{}\n")

    assert (run.path / "verdict.json").read_text() == "{}\n"


def test_adding_to_a_file_again_leaves_the_same_file(tmp_path: Path) -> None:
    """What an interrupted attempt left behind the offset is gone, be it longer or half a line."""
    path = tmp_path / "journal.jsonl"

    one = write_from(path, 0, "één\n")
    two = write_from(path, one, "twee\n")
    write_from(path, two, "half a li")

    assert write_from(path, two, "drie\n") == path.stat().st_size
    assert path.read_text() == "één\ntwee\ndrie\n"


def test_a_file_that_is_gone_is_not_begun_in_its_middle(tmp_path: Path) -> None:
    """A journal without its beginning would look like damage by somebody else."""
    with pytest.raises(CannotWrite, match="No such file"):
        write_from(tmp_path / "journal.jsonl", 7, "line\n")


def test_secrets_are_not_written(tmp_path: Path) -> None:
    """Every way of writing passes the redactor."""
    REDACTOR.register("STORED", "w8Jd-03kf-PPq2-99xz")

    write_atomic(tmp_path / "a", "w8Jd-03kf-PPq2-99xz")
    write_from(tmp_path / "b", 0, "w8Jd-03kf-PPq2-99xz")

    assert (tmp_path / "a").read_text() == "[redacted STORED]"
    assert (tmp_path / "b").read_text() == "[redacted STORED]"


def test_private_file_holds_the_secret_and_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file for another program is as it is, for this user only, and gone afterwards."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with private_file('{"A": "Bot secret-value-1"}', suffix=".json") as path:
        held = path.read_text()
        mode = stat.S_IMODE(path.stat().st_mode)

    assert held == '{"A": "Bot secret-value-1"}'
    assert mode == 0o600
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_the_users_own_is_replaced_as_it_is(tmp_path: Path) -> None:
    """With the secrets that stand in it, its mode, and the link that leads to it."""
    REDACTOR.register("OWN", "Zk3v-91ma-LLx4-20qt")
    real = tmp_path / "real.toml"
    real.write_text("old")
    real.chmod(0o600)
    (tmp_path / "link.toml").symlink_to(real)

    rewrite(tmp_path / "link.toml", "key = Zk3v-91ma-LLx4-20qt\n")

    assert real.read_text() == "key = Zk3v-91ma-LLx4-20qt\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert (tmp_path / "link.toml").is_symlink()


def test_a_new_file_takes_no_place_that_is_taken(tmp_path: Path) -> None:
    """It is written where there is nothing, and nowhere else."""
    write_new(tmp_path / "sub" / "new.toml", "mine\n")

    with pytest.raises(CannotWrite):
        write_new(tmp_path / "sub" / "new.toml", "another\n")
    assert (tmp_path / "sub" / "new.toml").read_text() == "mine\n"


def test_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk the old file stays whole, nothing half-written is left, and a sentence says why."""
    path = tmp_path / "verdict.json"
    write_atomic(path, "old")
    monkeypatch.setattr("os.write", _full)

    with pytest.raises(BackstopError, match="the disk is full") as caught:
        write_atomic(path, "new")

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    assert "make room" in caught.value.remedy


def test_full_disk_while_appending_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal that can't go on says so."""
    monkeypatch.setattr("os.write", _full)

    with pytest.raises(CannotWrite, match="the disk is full"):
        write_from(tmp_path / "journal.jsonl", 0, "line\n")


def _full(handle: int, content: bytes) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), handle, content)


def test_file_in_the_place_of_the_reports_is_said(tmp_path: Path) -> None:
    """Something else under the name of the directory is no traceback."""
    (tmp_path / "reports").write_text("")

    with pytest.raises(CannotWrite, match="reports"):
        RunDirectory.create(tmp_path / "reports", "look", "local", NOW)


def test_text_that_is_no_unicode_is_written_all_the_same(tmp_path: Path) -> None:
    """A lone surrogate, as it comes from odd output, is escaped."""
    write_atomic(tmp_path / "a", "odd \udcff")

    assert (tmp_path / "a").read_text() == "odd \\udcff"


def test_write_makes_the_directory(tmp_path: Path) -> None:
    """A file may be the first of its directory."""
    write_atomic(tmp_path / "new" / "a", "text")

    assert (tmp_path / "new" / "a").read_text() == "text"
