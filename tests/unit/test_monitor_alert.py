"""Alerts, as properties over any course of looks, and the ones that people meet most as examples."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstop.model.monitor_rules import MonitorRules
from backstop.model.severity import Severity
from backstop.monitor.alert import Alert, Seen, Sight, Told, weigh
from backstop.monitor.codec import alert_members, read_alert

START = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
RULES = MonitorRules(raise_after=3, often=5, resolve_after=2)
STEADY = MonitorRules(raise_after=3, often=1000, resolve_after=2, changes=1000)
WORDS = {"f": Seen.FAILED, "p": Seen.PASSED, "?": Seen.UNSEEN, "b": Seen.BELOW}

courses = st.lists(
    st.tuples(
        st.sampled_from(list(Seen)),
        st.integers(-7200, 7200),
        st.sampled_from([each for each in Severity if each is not Severity.NONE]),
    ),
    max_size=60,
)
rules = st.builds(
    MonitorRules,
    raise_after=st.integers(1, 5),
    often=st.integers(2, 8),
    often_s=st.floats(60, 7200),
    resolve_after=st.integers(1, 4),
    remind_s=st.floats(60, 7200),
    changes=st.integers(2, 6),
    flapping_s=st.floats(60, 7200),
)
Course = Sequence[tuple[Seen, int, Severity]]


def run(course: str, with_rules: MonitorRules = RULES, every: float = 300) -> list[Told | None]:
    """What is told after each look of a course such as "ffp?", one every five minutes."""
    alert, told = Alert("health"), []
    for number, letter in enumerate(course):
        at = START + timedelta(seconds=number * every)
        alert, said = weigh(alert, Sight(at, WORDS[letter], Severity.CRITICAL), with_rules)
        told.append(said)
    return told


def last(course: str, with_rules: MonitorRules = RULES) -> Told | None:
    """What is told after the last look."""
    return run(course, with_rules)[-1]


def steps(course: Course, with_rules: MonitorRules) -> list[tuple[Alert, Sight, Alert, Told | None]]:
    """Every step of a course: the alert before, the look, the alert after, what is told."""
    alert, at, found = Alert("health"), START, []
    for seen, seconds, severity in course:
        at += timedelta(seconds=seconds)
        sight = Sight(at, seen, severity if seen is Seen.FAILED else Severity.NONE)
        after, told = weigh(alert, sight, with_rules)
        found.append((alert, sight, after, told))
        alert = after
    return found


@pytest.mark.parametrize(
    ("course", "told"),
    [
        ("ff", None),
        ("fff", Told.RAISED),
        ("ffpff", None),
        ("ff?f", Told.RAISED),
        ("fff?", None),
        ("ffbf", Told.RAISED),
        ("bbbb", None),
        ("fffbb", None),
        ("fffbpbp", Told.RESOLVED),
        ("ffff", None),
        ("fffp", None),
        ("fffpp", Told.RESOLVED),
        ("fffpfp", None),
        ("fffp?p", Told.RESOLVED),
        ("pppp", None),
        ("????", None),
        ("fpfpfpfpf", Told.RAISED),
        ("fff" + "f" * 12, Told.REMINDED),
        ("fffppfff", Told.RAISED),
        ("fffppfffpp", Told.FLAPPING),
        ("fffppfffppfff", None),
        ("fffppfffpp" + "f" * 9, Told.RAISED),
        ("fffppfffpp" + "p" * 12, Told.RESOLVED),
    ],
)
def test_courses(course: str, told: Told | None) -> None:
    """One look every five minutes, with the usual rules."""
    assert told == last(course)


def test_a_severity_that_grows_is_told_again() -> None:
    """An alert of medium that becomes critical is another matter for whoever is woken."""
    alert = Alert("errors")
    told = []
    for number, severity in enumerate([Severity.MEDIUM] * 3 + [Severity.CRITICAL] * 2 + [Severity.LOW]):
        alert, said = weigh(alert, Sight(START + timedelta(minutes=number), Seen.FAILED, severity), RULES)
        told.append(said)

    assert [None, None, Told.RAISED, Told.RAISED, None, None] == told
    assert Severity.CRITICAL is alert.severity


@given(courses, rules)
def test_what_could_not_look_moves_nothing(course: Course, with_rules: MonitorRules) -> None:
    """Neither a failure nor a pass, whatever stood before it."""
    for before, sight, after, told in steps(course, with_rules):
        if sight.seen in {Seen.UNSEEN, Seen.BELOW}:
            assert None is told
            assert (before.failures, before.passes, before.looks) == (
                after.failures,
                after.passes,
                after.looks,
            )
            assert (before.raised is None) == (after.raised is None)


@given(courses, rules)
def test_raised_only_by_a_failure_and_resolved_only_by_a_pass(
    course: Course, with_rules: MonitorRules
) -> None:
    """And enough of them stand behind it."""
    for before, sight, after, _ in steps(course, with_rules):
        if before.raised is None and after.raised is not None:
            assert Seen.FAILED is sight.seen
            assert after.failures >= with_rules.raise_after or len(after.failed) >= with_rules.often
        if before.raised is not None and after.raised is None:
            assert Seen.PASSED is sight.seen
            assert after.passes >= with_rules.resolve_after


@given(courses, rules)
def test_nobody_is_told_that_it_is_over_before_it_began(course: Course, with_rules: MonitorRules) -> None:
    """Raised comes before resolved and before a reminder, and resolved not twice."""
    standing = False
    for _, _, after, told in steps(course, with_rules):
        if told in {Told.RESOLVED, Told.REMINDED}:
            assert standing
        if told is Told.RESOLVED:
            assert after.raised is None
        standing = standing if told is None else told is not Told.RESOLVED


@given(courses, rules)
def test_an_outage_is_told(course: Course, with_rules: MonitorRules) -> None:
    """However it was before: after enough failures in a row an alert stands that people know of."""
    alert, at = Alert("health"), START
    told: list[Told | None] = []
    for _, sight, after, said in steps(course, with_rules):
        alert, at, told = after, sight.at, [*told, said]
    for number in range(3 * with_rules.raise_after):
        sight = Sight(at + timedelta(seconds=number), Seen.FAILED, Severity.HIGH)
        alert, said = weigh(alert, sight, with_rules)
        told.append(said)

    assert alert.raised is not None
    assert [said for said in told if said][-1] in {Told.RAISED, Told.REMINDED}


@given(courses, rules)
def test_memory_is_bounded_and_nothing_lies_ahead(course: Course, with_rules: MonitorRules) -> None:
    """Also where the clock is set back: what was remembered from the future is of now."""
    for _, sight, after, _ in steps(course, with_rules):
        assert len(after.failed) <= with_rules.often
        assert len(after.turned) <= with_rules.changes
        moments = [*after.failed, *after.turned, after.since, after.raised, after.told]
        assert all(moment <= sight.at for moment in moments if moment is not None)


@given(courses, rules)
def test_an_alert_is_read_as_it_was_written(course: Course, with_rules: MonitorRules) -> None:
    """What lies on the disk between two runs is all that there is to it."""
    for *_, after, _ in steps(course, with_rules):
        assert after == read_alert("health", json.loads(json.dumps(alert_members(after))))


def test_flapping_is_told_once() -> None:
    """A bot that comes and goes for hours does not wake people each time."""
    told = [said for said in run("fffpp" * 40, RULES) if said is not None]

    assert [Told.RAISED, Told.RESOLVED, Told.RAISED, Told.FLAPPING] == told[:4]
    assert {Told.REMINDED} >= set(told[4:])
    assert len(told) <= 4 + 40 * 25 // 60 + 1


def test_reminders_keep_their_distance() -> None:
    """One an hour by default, of looks every five minutes."""
    told = run("f" * 3 + "f" * 36, STEADY)

    assert 3 == told.count(Told.REMINDED)
