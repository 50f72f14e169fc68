"""Whatever a journal has become: what can be shown is shown, what is missing is said, nothing is green."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from backstop import storage
from backstop.cli.main import main
from backstop.journal import reader
from backstop.journal.codec import to_line
from backstop.journal.reader import MOST_DAMAGED, read
from backstop.journal.record import Damaged
from tests.unit.samples import drill
from tests.unit.test_cli_report import FILES, left_by

Lines = list[bytes]


@pytest.fixture
def lines(tmp_path: Path) -> Lines:
    """Those of a drill that was verified."""
    return left_by(drill(), tmp_path / "whole").read_bytes().splitlines(keepends=True)


def reported(folder: Path, content: bytes) -> tuple[int, dict[str, str]]:
    """The exit code for a journal with this content, and the files."""
    folder.mkdir()
    (folder / "journal.jsonl").write_bytes(content)
    code = main(["report", str(folder)])
    return code, {name: (folder / name).read_text() for name in FILES}


def newer(lines: Lines) -> bytes:
    """What a backstop of next year writes."""
    first = lines[0].replace(b'"schema": 1', b'"schema": 2, "mood": "calm"')
    return first + b'{"n": 1, "at": "2026-11-23T03:12:41Z", "t": 1, "kind": "dreamt", "of": [[[{}]]]}\n'


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda _: b"", "the journal has no first line"),
        (lambda _: b"\n" * 5000, "more lines are damaged"),
        (lambda _: os.urandom(200_000), "not a line of a journal"),
        (lambda _: b"\x00" * 100_000, "the line is cut"),
        (lambda lines: b"".join(lines)[:-300], "the line is cut"),
        (lambda lines: b"".join(lines[:-1]), "no last line"),
        (newer, "a newer backstop wrote this journal"),
        (lambda lines: b"".join([*lines[:9], b"\xff\xfe\xfd\n", *lines[10:]]), "not a line of a journal"),
        (lambda lines: b"".join([*lines[:9], b"[" * 200_000 + b"\n", *lines[9:]]), "not a line of a journal"),
        (lambda lines: b"".join([*lines[:9], b'{"n": ' + b"9" * 9000 + b"}\n"]), "not a line of a journal"),
        (
            lambda lines: b"".join([*lines[:9], lines[9].replace(b'"n": 9', b'"n": ' + b"9" * 300)]),
            "wanted int",
        ),
        (
            lambda lines: lines[0].replace(b'"at": "', b'"at": "9999-12-31T23:59:59-23:59", "was": "'),
            "no place in UTC",
        ),
        (lambda lines: b"".join(line for line in lines for _ in range(2)), "comes where line"),
        (lambda lines: b"".join([*lines, *lines]), "another journal is mixed in"),
        (lambda lines: b"".join([*lines[:9], lines[10], lines[9], *lines[11:]]), "are missing before line"),
        (lambda lines: b"".join(lines).replace(b"\n", b"\r\n"), "was changed"),
        (
            lambda lines: b"".join(json.dumps(json.loads(x)).encode()[::-1] + b"\n" for x in lines),
            "not a line",
        ),
    ],
)
def test_a_damaged_journal_makes_a_report_that_says_so(
    tmp_path: Path, lines: Lines, change: Callable[[Lines], bytes], said: str
) -> None:
    """All three files are there, with the damage in words, and the exit code is the one of the table."""
    code, files = reported(tmp_path / "run", change(lines))

    assert (20, "inconclusive") == (code, json.loads(files["verdict.json"])["verdict"])
    assert said in files["report.html"]
    assert said in files["incident.md"].replace("\\", "")


def anew(lines: Lines) -> bytes:
    """Lines without their hashes, numbered as they stand: nothing but what they say is wrong with them."""
    members = [json.loads(line) | {"n": place} for place, line in enumerate(lines)]
    return b"".join(json.dumps(each | {"chain": ""}).encode() + b"\n" for each in members)


def a_check(lines: Lines) -> bytes:
    """One that ended."""
    return next(line for line in lines if b'"check-finished"' in line)


def later(line: bytes, seconds: float) -> bytes:
    """The same line at another time."""
    return json.dumps(json.loads(line) | {"t": seconds}).encode() + b"\n"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: [*lines[:20], later(lines[20], 0.0), *lines[21:]], "line 20 is from before the line"),
        (lambda lines: [later(lines[0], 1e6), *lines[1:]], "line 1 is from before the line before it"),
        (lambda lines: [*lines[1:6], later(lines[0], 9.0), *lines[6:]], "is from before"),
        (lambda lines: [later(lines[1], 0.0), *lines], "the session begins at line 1"),
        (lambda lines: [*lines[:30], later(lines[-1], 9.0), *lines[30:]], "from before the line"),
        (lambda lines: [*lines, later(a_check(lines), 1e6)], "is of a check, and the session had ended"),
        (lambda lines: [*lines[:20], later(lines[20], 1e300), *lines[21:]], "t is too large"),
    ],
)
def test_a_course_that_no_session_takes_is_damage(
    tmp_path: Path, lines: Lines, change: Callable[[Lines], Lines], said: str
) -> None:
    """Also where each line can be read, is in its place, and no hash tells."""
    whole, _ = reported(tmp_path / "whole-anew", anew(lines))
    code, files = reported(tmp_path / "run", anew(change(lines)))

    assert (0, 20) == (whole, code)
    assert said in files["report.html"]


def test_a_path_that_no_file_can_have_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """And no word about the bot, as an exit code of 1 would be."""
    for words in (["report", "x" * 5000], ["report", "--vantage", "fra=" + "x" * 5000]):
        assert 4 == main(words)
        assert "no journal can be read at" in capsys.readouterr().err


def test_what_was_wrong_with_the_bot_is_still_said(tmp_path: Path, lines: Lines) -> None:
    """A damaged journal of a bot that is wrong is that of a bot that is wrong."""
    content = b"".join(lines).replace(b'"outcome": "pass"', b'"outcome": "fail"', 1)

    code, files = reported(tmp_path / "run", content)

    assert 1 == code
    assert "was changed" in files["report.html"]


def test_a_line_beyond_all_measure_is_passed_over(
    tmp_path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one damage, however long it is, and the lines after it are read."""
    monkeypatch.setattr(reader, "LONGEST_LINE", 2000)
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join([*lines[:9], b"x" * 100_000 + b"\n", *lines[10:]]))

    records = read(path)

    damages = [record for record in records if isinstance(record.event, Damaged)]
    assert [(9, "the line is far too long")] == [(r.n, r.event.why) for r in damages]  # type: ignore[attr-defined]
    assert len(lines) == len(records)


def test_a_file_beyond_all_measure_is_read_in_part(
    tmp_path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And says how much of it was not."""
    monkeypatch.setattr(reader, "MOST_BYTES", 5000)
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join(lines))

    last = read(path)[-1].event

    assert isinstance(last, Damaged)
    assert "more bytes were not read" in last.why


def test_so_many_damages_are_counted_and_not_kept(tmp_path: Path) -> None:
    """A file that is no journal at all costs no more memory than one that is damaged here and there."""
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"{}\n" * 50_000)

    records = read(path)

    assert MOST_DAMAGED + 1 == len(records)
    assert "49900 more lines are damaged" in str(records[-1].event)


def test_ids_are_unique_in_the_page_of_a_damaged_journal(tmp_path: Path, lines: Lines) -> None:
    """Each line is cited by its place in the file, though some of them claim another's."""
    _, files = reported(tmp_path / "run", b"".join([*lines[:30], *lines[20:]]))

    ids = [part.partition('"')[0] for part in files["report.html"].split(' id="')[1:]]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_disk_that_fills_leaves_whole_files_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], at: int
) -> None:
    """Never half a report that looks whole, and never a verdict without the pages that it names."""
    folder = tmp_path / "run"
    left_by(drill(), folder)
    whole = storage._write_all
    written: list[int] = []

    def fills(handle: int, content: bytes) -> None:
        written.append(handle)
        if len(written) > at:
            os.write(handle, content[: len(content) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        whole(handle, content)

    monkeypatch.setattr(storage, "_write_all", fills)

    assert 3 == main(["report", str(folder)])

    left = {path.name for path in folder.iterdir()}
    assert {"journal.jsonl", *("report.html", "incident.md", "summary.md")[:at]} == left
    assert "the disk is full" in capsys.readouterr().err


def test_a_journal_of_before_is_read_as_it_was(tmp_path: Path) -> None:
    """It is not chained, which is said and not held against it."""
    code, files = reported(tmp_path / "run", b"".join(to_line(record).encode() for record in drill()))

    assert 0 == code
    assert "not chained by hash" in files["report.html"]
    assert "not chained by hash" in files["incident.md"]
    assert json.loads(files["verdict.json"])["seal"] is None
