"""Laws of the verdict, for any journal."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from backstop.journal.conclusion import conclude
from backstop.journal.events import CheckFinished, Event
from backstop.journal.record import Record
from backstop.model.verdict import WORST_FIRST, Ending, worst
from tests.unit.arbitrary import events, journals
from tests.unit.samples import drill, failed_post_rollback, numbered

FAILING = CheckFinished("other.check", "t", "other", "high", "0-good", "fail")

_SAMPLES = st.sampled_from((drill(), failed_post_rollback()))


def badness(ending: Ending) -> int:
    """Higher is worse."""
    return -WORST_FIRST.index(ending)


@given(records=journals)
def test_every_journal_has_a_conclusion(records: tuple[Record, ...]) -> None:
    """Total, and the same each time."""
    assert conclude(records) == conclude(records)


@given(records=journals)
def test_verified_needs_a_passing_check_and_a_last_line(records: tuple[Record, ...]) -> None:
    """Silence is never a pass."""
    conclusion = conclude(records)

    if conclusion.ending is Ending.VERIFIED:
        assert conclusion.counts.get("pass", 0) > 0
        assert conclusion.facts.footer is not None
        assert conclusion.facts.header is not None


@given(records=journals | _SAMPLES, place=st.integers(min_value=0, max_value=200))
def test_a_failing_check_never_improves_the_ending(records: tuple[Record, ...], place: int) -> None:
    """Wherever it is put."""
    told: list[Event] = [record.event for record in records]
    more = numbered([*told[:place], FAILING, *told[place:]])

    before, after = conclude(numbered(told)).ending, conclude(more).ending

    assert badness(after) >= badness(before)
    assert badness(after) >= badness(Ending.FAILED)


@given(place=st.integers(min_value=0, max_value=28), other=events)
def test_no_single_line_turns_a_bad_session_good(place: int, other: Event) -> None:
    """The sample that failed stays failed, whatever else is in its journal."""
    told = [record.event for record in failed_post_rollback()]

    assert conclude(numbered([*told[:place], other, *told[place:]])).ending is not Ending.VERIFIED


@given(place=st.integers(min_value=0, max_value=172))
def test_a_check_that_turns_red_never_improves_the_ending(place: int) -> None:
    """Any check of the drill that nobody wanted red."""
    told = [record.event for record in drill()]
    chosen = told[place]
    if isinstance(chosen, CheckFinished) and not chosen.expected_red:
        told[place] = replace(chosen, outcome="fail")

        assert conclude(numbered(told)).ending is Ending.FAILED


@given(records=journals)
def test_the_ending_is_the_worst_of_the_reasons(records: tuple[Record, ...]) -> None:
    """No verdict without a sentence that says why."""
    conclusion = conclude(records)

    assert conclusion.ending is worst(reason.ending for reason in conclusion.findings)
    assert bool(conclusion.reasons) == (conclusion.ending is not Ending.VERIFIED)
