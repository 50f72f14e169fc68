"""A session that has little time: nothing is waited for beyond it, and what is cut short says nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from backstop.deadline import DEADLINE, Deadline
from backstop.model.http import NoAnswer, Silence
from backstop.probes.control import ControlProbe
from backstop.probes.prober import Prober
from tests.unit.asking import GET
from tests.unit.fakeclock import FakeClock
from tests.unit.loopback import RawServer, stalling


@pytest.fixture
def over() -> Iterator[None]:
    """No time is left."""
    with DEADLINE.within(0):
        yield


def test_time_runs_out() -> None:
    """Once, and only within its context."""
    clock = FakeClock()
    deadline = Deadline(clock)
    with deadline.within(10):
        clock.wait(4)
        left = deadline.left()
        clock.wait(6)

        assert (6, 0, 5, True) == (left, deadline.left(), deadline.left(5), deadline.passed)

    assert (math.inf, False) == (deadline.left(), deadline.passed)


@pytest.mark.usefixtures("over")
def test_nothing_is_sent_any_more() -> None:
    """It is said so, and no connection is opened."""
    with RawServer(stalling) as server, Prober(server.url) as prober:
        result = prober.ask(GET).result

        assert isinstance(result, NoAnswer)
        assert Silence.OUT_OF_TIME is result.silence
        assert 0 == server.connections


def test_a_request_that_is_cut_short_is_no_silence_of_the_bot() -> None:
    """It might have been answered in the time that a request usually has."""
    with RawServer(stalling) as server, Prober(server.url) as prober, DEADLINE.within(0.3):
        result = prober.ask(GET).result

    assert isinstance(result, NoAnswer)
    assert Silence.OUT_OF_TIME is result.silence


def test_what_was_known_of_our_network_stays_known() -> None:
    """It can't be asked again, and that it can't says nothing of it."""
    times = iter((0.0, 100.0, 200.0))
    with RawServer(stalling) as server:
        probe = ControlProbe((server.url,), lambda: next(times, 300.0))
        probe._known = (0.0, True)
        with DEADLINE.within(0):
            assert probe.answers()
