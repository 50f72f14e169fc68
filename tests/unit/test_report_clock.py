"""Times of day on the pages: which day, whose clock, and none where none is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from backstop.journal.codec import to_line
from backstop.journal.merge import Source, merge
from backstop.journal.reader import read
from backstop.journal.record import Record
from backstop.report.clock import clock_moved
from backstop.report.html import render_html
from backstop.report.incident import render_incident
from backstop.report.merged import merged_incident, merged_page
from tests.unit.samples import failed_post_rollback

Page = Callable[[tuple[Record, ...]], str]
LINES = [to_line(record).encode() for record in failed_post_rollback()]


def merged(make: Callable[..., str]) -> Page:
    """The page of an incident that has just these records."""
    return lambda records: make(merge([Source("journal.jsonl", records)]))


PAGES = [render_html, render_incident, merged(merged_page), merged(merged_incident)]


def later(records: tuple[Record, ...], *, line: int, by: timedelta) -> tuple[Record, ...]:
    """The records, of which those from a line on have times of day that much later."""
    return tuple(replace(each, at=each.at + by) if each.n >= line else each for each in records)


def kept(folder: Path, lines: list[bytes]) -> tuple[Record, ...]:
    """The lines, written down and read again."""
    (folder / "journal.jsonl").write_bytes(b"".join(lines))
    return read(folder)


@pytest.mark.parametrize("page", PAGES, ids=["page", "incident", "merged page", "merged incident"])
def test_over_midnight_each_time_has_its_day(page: Page) -> None:
    """A time of day alone would put the end before the begin; within one day it is enough."""
    records = tuple(replace(each, at=each.at + timedelta(hours=20, minutes=47, seconds=20)) for each in LATE)

    assert "2026-11-23 23:59:" in page(records)
    assert "2026-11-24 00:00:" in page(records)
    assert "2026-11-23 03:12" not in page(LATE).split("Timeline")[-1].split("line by line")[-1]


LATE = failed_post_rollback()


@pytest.mark.parametrize("page", PAGES, ids=["page", "incident", "merged page", "merged incident"])
@pytest.mark.parametrize(("by", "word"), [(-3600, "1 h 00 min back"), (90, "1 min 30 s forth")])
def test_a_clock_that_was_set_meanwhile_is_named(page: Page, by: int, word: str) -> None:
    """With how far, and from which line on: its times of day can't be held against those of others."""
    assert f"set meanwhile, {word}, from line 9 on" in said(
        page(later(LATE, line=9, by=timedelta(seconds=by)))
    )
    assert "set meanwhile" not in said(page(LATE))


def said(page: str) -> str:
    """A page in which the merged one's words are those of the others."""
    return page.replace("was set, ", "was set meanwhile, ").replace("A: ", "")


def test_a_clock_that_was_set_and_set_back_is_named_too() -> None:
    """The first and the last line agree, those between do not."""
    hour = timedelta(hours=1)

    assert "1 h 00 min forth, from line 4 on" == clock_moved(
        later(later(LATE, line=4, by=hour), line=12, by=-hour)
    )


@pytest.mark.parametrize("page", PAGES, ids=["page", "incident", "merged page", "merged incident"])
@pytest.mark.parametrize("lines", [[b"no json\n", *LINES[1:]], [b"no json\n"]], ids=["first", "all"])
def test_a_first_line_that_can_not_be_read_does_not_date_a_page(
    tmp_path: Path, lines: list[bytes], page: Page
) -> None:
    """It happened when the next one did; where nothing can be read, no time is known. It is never 1970."""
    assert "1970" not in page(kept(tmp_path, lines))


def test_what_is_wrong_with_a_line_stands_beside_what_the_line_says(tmp_path: Path) -> None:
    """Neither hides the other."""
    written = render_incident(kept(tmp_path, [LINES[0], *LINES[2:]]))

    assert "Journal damaged: 1 lines are missing before line 2 (line 1)" in written
    assert ": , (line" not in written
