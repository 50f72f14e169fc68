"""The need/have table, made from a journal and from nothing else."""

from __future__ import annotations

import pytest

from backstop.journal.events import CheckFinished
from backstop.report.html import page
from backstop.report.needs import NEEDS, Purpose, need_rows, needs_in_words, standings
from tests.unit.conclusions import check, concluded
from tools.checks_table import listed

ALL_THERE = tuple(check(name, message="proven so") for name in NEEDS)
TAIL, WRITE = "ready.permission.tail", "ready.permission.scripts-write"


def _with(name: str, outcome: str, message: str) -> tuple[CheckFinished, ...]:
    others = tuple(each for each in ALL_THERE if each.check != name)
    return (*others, check(name, outcome, message=message))


def test_every_check_of_readiness_has_a_row() -> None:
    """And every row a check."""
    assert set(NEEDS) == {each.id for each in listed() if each.suite == "ready"}


def test_all_is_there() -> None:
    """Everything can be done."""
    found = concluded(*ALL_THERE, kind="ready")
    rows = need_rows("ready", found.checks)

    assert list(NEEDS) == [row.check.check for row in rows]
    assert {"proven so"} == {row.found for row in rows}
    assert [f"{each.value}: ready" for each in Purpose] == [str(each) for each in standings(rows)]
    assert not any(gap for _, gap in needs_in_words(rows))


@pytest.mark.parametrize(
    ("outcome", "found"),
    [("fail", "no: found nothing"), ("inconclusive", "not proven: found nothing")],
)
def test_a_gap_is_told_with_its_remedy_and_what_it_keeps_from(outcome: str, found: str) -> None:
    """Only what needs it can't be done."""
    checks = concluded(*_with(TAIL, outcome, "found nothing\n→ add it"), kind="ready").checks
    rows = need_rows("ready", checks)
    (row,) = (row for row in rows if row.gap)
    told = [line for line, gap in needs_in_words(rows) if gap]

    assert (found, ("add it",)) == (row.found, row.remedies)
    assert "    → add it" in told
    assert ["looks at the tail: not ready, for want of Account · Workers Tail · Read"] == [
        str(each) for each in standings(rows) if each.gaps
    ]


def test_what_is_there_but_not_for_long() -> None:
    """It keeps nobody from anything, and is named."""
    rows = need_rows("ready", concluded(*_with(WRITE, "degraded", "it is old"), kind="ready").checks)

    assert ["rollbacks", "drills"] == [each.purpose.value for each in standings(rows) if each.buts]
    assert not any(row.gap for row in rows)


def test_a_target_that_is_not_drilled() -> None:
    """Nothing is missing for what nobody does."""
    rows = need_rows(
        "ready", concluded(*_with("ready.project", "n/a", "it is protected"), kind="ready").checks
    )

    assert "drills: none here, it is protected" in [str(each) for each in standings(rows)]


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("n/a", "announcements: none here, the target names no channels"),
        ("fail", "announcements: not ready, for want of channels that take a message"),
    ],
)
def test_channels_are_for_announcements_only(outcome: str, told: str) -> None:
    """Nothing else waits for them."""
    checks = _with("ready.channels", outcome, "the target names no channels")
    found = [str(each) for each in standings(need_rows("ready", concluded(*checks, kind="ready").checks))]

    assert ["looks: ready", "looks at the tail: ready", "rollbacks: ready", "drills: ready", told] == found


def test_a_journal_from_before_channels() -> None:
    """Nobody asked for them, so nothing is said of announcements."""
    checks = tuple(each for each in ALL_THERE if each.check != "ready.channels")
    found = standings(need_rows("ready", concluded(*checks, kind="ready").checks))

    assert [Purpose.LOOK, Purpose.TAIL, Purpose.ROLLBACK, Purpose.DRILL] == [each.purpose for each in found]


@pytest.mark.parametrize("outcome", ["accepted", "n/a"])
def test_what_a_target_accepts_or_does_not_have_is_no_gap(outcome: str) -> None:
    """It is shown as it is."""
    rows = need_rows("ready", concluded(*_with(WRITE, outcome, "accepted: so"), kind="ready").checks)

    assert not any(row.gap for row in rows)


def test_other_sessions_have_no_such_table() -> None:
    """Whatever they looked at."""
    assert () == need_rows("look", concluded(*ALL_THERE).checks)
    assert "What sessions need" not in page(concluded(*ALL_THERE))


def test_the_report_has_it() -> None:
    """With the purposes in full, and remedies."""
    text = page(concluded(*_with(TAIL, "fail", "found <nothing>\n→ add it"), kind="ready"))

    assert "What sessions need" in text
    assert "looks at the tail: not ready" in text
    assert "found &lt;nothing&gt;" in text
    assert "→ add it" in text


@pytest.mark.parametrize(
    ("outcome", "code", "decision"),
    [
        ("pass", 0, "nothing"),
        ("fail", 1, "see to what is lacking, while nothing is wrong yet"),
        ("inconclusive", 20, "nothing"),
    ],
)
def test_how_it_ends(outcome: str, code: int, decision: str) -> None:
    """What is lacking is never a reason to roll back."""
    found = concluded(*_with(TAIL, outcome, "why\n→ how"), kind="ready")

    assert (code, decision) == (int(found.ending), found.decision)
