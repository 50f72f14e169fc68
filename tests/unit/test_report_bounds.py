"""However much a journal holds, the pages that are made from it can be opened; what is left out is said."""

from __future__ import annotations

import re

import pytest

from backstop.journal.events import (
    AlertChanged,
    CheckFinished,
    ErrorRateSeen,
    Event,
    LatencyCompared,
    MutationArmed,
    NotificationSent,
    RollbackFinished,
    RollbackPlanned,
    RollbackStarted,
    Said,
    ScenarioDeclared,
    SessionStarted,
    StageStarted,
    VersionSeen,
    Witnessed,
)
from backstop.report.html import render_html
from backstop.report.incident import render_incident
from tests.unit.evidenced import BAD
from tests.unit.samples import GOOD, numbered
from tests.unit.test_report_html import Outline

_MANY = 3000
_LARGEST = 400_000
_LONG = 60_000
_START = SessionStarted("r", "drill", "t", "w", "https://w.example", ("pytest",))

LISTS: dict[str, list[Event]] = {
    "versions": [VersionSeen(f"{n:08x}{GOOD[8:]}", "live", n, f"t{n}", "message") for n in range(_MANY)],
    "mutations": [MutationArmed(f"m{n}", f"change {n}", "undo") for n in range(_MANY)],
    "witnesses": [Witnessed(f"s{n}", "api", agrees=True, wanted=GOOD, found=GOOD) for n in range(_MANY)],
    "witnesses of one stage": [
        Witnessed("s", "api", agrees=False, wanted=GOOD, found=BAD) for _ in range(_MANY)
    ],
    "scenarios": [ScenarioDeclared(f"s{n}", "t", "f", "c", ("a",), "high", "done") for n in range(_MANY)],
    "plans": [RollbackPlanned("s", GOOD, BAD, "r", "w", ("c",) * 9) for _ in range(_MANY)],
    "changes of a plan": [RollbackPlanned("s", GOOD, BAD, "r", "w", ("c",) * _MANY)],
    "rollbacks": [
        event
        for _ in range(_MANY)
        for event in (
            RollbackStarted("s", GOOD, BAD, "r", "w"),
            RollbackFinished("s", "done", {"command": 1.0}),
        )
    ],
    "notifications": [
        NotificationSent(f"c{n}", "initiated", ok=False, answer="429", attempts=3, seconds=0.2)
        for n in range(_MANY)
    ],
    "alerts": [AlertChanged(f"a{n}", "raised", "high", "503", "", 3) for n in range(_MANY)],
    "rates": [ErrorRateSeen(f"s{n}", "probes", 10, 1, 0.0, 0.4) for n in range(_MANY)],
    "rates without failures": [ErrorRateSeen(f"s{n}", "probes", 9, 0, 0.0, 0.4) for n in range(_MANY)],
    "comparisons": [LatencyCompared(f"s{n}", GOOD, BAD, "itself", "fine", "t") for n in range(_MANY)],
    "slower": [LatencyCompared(f"s{n}", GOOD, BAD, "itself", "slower", "t") for n in range(_MANY)],
    "said": [Said("word " * 20) for _ in range(_MANY)],
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_thousands_is_cut_and_the_page_says_so(name: str) -> None:
    """How many more there are, and not a link that leads nowhere."""
    outline = Outline(page := render_html(numbered([_START, *LISTS[name]])))

    assert len(page.encode()) < _LARGEST
    assert re.search(r"\b[12]\d{3} more", outline.words)
    assert {link for link in outline.links if link.removeprefix("#") not in outline.ids} == set()


def test_an_incident_report_can_be_pasted_however_much_happened() -> None:
    """A hundred of each list, and how many more."""
    many = [event for name in ("rollbacks", "notifications") for event in LISTS[name]]
    checks = [CheckFinished(f"a.b{n}", "T", "a", "high", "s", "fail", "m") for n in range(_MANY)]
    written = render_incident(numbered([_START, StageStarted("s", "live"), *many, *checks]))

    assert len(written) < _LARGEST
    assert 3 == written.count(f"And {_MANY - 100} more")


def test_names_of_any_length_are_cut() -> None:
    """A check, a stage, an address, an author: none of them can fill the page."""
    long = "x" * _LONG
    check = CheckFinished(long, long, long, "high", long, "fail", long, step=long)
    start = SessionStarted(long, "look", long, long, long, (long,), reason=long, by=long)

    page = render_html(numbered([start, StageStarted(long, "live"), check, VersionSeen(GOOD, long, 1, long)]))

    assert len(page) < 3 * _LONG
