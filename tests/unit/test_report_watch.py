"""The half hour and the alerts in the report: every minute drawn and in the table, and doubts in words."""

from __future__ import annotations

from dataclasses import replace

from backstop.journal.events import AlertChanged, MinuteWatched, SessionFinished, SessionStarted
from backstop.journal.facts import gather
from backstop.report.html import render_html
from backstop.report.watch import minute_in_words, watch_view
from tests.unit.samples import numbered

V1 = "0f3f9c1e-6a51-4d3c-9a43-2f3f2f1f0a01"
STARTED = SessionStarted("r1", "watch", "prod", "bot", "https://bot", ("pytest", "-m", "watch"))
MINUTE = MinuteWatched(
    stage="0-live",
    minute=1,
    seconds=60.0,
    sent=30,
    failed=0,
    unseen=0,
    mean=0.05,
    events=100,
    blind=0.0,
    outcomes={"ok": 100},
    versions={V1: 100},
)
BAD = replace(
    MINUTE, minute=2, failed=3, outcomes={"ok": 90, "exception": 10}, failures={V1: 10}, blind=8.0, lost=1
)


def test_a_minute_in_a_line() -> None:
    """What went well is short, what did not is named."""
    assert "minute 1 · probes 30, 0 failed · tail 100, 0 failed · mean 50 ms" == minute_in_words(MINUTE)
    told = minute_in_words(BAD)
    for part in (
        "probes 30, 3 failed",
        "tail 100, 10 failed",
        "exception 10",
        "tail blind for 8.00 s",
        "tail lost 1 times",
    ):
        assert part in told


def test_the_picture_has_a_column_for_each_minute() -> None:
    """The failed part stands below, and together they are as high as the number."""
    view = watch_view(gather(numbered([STARTED, MINUTE, BAD])))

    assert view is not None
    assert 130 == view.highest
    assert [False, True] == [column.blind for column in view.columns]
    first, second = view.columns
    assert first.bad == 0 < second.bad
    assert first.well > second.well
    assert second.well_y + second.well == second.bad_y


def test_the_report_has_the_minutes() -> None:
    """A section of its own, with versions, doubts and a table."""
    page = render_html(numbered([STARTED, MINUTE, BAD, SessionFinished(5, 120.0)]))

    assert "The half hour after" in page
    assert f"{V1[:8]}: 10 of 200 requests failed" in page
    assert "The tail was lost 1 time, and opened anew." in page


def test_other_reports_have_none() -> None:
    """Nothing was watched, nothing was told."""
    page = render_html(numbered([STARTED, SessionFinished(5, 120.0)]))

    assert "The half hour after" not in page
    assert "What this look changed" not in page


def test_the_report_has_the_alerts() -> None:
    """Raised, resolved, and a state that a newer version may write."""
    raised = AlertChanged(
        "health", "raised", "critical", "health is failing: 3 looks", "2026-11-25T14:05:00Z", 3
    )
    unknown = replace(raised, state="silenced")

    page = render_html(numbered([STARTED, raised, unknown, SessionFinished(5, 1.0)]))

    assert "health is failing: 3 looks" in page
    assert "2026-11-25 14:05:00 UTC" in page
    assert "silenced" in page
