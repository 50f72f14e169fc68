"""How a scenario stands: what counts, for how long, and where."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from backstop.model.scenario import Place
from backstop.model.severity import Severity
from backstop.score.record import DrillRecord
from backstop.score.standing import Score, State, score
from tests.unit.drills import AT, TODAY, drilled, entry, scenario


def _score(*records: DrillRecord, today: date = TODAY, place: Place = Place.STAGING) -> Score:
    return score(records, "staging", place, [scenario()], today)


def _state(*records: DrillRecord, today: date = TODAY) -> State:
    (standing,) = _score(*records, today=today).standings
    return standing.state


@pytest.mark.parametrize(
    ("days", "state"),
    [(0, State.PROVEN), (35, State.PROVEN), (36, State.EXPIRED), (400, State.EXPIRED)],
)
def test_a_pass_counts_for_35_days(days: int, state: State) -> None:
    """And on no day more."""
    assert state is _state(drilled(), today=TODAY + timedelta(days=days))


def test_never_run_is_0() -> None:
    """Nothing was proven of it."""
    found = _score()

    assert [State.NEVER] == [each.state for each in found.standings]
    assert (0, None) == (found.percent, found.until)


def test_a_failure_outweighs_an_older_pass_only() -> None:
    """What failed last can't be relied on; what passed since can."""
    fails = drilled(entry(verdict="failed"), at=AT + timedelta(hours=1), exit_code=1)
    again = drilled(at=AT + timedelta(hours=2))

    assert State.FAILING is _state(drilled(), fails)
    assert State.FAILING is _state(fails, drilled())
    assert State.PROVEN is _state(drilled(), fails, again)
    assert State.UNPROVEN is _state(fails)


@pytest.mark.parametrize("verdict", ["not shown", "refused"])
def test_what_could_not_be_judged_changes_nothing(verdict: str) -> None:
    """It is neither a pass nor a failure."""
    undecided = drilled(entry(verdict=verdict), at=AT + timedelta(hours=1), exit_code=20)

    assert State.PROVEN is _state(drilled(), undecided)
    assert State.UNPROVEN is _state(undecided)


@pytest.mark.parametrize("code", [0, 1, 20])
def test_a_pass_counts_where_all_was_put_back(code: int) -> None:
    """Another scenario of that drill may have failed, or not been shown."""
    assert State.PROVEN is _state(drilled(exit_code=code))


@pytest.mark.parametrize("code", [2, 3, 22, 23, 77])
def test_no_pass_counts_where_something_may_be_left(code: int) -> None:
    """Whatever that drill was about."""
    assert State.UNPROVEN is _state(drilled(exit_code=code))


def test_the_sandbox_proves_nothing_of_staging() -> None:
    """Nor the other way round, nor another target, nor a journal that does not say where it was."""
    sandbox = drilled(place="sandbox")

    assert 0 == _score(sandbox).percent
    assert 100 == _score(sandbox, place=Place.SANDBOX).percent
    assert 0 == _score(drilled(), place=Place.SANDBOX).percent
    assert 0 == _score(drilled(target="other")).percent
    assert 0 == _score(drilled(place="")).percent


def test_a_drill_of_the_future_proves_nothing() -> None:
    """A clock was wrong; what it dated would stay fresh for ever. A day is within what clocks differ by."""
    ahead = drilled(at=AT + timedelta(days=40))
    (standing,) = _score(drilled(), ahead, today=TODAY + timedelta(days=36)).standings

    assert State.UNPROVEN is _state(ahead)
    assert State.PROVEN is _state(drilled(), ahead)
    assert State.EXPIRED is standing.state
    assert 1 == len(standing.misdated)
    assert State.PROVEN is _state(drilled(at=AT + timedelta(days=1)))
    assert (2.5,) == _score(drilled(), drilled(entry(verified=900.0), at=ahead.at)).standings[0].times


def test_a_drill_of_1970_proves_nothing_and_is_named() -> None:
    """Its clock was wrong: it did not pass twenty thousand days ago."""
    old = drilled(at=datetime(1970, 1, 1, 0, 5, tzinfo=UTC))
    (standing,) = _score(old).standings

    assert State.UNPROVEN is standing.state
    assert "1 dated 1970-01-01: by a clock that was wrong" in standing.told
    assert State.PROVEN is _state(old, drilled())


def test_on_a_machine_whose_clock_is_wrong_nothing_is_proven() -> None:
    """All that there is lies ahead of 1970, and in 2040 all is out of date."""
    (standing,) = _score(drilled(), today=date(1970, 1, 2)).standings

    assert State.UNPROVEN is standing.state
    assert "by a clock that was wrong, or is now" in standing.told
    assert State.EXPIRED is _score(drilled(), today=date(2040, 1, 2)).standings[0].state


def test_the_score_is_a_share_and_ends_with_the_first_pass_to_expire() -> None:
    """Of the scenarios that fit, whether drilled or not."""
    scenarios = [scenario("down"), scenario("slow", Severity.HIGH), scenario("leaky")]
    records = [drilled(), drilled(entry("slow"), at=AT - timedelta(days=10))]

    found = score(records, "staging", Place.STAGING, scenarios, TODAY)

    assert (2, 66, date(2026, 12, 20)) == (found.proven, found.percent, found.until)
    assert [120, 300, 120] == [each.rto for each in found.standings]


@pytest.mark.parametrize(
    ("times", "trend"),
    [
        ((), ""),
        ((2.0,), ""),
        ((2.0, 9.0), ""),
        ((2.0, 2.2, 2.3), "steady"),
        ((2.0, 2.0, 9.0, 2.9), "slower"),
        ((9.0, 9.0, 2.0), "faster"),
    ],
)
def test_trend(times: tuple[float, ...], trend: str) -> None:
    """The last against the middle of those before; two are too few to compare with one."""
    records = [
        drilled(entry(verified=taken), at=AT - timedelta(days=50 - number))
        for number, taken in enumerate(times)
    ]
    (standing,) = _score(*records).standings

    assert times == standing.times
    assert trend == standing.trend
