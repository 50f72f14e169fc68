"""scorecard.html: opens anywhere, asks for nothing, obeys nothing, and claims no more than was proven."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from backstop.model.scenario import Place
from backstop.report.scorecard import Notes, score_in_words, scorecard
from backstop.score.record import DrillRecord
from backstop.score.standing import Score, score
from tests.unit.drills import AT, TODAY, drilled, entry, scenario
from tests.unit.test_report_html import Outline


def _score(*records: DrillRecord, place: Place = Place.STAGING) -> Score:
    return score(records, "staging", place, [scenario("down"), scenario("slow")], TODAY)


def test_a_page_is_whole_and_asks_for_nothing() -> None:
    """Balanced tags, unique ids, and nothing that acts."""
    scores = [_score(drilled(), drilled(entry("slow"))), _score(), _score(place=Place.SANDBOX)]

    outline = Outline(scorecard(scores, TODAY))

    assert [] == outline.open
    assert [] == [name for name, count in Counter(outline.ids).items() if count > 1]
    assert not {"script", "img", "link", "iframe", "object", "form", "base"} & outline.tags.keys()
    assert not any(name == "style" or name.startswith("on") for name in outline.attributes)
    assert 1 == outline.tags["h1"]


def test_what_is_proven_is_shown_with_its_end() -> None:
    """And what was never run beside it."""
    text = Outline(scorecard([_score(drilled())], TODAY)).words

    assert "Partly proven" in text
    assert "1 of 2 scenarios proven on staging" in text
    assert "25 November 2026, today" in text
    assert "30 December 2026" in text
    assert "2.50 s" in text
    assert "2.1 % of 120 s" in text
    assert "never run" in text


def test_all_or_nothing_is_said_in_the_heading() -> None:
    """Nothing to drill is no success."""
    both = _score(drilled(entry("down"), entry("slow")))

    assert "All proven" in Outline(scorecard([both], TODAY)).words
    assert "Not proven" in Outline(scorecard([_score()], TODAY)).words
    assert "Partly proven" in Outline(scorecard([both, _score()], TODAY)).words
    assert "Nothing to drill" in Outline(scorecard([], TODAY)).words


def test_what_the_sandbox_proved_is_not_shown_on_staging() -> None:
    """Its times are not there either."""
    page = Outline(scorecard([_score(drilled(place="sandbox"))], TODAY)).words

    assert "Not proven" in page
    assert "2.50 s" not in page


def test_hostile_words_of_a_record_are_text() -> None:
    """A record comes from another machine."""
    hostile = entry(verdict="<script>alert(1)</script>\u202e")
    failed = drilled(hostile, exit_code=1, at=AT + timedelta(hours=1))
    page = scorecard([_score(drilled(), failed)], TODAY, Notes(unreadable=("<b>x</b>",)))

    assert "<script" not in page
    assert "<b>x" not in page
    assert "\u202e" not in page
    assert "U+202E" in page


def test_in_words_for_a_terminal() -> None:
    """A line for the target, and one for each scenario."""
    assert [
        "staging (staging): 50 % · 1 of 2 scenarios, until 30 December 2026",
        "  down: proven · 25 November 2026, today · 2.50 s 2.1 % of 120 s",
        "  slow: never run",
    ] == list(score_in_words(_score(drilled())))
