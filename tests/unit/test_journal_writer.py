"""The journal is on disk before anybody hears of it, holds no secret, and outlives a full disk."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backstop.journal import writer
from backstop.journal.events import Event, Problem, Said, SessionFinished, SessionStarted
from backstop.journal.reader import read
from backstop.journal.record import Record
from backstop.journal.writer import Journal
from backstop.model.errors import BackstopError
from backstop.redaction import REDACTOR
from backstop.storage import CannotWrite, write_from

TODAY = datetime(2026, 11, 23, 3, 12, 31, 250_999, UTC)
SECRET = "mN7-qR2_xW9.tB4-zK8"


class StepClock:
    """Moves on by a second each time that it is asked."""

    def __init__(self) -> None:
        self.time = 99.0

    def now(self) -> float:
        """The next second."""
        self.time += 1
        return self.time


def journal(path: Path) -> Journal:
    """A journal with known times."""
    return Journal(path, StepClock(), today=lambda: TODAY)


def test_each_event_is_a_line_at_once(tmp_path: Path) -> None:
    """What was written is on disk while the session still runs."""
    path = tmp_path / "journal.jsonl"

    with journal(path) as ours:
        ours.write(Said("one"))
        first = path.read_text()
        ours.write(Said("two"))
        both = path.read_text()

    line = '{"n": 0, "at": "2026-11-23T03:12:32.250Z", "t": 1.0, "kind": "said", "text": "one"'
    chain = hashlib.sha256(f"{line}}}".encode()).hexdigest()
    assert f'{line}, "chain": "{chain}"}}\n' == first
    assert len(both.splitlines()) == 2


def test_memory_and_disk_say_the_same(tmp_path: Path) -> None:
    """Reports made now and later come out the same, so the records must be equal."""
    path = tmp_path / "journal.jsonl"

    with journal(path) as ours:
        ours.write(SessionStarted("r", "look", "t", "w", "u", ("pytest", "-m", "look"), tools={"a": "1"}))
        ours.write(Said("a lone \ud800 and \u2028 and \x00"))

    assert read(path) == ours.records


def test_listeners_hear_redacted_records_after_the_disk_has_them(tmp_path: Path) -> None:
    """The terminal can neither be ahead of the evidence nor say more than it."""
    path = tmp_path / "journal.jsonl"
    heard: list[tuple[Record, int]] = []
    REDACTOR.register("PLANTED", SECRET)

    with journal(path) as ours:
        ours.listen(lambda record: heard.append((record, len(path.read_text().splitlines()))))
        ours.write(SessionStarted("r", "look", "t", "w", "u", ("x", SECRET), tools={"v": f"a {SECRET}"}))

    assert [lines for _, lines in heard] == [1]
    assert SECRET not in repr(heard)
    assert SECRET not in path.read_text()


def test_a_full_disk_is_said_once_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session goes on in memory and knows that its journal is not whole."""

    def full(_path: Path, _offset: int, _text: bytes) -> int:
        message = "the disk is full"
        raise CannotWrite(message, remedy="make room")

    heard: list[Event] = []
    with journal(tmp_path / "journal.jsonl") as ours:
        ours.listen(lambda record: heard.append(record.event))
        monkeypatch.setattr(writer, "write_from", full)
        with pytest.raises(BackstopError, match="the disk is full"):
            ours.write(Said("one"))
        ours.write(Said("two"))

    kept = [record.event for record in ours.records]
    assert kept == [Said("one"), Problem(3, "the disk is full", "make room"), Said("two")]
    assert heard == kept


@pytest.mark.parametrize("part", [0, 9, None], ids=["nothing", "half a line", "all"])
def test_an_interrupt_amid_a_write_leaves_no_hole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: int | None
) -> None:
    """Ctrl-C comes before the line is on disk, in its middle or after it: it is there once, and whole."""
    path = tmp_path / "journal.jsonl"

    def interrupted(where: Path, offset: int, text: bytes) -> int:
        write_from(where, offset, text[:part])
        raise KeyboardInterrupt

    with journal(path) as ours:
        ours.write(Said("one"))
        with monkeypatch.context() as amid:
            amid.setattr(writer, "write_from", interrupted)
            with pytest.raises(KeyboardInterrupt):
                ours.write(Said("two"))
        ours.write(Said("three"))

    assert [record.event for record in ours.records] == [Said("one"), Said("two"), Said("three")]
    assert read(path) == ours.records


def test_a_number_that_can_not_be_written_is_not_kept(tmp_path: Path) -> None:
    """It fails its own write, and none after it."""
    path = tmp_path / "journal.jsonl"

    with journal(path) as ours:
        with pytest.raises(ValueError, match="JSON compliant"):
            ours.write(SessionFinished(1, float("nan")))
        ours.write(Said("two"))

    assert read(path) == ours.records


def test_another_sessions_journal_is_never_continued(tmp_path: Path) -> None:
    """Two sessions in one file would be one wrong verdict."""
    path = tmp_path / "journal.jsonl"
    path.write_text("")

    with pytest.raises(CannotWrite, match="another session's journal"), journal(path):
        pass


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Before anything is looked at or changed."""
    with pytest.raises(BackstopError, match="can't be written"), journal(tmp_path / "no" / "journal.jsonl"):
        pass
