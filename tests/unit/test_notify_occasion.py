"""Which lines of a journal, and which ends of which sessions, people are told of."""

from __future__ import annotations

import pytest

from backstop.journal.conclusion import conclude
from backstop.journal.events import (
    AlertChanged,
    Event,
    MutationArmed,
    Problem,
    RollbackFinished,
    RollbackSpared,
    RollbackStarted,
    Said,
    SessionStarted,
    StageStarted,
)
from backstop.journal.record import Record
from backstop.model.run import SessionKind
from backstop.model.verdict import Ending
from backstop.notify.occasion import Occasion, at_the_end, called_for, follows_up
from tests.unit.samples import drill, numbered, refused
from tests.unit.telling import ended, rolled_back

NONE: frozenset[Occasion] = frozenset()
BEGUN = frozenset({Occasion.INITIATED})
STARTED = RollbackStarted("0-after", "a", "b", "x", "y")
ARMED = MutationArmed("m1", "break it", "mend it")
ROLLBACK, DEPLOY, WATCH, DRILL = (
    SessionKind.POST_ROLLBACK,
    SessionKind.POST_DEPLOY,
    SessionKind.WATCH,
    SessionKind.DRILL,
)


def _alert(state: str) -> AlertChanged:
    return AlertChanged("health", state, "high", "", "", 3)


@pytest.mark.parametrize(
    ("event", "kind", "expected"),
    [
        (STARTED, ROLLBACK, Occasion.INITIATED),
        (STARTED, DEPLOY, Occasion.INITIATED),
        (STARTED, DRILL, None),
        (RollbackFinished("0-after", "done", {}), ROLLBACK, Occasion.ROLLED_BACK),
        (RollbackFinished("0-after", "refused", {}), ROLLBACK, None),
        (ARMED, DRILL, Occasion.DRILL_BEGUN),
        (ARMED, ROLLBACK, None),
        (Said("hello"), ROLLBACK, None),
        (_alert("raised"), SessionKind.MONITOR, Occasion.ALERT_RAISED),
        (_alert("reminded"), SessionKind.MONITOR, Occasion.ALERT_REMINDED),
        (_alert("flapping"), SessionKind.MONITOR, Occasion.ALERT_FLAPPING),
        (_alert("resolved"), SessionKind.MONITOR, Occasion.ALERT_RESOLVED),
        (_alert("unheard of"), SessionKind.MONITOR, None),
    ],
)
def test_what_happens(event: Event, kind: SessionKind, expected: Occasion | None) -> None:
    """Before a rollback acts, once it has, and each change of an alert."""
    assert expected == called_for(event, kind, NONE)


def test_a_drill_begins_once() -> None:
    """Though it breaks the bot again and again."""
    assert None is called_for(ARMED, DRILL, frozenset({Occasion.DRILL_BEGUN}))


@pytest.mark.parametrize(
    ("records", "kind", "told", "expected"),
    [
        (ended(rolled_back()), ROLLBACK, BEGUN, Occasion.COMPLETED),
        (ended(rolled_back(outcome="fail")), ROLLBACK, BEGUN, Occasion.FAILED),
        (ended(rolled_back(outcome="inconclusive")), ROLLBACK, BEGUN, Occasion.FAILED),
        (ended(rolled_back(done="unconfirmed")), ROLLBACK, BEGUN, Occasion.FAILED),
        (drill(), DRILL, frozenset({Occasion.DRILL_BEGUN}), Occasion.DRILL_ENDED),
        (drill(), DRILL, NONE, None),
    ],
)
def test_how_it_ended(
    records: tuple[Record, ...], kind: SessionKind, told: frozenset[Occasion], expected: Occasion | None
) -> None:
    """A rollback is completed only where the session verified it."""
    assert expected == at_the_end(conclude(records), kind, told)


def _session(kind: SessionKind, *events: Event) -> tuple[Record, ...]:
    return ended(numbered([SessionStarted("r", kind.value, "prod", "beluga", "", ()), *events]))


@pytest.mark.parametrize(
    ("kind", "events", "expected"),
    [
        (ROLLBACK, (StageStarted("0-after", "after"), Problem(21, "refused")), Occasion.FAILED),
        (ROLLBACK, (StageStarted("0-after", "after"), Problem(2, "interrupted")), None),
        (DEPLOY, (StageStarted("0-live", "live"), Problem(1, "bad")), None),
        (DEPLOY, (StageStarted("1-after", "after"), Problem(21, "refused")), Occasion.FAILED),
        (SessionKind.LOOK, (StageStarted("0-live", "live"), Problem(1, "bad")), None),
        (SessionKind.MONITOR, (StageStarted("0-live", "live"), Problem(1, "bad")), None),
        (SessionKind.READY, (Problem(1, "bad"),), None),
        (WATCH, (Problem(1, "worse"),), Occasion.FAILED),
        (WATCH, (Problem(20, "could not look"),), None),
    ],
)
def test_what_ends_without_a_rollback(
    kind: SessionKind, events: tuple[Event, ...], expected: Occasion | None
) -> None:
    """A rollback that was tried is told of; a plain look is not, nor what somebody stopped in time."""
    assert expected == at_the_end(conclude(_session(kind, *events)), kind, NONE)


def test_a_session_that_looks_after_an_incident() -> None:
    """Says that it is over where it found the bot well; only whoever knows of the incident hears of it."""
    look = tuple(r for r in rolled_back() if not isinstance(r.event, STARTED.__class__ | RollbackFinished))
    events = [r.event for r in look if not (isinstance(r.event, StageStarted))]
    found = conclude(ended(numbered([events[0], StageStarted("0-after", "live"), *events[1:]])))

    assert Ending.VERIFIED is found.ending
    assert Occasion.RESOLVED is at_the_end(found, ROLLBACK, NONE)
    assert Occasion.RESOLVED is at_the_end(found, WATCH, NONE)
    assert None is at_the_end(found, SessionKind.LOOK, NONE)
    assert follows_up(found)
    assert not follows_up(conclude(ended(rolled_back())))


def test_who_comes_second_and_spares_a_rollback_only_looks() -> None:
    """The first has told everybody already."""
    spared = _session(ROLLBACK, StageStarted("0-after", "after"), RollbackSpared("0-after", "a", "fresh"))

    assert follows_up(conclude(spared))


def test_a_refused_rollback_is_no_follow_up() -> None:
    """The team wants to know of it."""
    (header, *rest) = refused()
    stage = StageStarted("0-live", "after")
    records = numbered(
        [header.event, *[stage if isinstance(r.event, StageStarted) else r.event for r in rest]]
    )

    assert Occasion.FAILED is at_the_end(conclude(records), ROLLBACK, NONE)
    assert not follows_up(conclude(records))
