"""When a watch says that a bot got worse: not for an accident, at once for an outage."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstop.journal.events import MinuteWatched
from backstop.model.severity import Severity
from backstop.model.target import PolicyChange, Target
from backstop.observe.watched import Watched, Worse, worse_in_all, worse_now

TARGET = Target(name="prod", sandbox=False)
V1, V2 = "0f3f9c1e-6a51-4d3c-9a43-2f3f2f1f0a01", "0f3f9c1e-6a51-4d3c-9a43-2f3f2f1f0a02"
GOOD = MinuteWatched(
    stage="0-live",
    minute=1,
    seconds=60.0,
    sent=30,
    failed=0,
    unseen=0,
    mean=0.05,
    events=100,
    blind=0.0,
    outcomes={"ok": 100},
    versions={V1: 100},
)


def _worse(*minutes: MinuteWatched, target: Target = TARGET) -> set[Worse]:
    return {finding.worse for finding in worse_now(minutes, target)}


def test_a_good_minute() -> None:
    """Nothing is found, now or over all of it."""
    assert set() == _worse(GOOD)
    assert () == worse_in_all([GOOD] * 30, TARGET)


@pytest.mark.parametrize(
    ("minute", "worse"),
    [
        (replace(GOOD, sent=5, failed=5, mean=0.0), {Worse.PROBES}),
        (replace(GOOD, failed=1), set()),
        (replace(GOOD, failed=12), {Worse.PROBES}),
        (replace(GOOD, failures={V1: 2}), set()),
        (replace(GOOD, failures={V1: 40}), {Worse.TAIL}),
        (replace(GOOD, outcomes={"ok": 98, "exceededCpu": 2}), set()),
        (replace(GOOD, outcomes={"ok": 97, "exceededCpu": 2, "exceededMemory": 1}), {Worse.LIMITS}),
        (replace(GOOD, mean=2.5), {Worse.LATENCY}),
        (replace(GOOD, sent=3, mean=2.5), set()),
        (replace(GOOD, unseen=30), set()),
        (replace(GOOD, sent=0, events=0, versions={}, outcomes={}), set()),
    ],
)
def test_what_is_worse(minute: MinuteWatched, worse: set[Worse]) -> None:
    """One accident is none; what lies above the policy for certain is."""
    assert worse == _worse(minute)


def test_the_good_version_of_a_split_does_not_hide_the_bad_one() -> None:
    """Half of a tenth of the traffic fails."""
    split = replace(GOOD, events=1000, versions={V1: 900, V2: 100}, failures={V2: 45})

    assert {Worse.TAIL} == _worse(split)
    assert V2[:8] in worse_now([split], TARGET)[0].text


def test_good_minutes_do_not_dilute_a_bad_one() -> None:
    """It is the last five minutes that count while it goes on."""
    bad = replace(GOOD, failed=30)

    assert {Worse.PROBES} == _worse(*[GOOD] * 24, bad)
    assert set() == _worse(bad, *[GOOD] * 5)


def test_thresholds_are_the_policy_s() -> None:
    """A target may want less, or more."""
    lenient = replace(
        TARGET, policy=(PolicyChange(Severity.MEDIUM, mean_ms=9000.0, error_rate_percent=90.0),)
    )

    assert set() == _worse(replace(GOOD, failed=12, mean=2.5), target=lenient)


@given(st.integers(0, 30), st.integers(0, 30))
def test_more_failures_are_never_better(few: int, more: int) -> None:
    """What is worse stays so with one more failure."""
    low, high = sorted((few, more))

    assert _worse(replace(GOOD, failed=low)) <= _worse(replace(GOOD, failed=high))


@pytest.mark.parametrize(
    ("minute", "why"),
    [
        (GOOD, ""),
        (replace(GOOD, blind=2.0), ""),
        (replace(GOOD, blind=10.0), "the tail showed nothing of our probes"),
        (replace(GOOD, unseen=10), "say nothing of the bot"),
        (replace(GOOD, sent=0), "no probe was sent"),
    ],
)
def test_what_is_the_whole_time(minute: MinuteWatched, why: str) -> None:
    """A twentieth may be missing, as while a tail is opened anew."""
    found = Watched(60.0, (minute,)).unwatched

    assert why in found
    assert bool(why) == bool(found)
