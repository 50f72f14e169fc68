"""A journal can be read however it was cut, and says what is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstop.journal.codec import to_line
from backstop.journal.events import Event, Said, SessionStarted
from backstop.journal.reader import parse, read
from backstop.journal.record import Damaged, Unknown
from backstop.model.errors import UsageError
from tests.unit.samples import drill

LINES = [to_line(record).encode() for record in drill()]


def events(lines: list[bytes]) -> list[Event]:
    """What these lines are read as."""
    return [record.event for record in parse(lines)]


def test_a_whole_journal_reads_without_damage(tmp_path: Path) -> None:
    """Byte for byte what was written."""
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join(LINES))

    assert read(path) == drill()


def test_a_cut_last_line_is_damage_in_its_place() -> None:
    """Everything before it counts."""
    records = list(parse([*LINES[:5], LINES[5][:20]]))

    assert [record.event for record in records[:5]] == [record.event for record in drill()[:5]]
    assert isinstance(records[5].event, Damaged)
    assert records[5].n == 5
    assert "cut" in records[5].event.why


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda lines: [*lines[:3], *lines[5:]], "2 lines are missing before line 5"),
        (lambda lines: [*lines[:3], *lines[2:]], "line 2 comes where line 3 was due"),
        (lambda lines: [*lines[:3], b"\xff\xfe{\n", *lines[4:]], "not a line of a journal"),
        (lambda lines: [*lines[:3], b"[" * 100_000 + b"\n", *lines[4:]], "not a line of a journal"),
    ],
)
def test_tampering_shows(change: Callable[[list[bytes]], list[bytes]], why: str) -> None:
    """One damage, and all other lines as they are."""
    damages = [event for event in events(change(LINES)) if isinstance(event, Damaged)]

    assert len(damages) == 1
    assert why in damages[0].why


def test_a_newer_journal_is_read_as_far_as_it_is_known() -> None:
    """What this version does not know is kept and named."""
    first = to_line(drill()[0]).replace('"schema": 1', '"schema": 2, "novelty": true').encode()
    new = b'{"n": 1, "at": "2026-11-23T03:12:41Z", "t": 0.001, "kind": "shouted", "text": "x"}\n'

    read_events = events([first, new, *LINES[2:4]])

    assert isinstance(read_events[0], SessionStarted)
    assert read_events[1] == Unknown("shouted", {"text": "x"})
    assert not any(isinstance(event, Damaged) for event in read_events)


def test_an_empty_file_is_an_empty_journal(tmp_path: Path) -> None:
    """A session that died at once leaves one."""
    path = tmp_path / "journal.jsonl"
    path.touch()

    assert read(path) == ()


def test_no_file_is_a_usage_error(tmp_path: Path) -> None:
    """The remedy says what to name."""
    with pytest.raises(UsageError, match="no journal can be read") as caught:
        read(tmp_path / "nothing.jsonl")

    assert "journal.jsonl" in caught.value.remedy


@given(lines=st.lists(st.binary(max_size=60) | st.sampled_from(LINES), max_size=8))
def test_reading_is_total(lines: list[bytes]) -> None:
    """Whatever the file holds, there is a record for each of its lines."""
    records = list(parse(lines))

    assert len(records) >= len(lines)


def test_said_is_not_lost_to_a_newline_in_it() -> None:
    """A record is one line, whatever its text holds."""
    record = drill()[0]
    said = to_line(type(record)(0, record.at, 0.0, Said("a\nb\r\u2028c")))

    assert said.count("\n") == 1
    assert events([said.encode()]) == [Said("a\nb\r\u2028c")]
