"""The looks of many machines as one sequence: one alert whoever looks, and nobody is told twice or never."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstop.model.monitor_rules import MonitorRules
from backstop.model.severity import Severity
from backstop.monitor.alert import Alert, Seen, Sight, Told, weigh
from backstop.monitor.sequence import Known, Look, Standing, counts_once, replayed, weighed

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
RULES = MonitorRules(raise_after=2, resolve_after=2)
MINUTE = timedelta(minutes=1)


def _sight(minutes: float, seen: str, severity: Severity = Severity.CRITICAL) -> Sight:
    found = {"F": Seen.FAILED, "P": Seen.PASSED, "?": Seen.UNSEEN}[seen]
    return Sight(NOW + minutes * MINUTE, found, severity if found is Seen.FAILED else Severity.NONE)


class Machine:
    """One that sees the looks of others that have arrived; its own at once."""

    def __init__(self, looks: Sequence[Look] = ()) -> None:
        self.looks = list(looks)

    def look(self, sight: Sight, rules: MonitorRules = RULES) -> Told | None:
        """What it tells after a look of one second."""
        began = sight.at - timedelta(seconds=1)
        before = replayed("health", self.looks, rules, sight.at)
        after, told = weighed(before, sight, rules)
        self.looks.append(Look(began, sight, after.alert, after.known, told is not None))
        return told

    def take(self, *looks: Look) -> None:
        """Others' looks arrive, and lie in the order of their numbers: here of their times."""
        self.looks = sorted((*self.looks, *looks), key=lambda look: look.sight.at)


@given(
    st.lists(st.tuples(st.sampled_from("FFPP?"), st.sampled_from(Severity), st.integers(1, 40)), max_size=40),
    st.booleans(),
)
def test_one_machine_tells_what_its_looks_add_up_to(
    looks: list[tuple[str, Severity, int]], hastily: bool
) -> None:
    """To weigh all again each time comes to the same as to count on, whatever happens."""
    rules = RULES if hastily else MonitorRules()
    machine, alert, minutes = Machine(), Alert("health"), 0
    for seen, severity, later in looks:
        minutes += later
        sight = _sight(minutes, seen, severity)
        alert, wanted = weigh(alert, sight, rules)

        told = machine.look(sight, rules)

        assert wanted == told
        assert alert == machine.looks[-1].alert


def test_two_places_raise_one_alert() -> None:
    """They see each other's looks: told once, reminded once an hour between them, and resolved once."""
    both = Machine()
    story = [
        *(_sight(nth, "F") for nth in range(0, 100, 5)),
        *(_sight(nth, "P") for nth in range(100, 120, 5)),
    ]

    told = [both.look(sight) for sight in story]

    assert [Told.RAISED, Told.REMINDED, Told.RESOLVED] == [each for each in told if each]


def test_a_machine_that_is_new_each_time_knows_what_the_others_did() -> None:
    """Only the directory came along."""
    looks: list[Look] = []
    told = []
    for nth, seen in enumerate("FFFPP"):
        machine = Machine(looks)
        told.append(machine.look(_sight(5 * nth, seen)))
        looks = machine.looks

    assert [None, Told.RAISED, None, None, Told.RESOLVED] == told


def test_what_nobody_could_know_is_told_by_the_next() -> None:
    """Each saw one failure; together they are an alert, and whoever looks next raises it."""
    one, other = Machine(), Machine()
    told = [one.look(_sight(0, "F")), other.look(_sight(1, "F"))]

    one.take(*other.looks)

    assert [None, None, Told.RAISED] == [*told, one.look(_sight(5, "F"))]
    assert 3 == one.looks[-1].alert.looks
    assert None is one.look(_sight(10, "F"))


def test_what_was_told_twice_is_over_once() -> None:
    """Neither saw the other's looks in time, and each raised it; the end is told by one."""
    one, other = Machine(), Machine()
    told = [machine.look(_sight(nth, "F")) for nth in (0, 5) for machine in (one, other)]
    one.take(*other.looks)

    after = [one.look(_sight(nth, "P")) for nth in (10, 15, 20)]

    assert [None, None, Told.RAISED, Told.RAISED] == told
    assert [None, Told.RESOLVED, None] == after


def test_an_end_that_the_other_saw_is_told() -> None:
    """One saw a pass, the other too; neither knew of two in a row."""
    one = Machine()
    for nth in (0, 5):
        one.look(_sight(nth, "F"))
    other = Machine(one.looks)
    told = [one.look(_sight(10, "P")), other.look(_sight(11, "P"))]
    one.take(*other.looks[2:])

    assert [None, None, Told.RESOLVED] == [*told, one.look(_sight(15, "P"))]


def test_a_short_outage_that_is_over_is_not_told_late() -> None:
    """Both failures arrived when all was well again."""
    one, other = Machine(), Machine()
    other.look(_sight(0, "F"), MonitorRules(raise_after=9))
    other.look(_sight(1, "F"), MonitorRules(raise_after=9))
    one.take(*other.looks)

    assert [None, None] == [one.look(_sight(nth, "P")) for nth in (5, 10)]


def test_reminders_are_counted_from_whoever_told_last() -> None:
    """The other reminded people forty minutes ago."""
    one = Machine()
    for nth in (0, 5):
        one.look(_sight(nth, "F"))
    other = Machine(one.looks)
    reminded = other.look(_sight(66, "F"))
    one.take(other.looks[-1])

    assert Told.REMINDED is reminded
    assert [None, Told.REMINDED] == [one.look(_sight(nth, "F")) for nth in (106, 127)]


def test_a_clock_that_was_set_back_does_not_silence_reminders() -> None:
    """What was told in its future was told now: an hour later it is told again."""
    machine = Machine()
    for nth in (600, 605):
        machine.look(_sight(nth, "F"))

    assert [None, None, Told.REMINDED] == [machine.look(_sight(nth, "F")) for nth in (0, 30, 61)]


@pytest.mark.parametrize("elsewhere", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)])
def test_a_clock_that_is_wrong_for_one_look(elsewhere: datetime) -> None:
    """It counts as the look that it was; the alert is raised and resolved as if it had been right."""
    machine = Machine()
    story = [_sight(0, "F"), replace(_sight(0, "F"), at=elsewhere), _sight(10, "P"), _sight(15, "P")]

    assert [None, Told.RAISED, None, Told.RESOLVED] == [machine.look(sight) for sight in story]


def test_a_clock_that_was_wrong_for_one_look_dates_nothing() -> None:
    """What fails has failed since it did, and the next reminder comes when it is due."""
    machine = Machine()
    story = [_sight(0, "F"), _sight(5, "F"), replace(_sight(0, "F"), at=datetime(1970, 1, 1, tzinfo=UTC))]

    told = [machine.look(sight) for sight in (*story, _sight(15, "F"), _sight(66, "F"))]

    assert [None, Told.RAISED, None, None, Told.REMINDED] == told
    assert NOW == machine.looks[-1].alert.since


@pytest.mark.parametrize(
    ("before", "now", "once"),
    [
        *(("F", "F", True), ("F", "P", True), ("F", "?", True)),
        *(("P", "F", False), ("P", "P", True), ("P", "?", True)),
        *(("?", "F", False), ("?", "P", False), ("?", "?", True)),
    ],
)
def test_looks_that_overlap_count_once_unless_the_second_saw_worse(before: str, now: str, once: bool) -> None:
    """Two places that look in step: what one of them alone sees must not be lost for ever."""
    stands, _ = weighed(Standing(Alert("health")), _sight(0, before), RULES)
    began = NOW - timedelta(seconds=10)

    assert once is counts_once(stands, began, _sight(0.1, now))
    assert not counts_once(stands, NOW + MINUTE, _sight(2, now))


def test_a_graver_failure_at_the_same_moment_counts() -> None:
    """One place saw a finding, the other an outage."""
    stands, _ = weighed(Standing(Alert("health")), _sight(0, "F", Severity.MEDIUM), RULES)

    assert not counts_once(stands, NOW - MINUTE, _sight(0.1, "F", Severity.CRITICAL))
    assert counts_once(stands, NOW - MINUTE, _sight(0.1, "F", Severity.LOW))


def test_what_began_before_is_not_known() -> None:
    """Nobody looked: nothing is raised, and nobody was told anything."""
    assert Standing(Alert("health"), Known()) == replayed("health", [], RULES, NOW)
