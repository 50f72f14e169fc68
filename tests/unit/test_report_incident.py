"""incident.md: the procedure's template, filled in as far as is known."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from backstop.journal.record import Record
from backstop.report.incident import render_incident
from tests.unit.arbitrary import journals
from tests.unit.samples import drill, failed_post_rollback, refused

HEADINGS = ["Summary", "Timeline", "Root Cause", "Resolution", "Post-Mortem Actions"]


@pytest.mark.parametrize("records", [drill(), failed_post_rollback(), refused(), ()])
def test_the_procedures_headings_stand_in_their_order(records: tuple[Record, ...]) -> None:
    """Whoever knows the template finds their way."""
    lines = render_incident(records).splitlines()

    assert [line.removeprefix("### ") for line in lines if line.startswith("### ")] == HEADINGS


def test_a_failed_rollback_is_told_without_inventing_anything() -> None:
    """What the session can't know is said to be unknown."""
    report = render_incident(failed_post_rollback())

    assert report.startswith("## Incident Report: 2026-11-23-03-12\n")
    assert "- **Severity**: Critical\n" in report
    assert (
        "- **Start Time**: 2026-11-23T03:12:31Z (the rollback began; the incident is older than that)"
        in report
    )
    assert "- **Resolution Time**: not resolved in this session\n" in report
    assert "- 03:12:49 UTC: Issue detected: discord.command.register" in report
    assert "- Rollback to version: 6f1c2b0e v1.9.3\n" in report
    assert "- [ ] Find out why discord.command.register failed" in report


def test_a_drill_says_that_it_was_one() -> None:
    """Nobody shall take it for an outage."""
    report = render_incident(drill())

    assert "(rehearsed)" in report
    assert "Put there on purpose" in report
    assert "health-failure 1.94 s" in report
    assert "This was a drill" in report


def test_text_of_others_is_no_markdown() -> None:
    """It is pasted into trackers that would render it."""
    report = render_incident(failed_post_rollback())

    assert "\\<b\\>all guilds\\</b\\>" in report
    assert not set("\x00\x1b\u202e") & set(report)


@given(records=journals)
@settings(max_examples=25)
def test_any_journal_gives_a_report(records: tuple[Record, ...]) -> None:
    """The same one each time, and no value of the journal makes a heading."""
    report = render_incident(records)

    assert report == render_incident(records)
    assert report.count("\n### ") == len(HEADINGS)
