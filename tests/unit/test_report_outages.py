"""How long a bot was down: from look to look, and not a minute in which it was seen to be well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from backstop.journal.events import (
    CheckFinished,
    Event,
    RollbackFinished,
    RollbackStarted,
    SessionStarted,
    StageStarted,
)
from backstop.journal.facts import Facts, gather
from backstop.report.outages import downtime, outages
from tests.unit.evidenced import BAD, evidenced
from tests.unit.samples import GOOD, drill, numbered

NOON = numbered([SessionStarted("r", "look", "t", "w", "u", ())])[0].at.replace(
    hour=12, minute=0, second=0, microsecond=0
)


def looked(*outcomes: str) -> list[Event]:
    """A stage whose checks ended so."""
    stage = "-".join(outcomes)
    checks = [CheckFinished(f"a.{n}", "T", "a", "high", stage, each) for n, each in enumerate(outcomes)]
    return [StageStarted(stage, "live"), *checks]


def rolled_back(outcome: str) -> list[Event]:
    """A rollback that ended so."""
    return [RollbackStarted("s", BAD, GOOD, "r", "w"), RollbackFinished("s", outcome, {"command": 1.0})]


def session(minute: int, events: Sequence[Event], kind: str = "look") -> Facts:
    """A session that began so many minutes after noon; its lines are a second apart."""
    records = numbered([SessionStarted("r", kind, "t", "w", "u", ()), *events])
    begun = NOON + timedelta(minutes=minute)
    return gather([replace(r, at=begun + timedelta(seconds=r.n), t=float(r.n)) for r in records])


@pytest.mark.parametrize(
    ("sessions", "said"),
    [
        ([session(0, looked("pass"))], "none seen by us"),
        ([session(0, looked("fail"))], "not known: from 2026-11-23 12:00:02 UTC on it was not seen well"),
        ([session(0, looked("fail")), session(5, looked("pass"))], "at least 5 min 00 s"),
        ([session(5, looked("pass")), session(0, looked("fail"))], "at least 5 min 00 s"),
        (
            [session(0, looked("fail")), session(2, looked("fail")), session(5, looked("pass"))],
            "at least 5 min",
        ),
        ([session(0, looked("fail")), session(2, looked("inconclusive", "pass"))], "not known: from"),
        ([session(0, looked("fail")), session(2, looked("accepted", "pass", "degraded"))], "at least 2 min"),
        ([session(0, [*looked("fail"), *rolled_back("done"), *looked("pass")])], "at least 4.00 s"),
        ([session(0, [*rolled_back("done"), *looked("pass")])], "at least 3.00 s"),
        ([session(0, [*rolled_back("refused"), *looked("pass")])], "none seen by us"),
        ([session(0, looked("fail"), kind="drill"), session(5, looked("pass"))], "none seen by us"),
        ([session(0, looked("inconclusive"))], "not known to us"),
        ([], "not known to us"),
    ],
)
def test_it_lasts_from_the_first_bad_look_to_the_next_good_one(sessions: list[Facts], said: str) -> None:
    """In the order of time; what could not be looked at ends nothing, and what drills break is none."""
    assert downtime(sessions, "us").startswith(said)


def test_two_stretches_are_not_the_time_between_them() -> None:
    """Two minutes in the morning and three at noon are five, however far apart."""
    sessions = [session(-240, looked("fail")), session(-238, looked("pass"))]
    sessions += [session(0, looked("fail")), session(3, looked("pass"))]

    told = downtime(sessions, "us")

    assert (
        "at least 5 min 00 s in 2 stretches: "
        "2 min 00 s from 08:00:02 UTC, 3 min 00 s from 12:00:02 UTC" == told
    )


def test_one_that_is_not_over_is_named() -> None:
    """What was over is not all; and stretches of several days have their day."""
    sessions = [session(0, looked("fail")), session(5, looked("pass")), session(1440, looked("fail"))]

    told = downtime(sessions, "us")

    assert "at least 5 min 00 s; and from 2026-11-24 12:00:02 UTC on it was not seen well again" == told


def test_of_a_hundred_stretches_a_dozen_are_told() -> None:
    """The sum is of all."""
    sessions = [session(n, looked("pass" if n % 2 else "fail")) for n in range(200)]

    told = downtime(sessions, "us")

    assert told.startswith("at least 1 h 40 min in 100 stretches: ")
    assert told.endswith(" and 88 more")


def test_a_drill_and_a_session_of_a_rollback() -> None:
    """As they are recorded: what a drill broke is no downtime, what was rolled back is."""
    assert () == outages([gather(drill())])
    assert 1 == len(outages([gather(evidenced())]))
