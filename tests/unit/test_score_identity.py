"""A pass counts for what was drilled, not for whatever has its name today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from backstop.drill.scenario_file import read_scenario
from backstop.model.decision import Decision
from backstop.model.drilled import digest_of
from backstop.model.scenario import Place, RollbackOutcome, Scenario, Surroundings
from backstop.model.severity import Severity
from backstop.report.scorecard import score_in_words, scorecard
from backstop.score.record import DrillRecord
from backstop.score.standing import Score, Standing, State, counted, score, took
from tests.unit.drills import AT, TODAY, drilled, entry, scenario
from tests.unit.test_report_html import Outline

DOWN = scenario()
PASSED = replace(entry(), digest=digest_of(DOWN), seconds=9.0)
OTHER = replace(DOWN, notices=("health.error-rate",))
LATER = AT + timedelta(hours=1)


def _score(today: Scenario, *records: DrillRecord) -> Score:
    return score(records, "staging", Place.STAGING, [today], TODAY)


def _standing(today: Scenario, *records: DrillRecord) -> Standing:
    return _score(today, *records).standings[0]


@pytest.mark.parametrize(
    "changed",
    [
        lambda s: replace(s, fault=replace(s.fault, name="another")),
        lambda s: replace(s, fault=replace(s.fault, code="another text")),
        lambda s: replace(s, notices=("health.status", "health.json")),
        lambda s: replace(s, severity=Severity.HIGH),
        lambda s: replace(s, decided=Decision.WATCH),
        lambda s: replace(s, rollback=RollbackOutcome.REFUSED),
        lambda s: replace(s, budget=60.0),
        lambda s: replace(s, percent=10.0),
        lambda s: replace(s, previous=s.fault),
        lambda s: replace(s, surroundings=Surroundings.API_LIES),
    ],
)
def test_a_pass_of_something_else_does_not_count(changed: Callable[[Scenario], Scenario]) -> None:
    """Whatever was changed under the name: today's scenario has never been passed."""
    found = _standing(changed(DOWN), drilled(PASSED))

    assert State.PROVEN is _standing(DOWN, drilled(PASSED)).state
    assert (State.CHANGED, None, ()) == (found.state, found.last_pass, found.times)
    assert "its pass of 2026-11-25 does not count" in found.told


@pytest.mark.parametrize(
    "changed",
    [
        lambda s: replace(s, title="the same in other words", procedure="Step 3"),
        lambda s: replace(s, notices=(*s.notices[::-1],), places=(Place.STAGING,)),
        lambda s: replace(s, budget=120, percent=100),
        lambda s: replace(s, fault=replace(s.fault, shim=Path("elsewhere") / "fault.js")),
    ],
)
def test_other_words_are_no_other_scenario(changed: Callable[[Scenario], Scenario]) -> None:
    """Nor is another folder of the same files."""
    assert State.PROVEN is _standing(changed(DOWN), drilled(PASSED)).state


def test_a_record_of_an_older_release_counts_by_the_name_of_the_fault() -> None:
    """It has no digest: its pass is good for the days that it has left."""
    assert State.PROVEN is _standing(OTHER, drilled(entry())).state
    assert State.CHANGED is _standing(replace(DOWN, fault=scenario("slow").fault), drilled(entry())).state


def test_what_failed_as_something_else_is_no_failure_of_this() -> None:
    """And a pass since the change counts, whatever was before it; a failure since then is one."""
    failed = replace(PASSED, verdict="failed")

    of_another = drilled(replace(failed, digest="0"), at=LATER)
    assert State.PROVEN is _standing(DOWN, drilled(PASSED), of_another).state
    assert State.UNPROVEN is _standing(OTHER, drilled(failed)).state
    again = drilled(replace(PASSED, digest=digest_of(OTHER)), at=LATER)
    assert State.PROVEN is _standing(OTHER, drilled(PASSED), again).state
    last = drilled(replace(failed, digest=digest_of(OTHER)), at=LATER)
    found = _standing(OTHER, drilled(PASSED), last)
    assert (State.UNPROVEN, True) == (found.state, found.last_failed)


def test_its_cost_is_not_that_of_what_it_was() -> None:
    """Its budget counts until it is drilled."""
    records = [drilled(PASSED)]

    assert {"down": 9.0} == took(records, "staging", Place.STAGING, [DOWN], TODAY)
    assert {} == took(records, "staging", Place.STAGING, [OTHER], TODAY)


def test_the_scorecard_says_why_it_does_not_count() -> None:
    """In the page and on the terminal."""
    found = _score(OTHER, drilled(PASSED))
    page = Outline(scorecard([found], TODAY)).words

    assert "changed since" in page
    assert "its pass of 2026-11-25 does not count" in page
    assert "Not proven" in page
    assert "  down: changed since" in list(score_in_words(found))


def test_the_report_of_the_last_pass_of_each_is_kept() -> None:
    """Long after: whoever takes the change back is not told of another drill."""
    old, older = (drilled(PASSED, at=AT - timedelta(days=days)) for days in (90, 120))
    other = drilled(replace(PASSED, digest="0"), at=AT - timedelta(days=60))

    assert {old.run, other.run} == counted([older, old, other], TODAY)


def test_a_shim_with_other_line_breaks_is_the_same(tmp_path: Path) -> None:
    """As another machine may check it out; other code is another fault."""
    faults, path = tmp_path / "faults", tmp_path / "mine.toml"
    faults.mkdir()
    (faults / "f.toml").write_text('changes = "c"\nnoticed_by = ["health.status"]\nseverity = "high"\n')
    path.write_text('title = "t"\nfault = "f"\n')
    digests = []
    for shim in (b"one\ntwo\n", b"\xef\xbb\xbfone\r\ntwo\r\n", b"one\nthree\n"):
        (faults / "f.js").write_bytes(shim)
        digests.append(digest_of(read_scenario(path, (faults,))))

    assert digests[0] == digests[1]
    assert digests[0] != digests[2]
