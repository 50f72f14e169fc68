"""With what times are compared, and what is said of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from backstop.journal.events import Event, LatencySampled, StageStarted
from backstop.journal.record import Record
from backstop.model.errors import CouldNotLook
from backstop.model.run import Phase, Stage
from backstop.model.severity import Severity
from backstop.model.target import PolicyChange, Target
from backstop.observe.reference import NothingBefore, Past, Reference
from backstop.observe.series import Series
from backstop.observe.thresholds import slower_rule
from backstop.observe.weighed import settled, weigh_against, weigh_halves
from backstop.rollback.baselines import Baseline, Shelf
from backstop.statistics.slowdown import Answer, Rule
from tests.unit.rollbacks import NOW, vid
from tests.unit.targetsfiles import loaded

OLD = tuple(0.4 + 0.01 * (index % 5) for index in range(20))
SLOW = tuple(2 * each for each in OLD)
NEW = Series("GET /", vid(2), (vid(2),), SLOW)


def _past(*events: Event, shelf: Shelf = Shelf(())) -> Past:  # noqa: B008 - frozen
    records = [Record(n, NOW + timedelta(seconds=n), n, event) for n, event in enumerate(events)]
    return Past(records, shelf, NOW + timedelta(seconds=60))


def _stage(name: str, phase: Phase, *warm_ms: float, what: str = "GET /", number: int = 1) -> list[Event]:
    sampled = [LatencySampled(name, vid(number), what, warm_ms)] if warm_ms else []
    return [StageStarted(name, phase.value, ""), *sampled]


def _baseline(number: int, seconds_ago: float = 7200, what: str = "GET /") -> Baseline:
    at = NOW + timedelta(seconds=60 - seconds_ago)
    return Baseline(vid(number), "abc", at.isoformat(timespec="seconds"), what, OLD)


FAULT = Stage(3, Phase.FAULT, "slow")


def test_a_fault_is_compared_with_the_last_good_stage() -> None:
    """Not with another fault, and not with another request's times."""
    past = _past(
        *_stage("0-good", Phase.GOOD, 100.0),
        *_stage("1-fault-x", Phase.FAULT, 900.0),
        *_stage("2-good-x", Phase.GOOD, 110.0),
        *_stage("2-good-y", Phase.GOOD, 5.0, what="POST /"),
    )

    assert (0.11,) == past.before_the_fault(FAULT, NEW).warm


def test_where_every_stage_is_a_fault_the_first_is_the_bot_as_it_is() -> None:
    """As in a proof; and the first has nothing before it."""
    past = _past(*_stage("0-fault-good", Phase.FAULT, 100.0), *_stage("1-fault-x", Phase.FAULT, 900.0))

    assert (0.1,) == past.before_the_fault(FAULT, NEW).warm
    with pytest.raises(NothingBefore, match="nothing was measured"):
        _past().before_the_fault(FAULT, NEW)


def test_a_live_version_is_compared_with_the_one_verified_before() -> None:
    """Never with itself; what is kept is said to be of another session."""
    past = _past(shelf=Shelf((_baseline(2, 60), _baseline(1))))
    found = past.previous_version(NEW)

    assert (vid(1), True) == (found.version, found.stored)
    assert "2 hours before, by run abc" == found.when


@pytest.mark.parametrize(
    ("series", "shelf", "said"),
    [
        (NEW, Shelf(()), "no verified session"),
        (NEW, Shelf((_baseline(2),)), "no verified session"),
        (NEW, Shelf((_baseline(1, what="GET /x"),)), "no verified session"),
        (NEW, Shelf((), unreadable=2), "left out of what was kept: 2 that can't be read"),
        (
            NEW,
            Shelf((), ahead=1, elsewhere=3),
            "1 dated ahead of this machine's clock, 3 measured from elsewhere",
        ),
        (Series("GET /", "", (), SLOW), Shelf((_baseline(1),)), "not known"),
    ],
)
def test_a_first_look_says_why_there_is_nothing_to_compare_with(
    series: Series, shelf: Shelf, said: str
) -> None:
    """Nothing kept, only itself, another request, damaged files, or no known version."""
    with pytest.raises(NothingBefore, match=said):
        _past(shelf=shelf).previous_version(series)


def test_after_a_rollback_the_version_itself_counts_first() -> None:
    """As a good stage showed it, else as it was kept, else at least what it replaced."""
    after, again = Stage(1, Phase.AFTER), Series("GET /", vid(1), (), OLD)
    live = _stage("0-live", Phase.LIVE, 900.0, number=2)
    kept = Shelf((_baseline(2, 60), _baseline(1)))

    good = _past(*_stage("0-good", Phase.GOOD, 100.0), shelf=kept).as_it_was(after, again)
    stored = _past(*live, shelf=kept).as_it_was(after, again)
    faulty = _past(*live).as_it_was(after, again)

    assert ((0.1,), False) == (good.warm, good.stored)
    assert (vid(1), True, False) == (stored.version, stored.stored, stored.faulty)
    assert (vid(2), False, True) == (faulty.version, faulty.stored, faulty.faulty)
    with pytest.raises(NothingBefore):
        _past().as_it_was(after, again)


def test_what_is_said_has_the_ratio_its_bound_and_what_stays_unseen() -> None:
    """And that times of before are weaker evidence."""
    found = weigh_against(Reference(vid(1), OLD, "2 hours before, by run abc", stored=True), NEW, Rule())

    assert (Answer.SLOWER, "baseline", True) == (found.answer, found.against, found.slower)
    assert found.text.startswith("new is typically 2.00 times old (420 ms → 840 ms), at least 2.00 times")
    assert "with 95 % confidence, 5 pairs; with 5 pairs a change under 1.01" in found.text
    assert "old was measured 2 hours before, by run abc: weaker evidence" in found.text
    assert (2.0, 5, "slower") == (
        found.event("0-live").ratio,
        found.event("0-live").pairs,
        found.event("0-live").answer,
    )


def test_too_few_times_are_no_number() -> None:
    """Undecided, with what it takes; the check can't look."""
    found = weigh_against(Reference(vid(1), OLD[:4], "before"), NEW, Rule())

    assert (0.0, 4) == (found.event("s").ratio, found.event("s").pairs)
    assert "4 pairs of times: it takes 5" in found.text
    with pytest.raises(CouldNotLook, match="undecided"):
        settled(found)


def test_versions_that_switch_are_no_one_versions_times() -> None:
    """Whichever way they are compared."""
    switched = Series("GET /", "", (vid(1), vid(2)), SLOW)

    with pytest.raises(CouldNotLook, match="versions switched"):
        weigh_against(Reference(vid(1), OLD, "before"), switched, Rule())
    with pytest.raises(CouldNotLook, match="versions switched"):
        weigh_halves(switched, Rule())


def test_a_bot_that_is_steady_is_as_fast_as_itself() -> None:
    """And one that gets slower while it is asked is not."""
    slowing = tuple(0.4 if index < 10 else 1.2 for index in range(20))

    assert Answer.FINE is weigh_halves(Series("GET /", vid(1), (), OLD), Rule()).answer
    assert Answer.SLOWER is weigh_halves(Series("GET /", vid(1), (), slowing), Rule()).answer


def test_nearly_restored_is_surely_not_slower() -> None:
    """A third above before is told apart from what is not known at all."""
    rule = Rule(least=0.0, restored=True, stored=True)
    third = Series("GET /", vid(1), (), tuple(1.3 * each for each in OLD))

    assert weigh_against(Reference(vid(1), OLD, "before", stored=True), third, rule).nearly
    assert not weigh_against(Reference(vid(1), OLD[:4], "before", stored=True), third, rule).nearly


def test_the_rule_is_the_targets() -> None:
    """What its policy says of the high severity, and the defaults for the rest."""
    change = PolicyChange(Severity.HIGH, slower_percent=100, slower_min_ms=20)

    assert Rule(1.5, 0.15) == slower_rule(Target("t", sandbox=True))
    assert Rule(2.0, 0.02) == slower_rule(Target("t", sandbox=True, policy=(change,)))


def test_the_policy_is_read_from_the_targets_file(tmp_path: Path) -> None:
    """In milliseconds there."""
    text = (
        '[targets.t]\nurl = "https://b.example"\nworker = "b"\n[targets.t.policy.high]\nslower_min_ms = 20\n'
    )

    assert 0.02 == slower_rule(loaded(tmp_path, text)).least
