"""``junit.xml`` is red where the session is, names what people know, and is well-formed whatever is in it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given

from backstop.journal.conclusion import conclude
from backstop.journal.events import Problem, RollbackFinished, RollbackStarted
from backstop.journal.record import Record
from backstop.model.verdict import Ending
from backstop.report.junit import junit
from tests.unit.arbitrary import journals
from tests.unit.conclusions import check, concluded
from tests.unit.samples import drill, failed_post_rollback, refused

HOSTILE = "]]></failure>\x00\x1b[31m\u202e <b>&amp; \ud800 \ufffe \r\n\"'"


def _cases(text: str) -> dict[tuple[str, str], ET.Element]:
    """The test cases of a file, by class and name."""
    found = ET.fromstring(text).iter("testcase")  # noqa: S314 - our own file
    return {(case.attrib["classname"], case.attrib["name"]): case for case in found}


def _status(case: ET.Element) -> str:
    return next((child.tag for child in case if child.tag in {"failure", "error", "skipped"}), "passed")


def _properties(element: ET.Element) -> dict[str, str]:
    return {each.attrib["name"]: each.attrib["value"] for each in element.findall("properties/property")}


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("pass", "passed"),
        ("degraded", "passed"),
        ("fail", "failure"),
        ("inconclusive", "error"),
        ("accepted", "skipped"),
        ("n/a", "skipped"),
    ],
)
def test_each_outcome_has_its_status(outcome: str, status: str) -> None:
    """What could not be looked at is an error: a build is red for it, and it says nothing of the bot."""
    conclusion = concluded(check("discord.signature.tampered", outcome, message="why"), check("a.b"))
    case = _cases(junit(conclusion))["discord", "discord.signature.tampered"]

    assert status == _status(case)
    assert ("why" in "".join(case.itertext())) is (outcome != "pass")


def test_case_is_found_by_what_people_know() -> None:
    """Its id, and where in the journal it stands; the stage is a property and not part of the name."""
    conclusion = concluded(check("discord.signature.tampered", "fail", severity="critical", message="why"))
    text = junit(conclusion)
    case = _cases(text)["discord", "discord.signature.tampered"]

    expected = {
        "title": "title",
        "severity": "critical",
        "outcome": "fail",
        "stage": "0-live",
        "journal_line": "2",
    }
    assert expected == _properties(case)
    suites = ET.fromstring(text)  # noqa: S314
    assert [{"run", "target"}] * 2 == [{"run", "target"} & _properties(suite).keys() for suite in suites]


def test_red_that_a_drill_wants_is_no_failure() -> None:
    """A check that notices its fault has passed; each stage is a suite, so that no case hides another."""
    text = junit(conclude(drill()))
    cases = _cases(text)
    noticed = [case for case in cases.values() if _properties(case).get("outcome") == "noticed"]

    assert noticed
    assert {"passed"} == {_status(case) for case in cases.values()}
    assert len(cases) == int(ET.fromstring(text).attrib["tests"])  # noqa: S314
    assert "passed" == _status(cases["scenario", "health-failure"])


def test_session_is_red_by_a_witness_alone() -> None:
    """All checks passed, and the rollback was not confirmed: that is in no check."""
    started = RollbackStarted("0-live", "old", "new", "reason", "why")
    finished = RollbackFinished("0-live", "unconfirmed", {}, "the edge disagrees")
    text = junit(concluded(check(), started, finished, kind="post_rollback"))
    verdict = _cases(text)["session", "verdict of post_rollback of local"]

    assert {"failure"} == {child.tag for child in verdict if child.tag != "properties"}
    assert "the edge disagrees" in "".join(verdict.itertext())
    assert "unconfirmed" == _properties(ET.fromstring(text)[0])["verdict"]  # noqa: S314


@pytest.mark.parametrize(
    ("records", "status"),
    [(failed_post_rollback(), "failure"), (refused(), "failure"), (drill()[:20], "error"), ((), "error")],
    ids=["failed", "refused", "cut short", "no journal"],
)
def test_session_that_is_not_verified_is_red(records: tuple[Record, ...], status: str) -> None:
    """Also one that was interrupted, or of which nothing is known."""
    cases = _cases(junit(conclude(records)))

    assert [status] == [_status(case) for (place, _), case in cases.items() if place == "session"]


def test_hostile_content_is_shown() -> None:
    """Markup, control characters and what no XML may hold: it can be read, and nothing is lost in silence."""
    problem = Problem(int(Ending.INTERNAL_ERROR), HOSTILE)
    text = junit(concluded(check(f"health.{HOSTILE}", "fail", message=HOSTILE), problem))
    shown = "".join(ET.fromstring(text).itertext())  # noqa: S314

    assert "]]></failure>⟨U+0000⟩⟨U+001B⟩[31m⟨U+202E⟩ <b>&amp; ⟨U+D800⟩ ⟨U+FFFE⟩ ⟨U+000D⟩" in shown


@given(journals)
def test_any_journal_is_red_where_its_session_is(records: tuple[Record, ...]) -> None:
    """Green without failures and errors if and only if verified; the counts are those of the cases."""
    conclusion = conclude(records)
    root = ET.fromstring(junit(conclusion))  # noqa: S314
    cases = list(root.iter("testcase"))
    statuses = [_status(case) for case in cases]

    is_green = not {"failure", "error"}.intersection(statuses)
    assert (conclusion.ending is Ending.VERIFIED) is is_green
    assert [len(cases), *map(statuses.count, ("failure", "error", "skipped"))] == [
        int(root.attrib[name]) for name in ("tests", "failures", "errors", "skipped")
    ]
