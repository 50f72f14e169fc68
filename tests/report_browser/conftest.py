"""A browser for the tests of this folder, and the reports that they open in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from backstop.journal.events import AlertChanged, Event, MinuteWatched, NotificationSent, SessionStarted
from backstop.journal.record import Record
from backstop.report.html import render_html
from tests.report_browser.browser import Page, browsing, find_browser, tab
from tests.unit.evidenced import evidenced, many_stages
from tests.unit.hostile import HOSTILE
from tests.unit.monthly import monthly
from tests.unit.samples import drill, failed_post_rollback, numbered, refused

_MERGED = Path(__file__).resolve().parents[1] / "golden" / "incident" / "report.html"
_TOLD_AND_WATCHED: tuple[Event, ...] = (
    NotificationSent("slack", "initiated", ok=True, answer="200 ok", attempts=1, seconds=0.2),
    NotificationSent(
        "statuspage", "initiated", ok=False, answer="429 after 3 requests", attempts=3, seconds=4.0
    ),
    AlertChanged("health", "raised", "critical", "503 in 3 looks", "2026-11-25T14:05:00Z", 3),
    MinuteWatched("0-live", 1, 60.0, 12, 0, 0, 0.2, 40, 0.0, {"ok": 40}, {"a": 40}),
    MinuteWatched(
        "0-live", 2, 60.0, 12, 3, 1, 0.4, 30, 5.0, {"ok": 20, "exception": 10}, {"a": 30}, {"a": 10}
    ),
)


def _with_more() -> tuple[Record, ...]:
    """The first minute of an incident, and all that people were told and watched meanwhile."""
    started, *rest = (record.event for record in failed_post_rollback())
    assert isinstance(started, SessionStarted)
    return numbered((replace(started, session="pre_rollback"), *_TOLD_AND_WATCHED, *rest))


MERGED = "merged"  # of several journals

REPORTS: dict[str, Callable[[], tuple[Record, ...]]] = {
    "drill": drill,
    "evidenced": evidenced,
    "failed": failed_post_rollback,
    "first minute": _with_more,
    "monthly": lambda: monthly(8),
    "monthly, failed": lambda: monthly(8, missed=range(2), unmended=range(2, 5)),
    "hostile": lambda: evidenced(HOSTILE),
    "nothing": lambda: (),
    "refused": refused,
    "wide": lambda: many_stages(40),
}


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the browser of this run listens; without one the tests are skipped, and the summary says so."""
    program = find_browser()
    if program is None:
        pytest.skip("no Chromium on PATH; the summary says what was not looked at")
    with browsing(program) as found:
        yield found


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Files of reports, by name."""
    folder = tmp_path_factory.mktemp("reports")
    files = {name: folder / f"{name}.html" for name in REPORTS}
    for name, make in REPORTS.items():
        files[name].write_text(render_html(make()), encoding="utf-8")
    return files | {MERGED: _MERGED}


@pytest.fixture
def see(address: str, reports: dict[str, Path]) -> Iterator[Callable[..., Page]]:
    """Open a report in a tab of its own, with a window of some width, light or dark."""
    with ExitStack() as stack:

        def look(report: str, *, width: int = 1280, dark: bool = False) -> Page:
            page = stack.enter_context(tab(address))
            page.look(width=width, dark=dark)
            page.open(reports[report])
            return page

        yield look
