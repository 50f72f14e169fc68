"""Several journals of one incident: each session counts once, the worst decides, what is missing is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from backstop.journal.events import Event, Problem, SessionStarted
from backstop.journal.merge import MOST, Merged, Source, merge
from backstop.journal.record import Damaged, Record
from backstop.model.errors import UsageError
from backstop.model.verdict import WORST_FIRST, Ending
from backstop.report.merged import merged_incident, merged_page
from tests.unit.conclusions import check, session
from tests.unit.samples import drill, failed_post_rollback, numbered

HOUR = timedelta(hours=1)


def journal(*events: Event, run: str = "run", kind: str = "look", hours: int = 0) -> tuple[Record, ...]:
    """A session of some run that began some hours later than the samples."""
    first, *rest = session(kind, *events)
    assert isinstance(first, SessionStarted)
    records = numbered([replace(first, run=run), *rest])
    return tuple(replace(record, at=record.at + hours * HOUR) for record in records)


def green(run: str = "run", hours: int = 0) -> tuple[Record, ...]:
    """A session that verified the bot."""
    return journal(check(), run=run, hours=hours)


def red(run: str = "run", hours: int = 0) -> tuple[Record, ...]:
    """A session that found it wrong."""
    return journal(check(outcome="fail"), run=run, hours=hours)


def texts(merged: Merged) -> str:
    """All that stands against it."""
    return "\n".join(f"{finding.line}: {finding.text}" for finding in merged.findings)


def test_all_verified_is_verified() -> None:
    """Nothing is held against an incident for having several journals."""
    merged = merge([Source("two", green("b", 1)), Source("one", green("a"))])

    assert (Ending.VERIFIED, ()) == (merged.ending, merged.findings)
    assert [("A", "a"), ("B", "b")] == [(part.label, part.conclusion.run) for part in merged.parts]
    assert "VERIFIED · 2 of 2 journals verified" == merged.headline


@pytest.mark.parametrize("ending", [each for each in WORST_FIRST if each is not Ending.VERIFIED])
def test_the_worst_wins(ending: Ending) -> None:
    """As within one session, wherever in the incident it was."""
    bad = journal(check(), Problem(int(ending), "it went wrong"), run="b", hours=1)

    merged = merge([Source("a", green("a")), Source("b", bad), Source("c", green("c", 2))])

    assert ending is merged.ending
    assert "3 of B: it went wrong" in texts(merged)


def test_the_order_in_which_they_are_named_changes_nothing() -> None:
    """The same journals, the same report."""
    sources = [Source("one", green("a")), Source("two", red("b", 1)), Source("three", green("c", 2))]

    assert merge(sources) == merge(sources[::-1])


def test_a_missing_vantage_point_is_inconclusive() -> None:
    """Nothing is known from there, however well the bot looked from elsewhere."""
    sources = [Source("x", green("a"), "iad"), Source("y", None, "fra", "there is no journal")]

    merged = merge(sources)

    assert (Ending.INCONCLUSIVE, ("fra",)) == (merged.ending, merged.missing)
    assert "None: nothing is known from fra: there is no journal" in texts(merged)
    assert "missing: fra" in merged.headline
    assert "look from there as well, or find its journal: fra" == merged.next_step


def test_a_vantage_point_with_the_journal_of_another_has_not_looked() -> None:
    """One journal under two names is one look."""
    merged = merge([Source("x", green(), "iad"), Source("x", green(), "fra")])

    assert (Ending.INCONCLUSIVE, ("fra",)) == (merged.ending, merged.missing)
    assert "nothing is known from fra: its journal is the one of iad" in texts(merged)


def test_vantage_points_of_one_moment_are_two_looks() -> None:
    """Each has a run of its own, and is seen as what it is."""
    merged = merge([Source("x", green("a"), "iad"), Source("x", green("b"), "fra")])

    assert Ending.VERIFIED is merged.ending
    assert {"look from iad", "look from fra"} == {part.told for part in merged.parts}


def test_the_same_session_counts_once() -> None:
    """A copy adds nothing, and is said."""
    merged = merge([Source("one", red()), Source("two", red())])

    assert ["A"] == [part.label for part in merged.parts]
    assert ("two is the session of one again, and counts once",) == merged.copies


def test_a_copy_that_is_cut_short_is_no_journal_of_its_own() -> None:
    """The longer one says all that it says."""
    whole = green()
    cut = (*whole[:2], replace(whole[2], event=Damaged("the line is cut")))

    merged = merge([Source("cut", cut), Source("whole", whole)])

    assert (Ending.VERIFIED, "whole") == (merged.ending, merged.parts[0].source.name)


def test_two_journals_of_one_run_that_differ_are_at_odds() -> None:
    """One of them was changed: both are shown, and neither is believed."""
    merged = merge([Source("one", green()), Source("two", journal(check(name="health.fresh")))])

    assert Ending.INCONCLUSIVE is merged.ending
    assert "A and B are both of run run, and differ from line 2 on: one of them was changed" in texts(merged)


def test_journals_of_other_bots_are_refused_by_name() -> None:
    """One report is about one bot."""
    with pytest.raises(UsageError, match=r"local \(reference-bot, one\) and prod \(beluga, two\)") as caught:
        merge([Source("one", drill()), Source("two", failed_post_rollback())])

    assert "a report for each" in caught.value.remedy


def test_a_journal_without_its_first_line_is_taken_along() -> None:
    """It can't say which bot it is about, which counts against it and not against the others."""
    merged = merge([Source("whole", green("a")), Source("headless", red("b", 1)[1:])])

    assert Ending.FAILED is merged.ending
    assert "the journal has no first line" in texts(merged)


def test_an_empty_journal_is_inconclusive() -> None:
    """A session that died at once has left nothing else."""
    merged = merge([Source("empty", ()), Source("whole", green())])

    assert Ending.INCONCLUSIVE is merged.ending
    assert ["whole", "empty"] == [part.source.name for part in merged.parts]


def test_too_many_are_refused() -> None:
    """Each needs a letter."""
    with pytest.raises(UsageError, match="found 27 journals, wanted at most 26"):
        merge([Source(str(n), green(str(n), n)) for n in range(MOST + 1)])


def test_what_to_do_is_asked_of_those_that_looked_since_the_rollback() -> None:
    """What called for the rollback is told as a finding, and not again as something to do."""
    before = journal(check(outcome="fail", severity="critical"), run="before", kind="pre_rollback")
    events = [record.event for record in failed_post_rollback()]
    first = events[0]
    assert isinstance(first, SessionStarted)
    url = "http://bot"
    rolled = numbered([replace(first, run="roll", target="local", worker="bot", url=url), *events[1:]])
    rolled = tuple(replace(record, at=record.at + HOUR) for record in rolled)

    merged = merge([Source("before", before), Source("roll", rolled)])

    assert "B" == (merged.rolled_back.label if merged.rolled_back else "")
    assert merged.parts[1].conclusion.decision == merged.decision


def test_what_several_journals_found_alike_is_told_once_with_every_place() -> None:
    """Ten looks at one fault are one finding; of many places the first eight are named."""
    merged = merge([Source(run, red(run, hours)) for hours, run in enumerate("abcdefghij")])
    line = next(finding.line.partition(" ")[0] for finding in merged.findings if finding.line)

    written, page = merged_incident(merged), merged_page(merged)

    places = ", ".join(f"line {line} of {label}" for label in "ABCDEFGH")
    assert 1 == written.count(f"({places} and 2 more)")
    assert 1 == page.count(f"{places} and 2 more")
