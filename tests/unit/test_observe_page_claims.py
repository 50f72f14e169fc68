"""What is believed of a status page that is well, that is not, and that contradicts itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from backstop.model.outside import State
from backstop.observe.needs import needs_of_discord
from backstop.observe.page_claims import FORGOTTEN, judged
from backstop.observe.status_page import Component, StatusPage

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
CALM = StatusPage("none", "All Systems Operational")
BIG = StatusPage("critical", "Major Service Outage")
SMALL = StatusPage("minor", "Minor Service Outage")


def _with(page: StatusPage, *incidents: str, **conditions: str) -> StatusPage:
    parts = tuple(Component(name, condition) for name, condition in conditions.items())
    return replace(page, components=parts, incidents=incidents)


def _judged(page: StatusPage) -> tuple[State, str]:
    return judged("Discord", replace(page, asked=NOW), needs_of_discord)


@pytest.mark.parametrize(
    ("page", "state", "told"),
    [
        pytest.param(CALM, State.WELL, "no trouble: All Systems Operational", id="calm"),
        pytest.param(
            _with(CALM, API="operational"), State.WELL, "no trouble", id="calm, and so are its parts"
        ),
        pytest.param(
            _with(CALM, Gateway="major_outage", API="operational"),
            State.WELL,
            "no trouble",
            id="calm, of no use",
        ),
        pytest.param(
            _with(CALM, API="major_outage"),
            State.UNSEEN,
            "'All Systems Operational', and API in major outage, with no incident: it contradicts itself",
            id="calm over a part that is down",
        ),
        pytest.param(
            _with(CALM, "Elevated errors", API="major_outage"),
            State.OUT,
            "while it has API in major outage, beside an open incident: Elevated errors",
            id="calm, but an incident knows of the part that is down",
        ),
        pytest.param(
            _with(CALM, API="partial_outage"),
            State.TROUBLED,
            "says 'All Systems Operational', while it has API in partial outage",
            id="calm over a part that is half down",
        ),
        pytest.param(
            _with(CALM, "All is lost", API="operational"),
            State.TROUBLED,
            "no trouble: All Systems Operational, beside an open incident: All is lost",
            id="calm, with an incident of nothing",
        ),
        pytest.param(SMALL, State.TROUBLED, "reports minor", id="small"),
        pytest.param(
            _with(SMALL, API="major_outage"),
            State.OUT,
            "(API in major outage)",
            id="small, and a part is down",
        ),
        pytest.param(
            _with(SMALL, API="under_maintenance"),
            State.TROUBLED,
            "API under maintenance",
            id="maintenance",
        ),
        pytest.param(BIG, State.OUT, "reports critical: Major Service Outage", id="big"),
        pytest.param(
            _with(BIG, API="major_outage"), State.OUT, "(API in major outage)", id="big, as its part"
        ),
        pytest.param(
            _with(BIG, API="degraded_performance"),
            State.OUT,
            "API in degraded",
            id="big, with a part touched",
        ),
        pytest.param(
            _with(BIG, Gateway="major_outage", API="operational"),
            State.TROUBLED,
            "of Gateway in major outage; what a bot needs is operational: API",
            id="big, of what no bot needs",
        ),
        pytest.param(
            _with(BIG, API="operational", Gateway="operational"),
            State.UNSEEN,
            "(critical), and that everything is operational: it contradicts itself",
            id="big over parts that are well",
        ),
        pytest.param(
            _with(BIG, "Major", API="operational"),
            State.UNSEEN,
            "beside an open incident: Major, and that everything is operational",
            id="big, with an incident of nothing",
        ),
        pytest.param(
            _with(BIG, Website="major_outage"), State.OUT, "Website", id="a page with parts of its own"
        ),
        pytest.param(
            replace(_with(BIG, API="major_outage"), changed=NOW - FORGOTTEN - timedelta(minutes=1)),
            State.UNSEEN,
            "nothing more since 2026-11-24, which explains nothing of today",
            id="big and forgotten",
        ),
        pytest.param(
            replace(BIG, changed=NOW - FORGOTTEN + timedelta(minutes=1)),
            State.OUT,
            "critical",
            id="big of today",
        ),
        pytest.param(
            replace(BIG, changed=NOW + timedelta(days=9)), State.OUT, "critical", id="big, of a wrong clock"
        ),
        pytest.param(
            replace(CALM, changed=NOW - timedelta(days=90)), State.WELL, "no trouble", id="calm for long"
        ),
    ],
)
def test_what_a_page_claims(page: StatusPage, state: State, told: str) -> None:
    """Its parts that a bot needs are believed over its headline, and neither where nothing bears it out."""
    found, words = _judged(page)

    assert (state, True) == (found, told in words), words
    assert "\n" not in words


def test_a_page_with_very_much_wrong_is_one_line() -> None:
    """The first few are named, the worst first."""
    parts = {f"Part {number}": "degraded_performance" for number in range(300)} | {"Last": "major_outage"}

    _, words = _judged(_with(BIG, **parts))

    assert "(Last in major outage, Part 0 in degraded performance" in words
    assert words.endswith("and 297 more)")
