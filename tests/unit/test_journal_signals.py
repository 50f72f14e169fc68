"""What a journal tells the decision policy."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from backstop.journal.codec import from_line, to_line
from backstop.journal.events import (
    ErrorRateSeen,
    Event,
    LatencyCompared,
    LatencySampled,
    MinuteWatched,
    OutsideSeen,
    Problem,
    StageStarted,
    UnauthorisedSeen,
)
from backstop.journal.facts import gather
from backstop.journal.record import Record
from backstop.journal.signals import policy_of, signals_of, told_of
from backstop.model.outside import Outside
from backstop.model.severity import Severity
from backstop.model.target import PolicyChange
from backstop.policy.signals import Rate, Red, Signals
from tests.unit.conclusions import check, concluded, session
from tests.unit.samples import numbered

LIVE = "0-live"
RATE = ErrorRateSeen(LIVE, "probes", 40, 30, 0.58, 0.87)
SLOWER = LatencyCompared(LIVE, "old", "new", "baseline", "slower", "it is slower", 20, 1.7, 1.4, 2.1)


def _minute(seconds: float, unauthorised: int, blind: float = 0.0) -> MinuteWatched:
    return MinuteWatched(LIVE, 1, seconds, 0, 0, 0, 0.0, 0, blind, unauthorised=unauthorised)


def _signals(*events: Event) -> Signals:
    return signals_of(gather(numbered(session("look", *events))))


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([check()], Signals()),
        (
            [check(outcome="fail", severity="critical")],
            Signals(red=frozenset({Red("health.status", Severity.CRITICAL)})),
        ),
        (
            [check(outcome="inconclusive")],
            Signals(unsure=frozenset({Red("health.status", Severity.HIGH)})),
        ),
        ([RATE], Signals(errors=Rate(0.75, 0.58))),
        ([RATE, ErrorRateSeen(LIVE, "tail", 10, 0, 0.0, 0.3)], Signals(errors=Rate(0.75, 0.58))),
        ([ErrorRateSeen(LIVE, "probes", 0, 0, 0.0, 1.0)], Signals()),
        ([LatencySampled(LIVE, "v", "GET /", (1000.0, 3000.0))], Signals(mean_ms=2000.0)),
        ([LatencySampled(LIVE, "v", "GET /", ())], Signals()),
        ([SLOWER], Signals(slower=1.4)),
        ([LatencyCompared(LIVE, "old", "new", "baseline", "fine", "", 20, 1.7, 1.4, 2.1)], Signals()),
        ([UnauthorisedSeen(LIVE, 6, 12.0)], Signals(unauthorised=30.0)),
        ([UnauthorisedSeen(LIVE, 0, 0.0)], Signals(unauthorised=0.0)),
        ([UnauthorisedSeen(LIVE, 60, 120.0, 24.0, 37.0, looks=12, span=600.0)], Signals(unauthorised=24.0)),
        ([_minute(60.0, 10), _minute(60.0, 50)], Signals(unauthorised=30.0)),
        ([_minute(60.0, 10, blind=60.0)], Signals()),
        ([Problem(1, "the platform refuses it")], Signals(rejected=True)),
        ([OutsideSeen(LIVE, "discord", "out", "")], Signals(out=frozenset({Outside.DISCORD}))),
        ([OutsideSeen(LIVE, "discord", "contradicted", "")], Signals(failing=frozenset({Outside.DISCORD}))),
        ([OutsideSeen(LIVE, "cloudflare", "unseen", "")], Signals(doubted=frozenset({Outside.CLOUDFLARE}))),
        ([OutsideSeen(LIVE, "discord", "troubled", "")], Signals()),
        ([check("discord.token")], Signals()),
        ([check("discord.token", "accepted")], Signals(doubted=frozenset({Outside.DISCORD}))),
        (
            [check("discord.status", "inconclusive", severity="low")],
            Signals(
                doubted=frozenset({Outside.DISCORD}),
                unsure=frozenset({Red("discord.status", Severity.LOW)}),
            ),
        ),
        ([OutsideSeen(LIVE, "somebody", "out", "")], Signals()),
    ],
)
def test_what_is_told(events: Sequence[Event], expected: Signals) -> None:
    """Each line that means something, and nothing else."""
    assert expected == _signals(*events)


def test_what_was_measured_under_a_fault_is_no_signal() -> None:
    """A drill's fault is there on purpose."""
    fault = StageStarted("1-fault-x", "fault", "x")
    under = ErrorRateSeen("1-fault-x", "probes", 40, 40, 0.9, 1.0)

    assert Signals() == _signals(fault, under)


def test_a_policy_comes_back_from_the_journal() -> None:
    """A report that is made again decides as the session did."""
    changes = (PolicyChange(Severity.HIGH, mean_ms=3000.0, act_within_s=600.0, off=("leak",)),)
    lines = [to_line(Record(n, r.at, r.t, r.event)) for n, r in enumerate(numbered(told_of(changes)))]

    assert changes == policy_of(gather([from_line(line.encode()) for line in lines])).changes


def test_a_measured_rate_alone_is_worth_a_decision() -> None:
    """All checks passed, and most of the requests failed."""
    conclusion = concluded(check(), RATE)

    assert (Severity.HIGH, "assess quickly, roll back (within 5 min)") == (
        conclusion.severity,
        conclusion.decision,
    )


def test_a_target_s_own_time_is_in_the_decision() -> None:
    """In words, where people read it."""
    (differs,) = told_of([PolicyChange(Severity.HIGH, act_within_s=600.0)])

    assert "assess quickly, roll back (within 10 min)" == concluded(check(), differs, RATE).decision
