"""The page of a run shows the verdict of any session, as text and in bounds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given

from backstop.journal.conclusion import conclude
from backstop.journal.events import Problem, SessionFinished, SessionStarted
from backstop.journal.record import Record
from backstop.model.run import SessionKind
from backstop.model.verdict import Ending
from backstop.report.step_summary import step_summary
from backstop.storage import CannotWrite, append_within
from tests.unit.arbitrary import journals
from tests.unit.conclusions import check, concluded, session
from tests.unit.samples import drill, failed_post_rollback, numbered

HOSTILE = "<script>x</script> | **bold** [a](http://b) `c` ![i](http://j)\x1b[31m\u202e\n# heading"


def test_failed_session_says_what_and_what_to_do() -> None:
    """Verdict, exit code, severity, decision, what speaks against it, and the next step."""
    conclusion = conclude(failed_post_rollback())
    text = step_summary(conclusion)

    assert text.startswith("## ❌ FAILED: post\\_rollback of ")
    assert "| exit code | 1 |" in text
    assert f"| severity | {conclusion.severity.value} |" in text
    assert "| decision | " in text
    assert "### What speaks against it" in text
    assert "**Next:** " in text


@pytest.mark.parametrize("kind", SessionKind)
def test_every_kind_of_session_has_one(kind: SessionKind) -> None:
    """Good and bad."""
    good = step_summary(concluded(check(), kind=kind.value))
    bad = step_summary(concluded(check(outcome="fail", message="found 500"), kind=kind.value))

    assert "| exit code | 1 |" in bad
    assert "found 500" in bad
    assert ("✅" in good) is (kind is not SessionKind.DRILL)  # this one has no scenario


def test_drill_names_its_scenarios() -> None:
    """With the time to verified."""
    text = step_summary(conclude(drill()))

    assert "- health-failure: verified, " in text
    assert text.startswith("## ✅ VERIFIED: drill of local\n")


def test_hostile_content_is_shown() -> None:
    """No markup, link, picture, heading or control character of a bot's gets through."""
    first = SessionStarted("run", "look", HOSTILE, HOSTILE, HOSTILE, ("pytest",))
    problem = Problem(int(Ending.INTERNAL_ERROR), HOSTILE)
    failed = check(f"health.{HOSTILE}", "fail", message=HOSTILE)
    text = step_summary(conclude(numbered((first, failed, problem, SessionFinished(1, 1.0)))))

    assert "<script>" not in text
    assert not re.search(r"(?<!\\)\]\(http", re.sub(r"(`+).*?\1", "", text))  # in code it is only shown
    assert "\n# heading" not in text
    assert "⟨U+001B⟩" in text
    assert "**bold**" not in text


@given(journals)
def test_any_journal_has_one_with_its_verdict(records: tuple[Record, ...]) -> None:
    """Whatever it holds."""
    conclusion = conclude(records)
    text = step_summary(conclusion)

    assert conclusion.verdict.value.replace("_", " ").upper() in text.partition("\n")[0]
    assert f"| exit code | {int(conclusion.ending)} |" in text


def test_thousands_of_findings_are_counted() -> None:
    """The first of them are named, and nobody's limit is reached."""
    many = [check(f"health.c{n}", "fail", message="x" * 2000) for n in range(2000)]
    text = step_summary(conclude(numbered(session("look", *many))))

    assert len(text.encode()) < 32_000
    assert "- and 1976 more, in the report" in text


def test_file_that_others_write_too_is_added_to(tmp_path: Path) -> None:
    """What stands in it stays."""
    page = tmp_path / "summary"
    page.write_text("before\n")

    append_within(page, "after\n", 100)

    assert "before\nafter\n" == page.read_text()


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (60, "before\none\ntwo\n(cut: there is no room for more)\n"),
        (47, "before\none\n(cut: there is no room for more)\n"),
        (10, "before\n"),
        (3, "before\n"),
    ],
)
def test_file_does_not_grow_beyond_what_it_may(tmp_path: Path, most: int, expected: str) -> None:
    """It is cut where a line ends, and says so where there is room for that."""
    page = tmp_path / "summary"
    page.write_text("before\n")

    append_within(page, f"one\ntwo\n{'three' * 20}\n", most)

    assert expected == page.read_text()


def test_file_that_can_not_be_added_to(tmp_path: Path) -> None:
    """It is said in a sentence."""
    with pytest.raises(CannotWrite):
        append_within(tmp_path, "text", 100)
