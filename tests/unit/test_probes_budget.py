"""The budget of requests: never more of them in a minute, and no wait where there are few."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstop.model.errors import CouldNotLook
from backstop.model.http import Request
from backstop.probes.budget import WINDOW, Budget, Pace
from backstop.probes.prober import Prober
from tests.unit.fakeclock import FakeClock
from tests.unit.loopback import RawServer, saying

MINUTE = 60.0
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
GET = Request("GET", "/")


class Session:
    """A budget whose requests are sent one after the other, and the moments at which they were."""

    def __init__(self, per_minute: int | None) -> None:
        self.clock = FakeClock()
        self.said: list[str] = []
        self.budget = Budget(per_minute, self.said.append, self.clock)
        self.sent: list[float] = []

    def send(self, count: int = 1, pace: Pace = Pace.SPREAD) -> None:
        """Send some."""
        for _ in range(count):
            self.budget.spend(pace)
            self.sent.append(self.clock.time)


@given(
    per_minute=st.integers(10, 60),
    asked=st.lists(
        st.tuples(st.floats(0, 20), st.integers(1, 40), st.sampled_from([Pace.SPREAD, Pace.URGENT])),
        max_size=12,
    ),
)
def test_no_minute_sees_more_than_the_budget(per_minute: int, asked: list[tuple[float, int, Pace]]) -> None:
    """However the requests come; and none waits longer than it takes the oldest to be a minute old."""
    session = Session(per_minute)

    for gap, count, pace in asked:
        session.clock.time += gap
        session.send(count, pace)

    for sent in session.sent:
        assert sum(sent <= other < sent + MINUTE for other in session.sent) <= per_minute
    assert sum(session.clock.pauses) == pytest.approx(session.budget.waited)
    assert all(later - sooner <= WINDOW + 20 for sooner, later in pairwise(session.sent))
    assert len(session.sent) == session.budget.requests


@given(per_minute=st.integers(10, 600), gap=st.floats(0, 1))
def test_nine_tenths_of_a_budget_are_never_held_up(per_minute: int, gap: float) -> None:
    """However quickly they follow each other; the next one is, in the same minute."""
    session = Session(per_minute)

    for _ in range(per_minute - per_minute // 10):
        session.send()
        session.clock.time += gap / per_minute
    assert [] == session.clock.pauses

    session.send()
    assert session.clock.pauses


def test_a_look_does_not_wait_at_the_default() -> None:
    """A look asks some 130 times; of a bot that fails everything twice as often."""
    session = Session(300)

    session.send(260)

    assert (0.0, 260) == (session.budget.waited, session.budget.requests)


def test_what_is_too_much_is_spread_evenly() -> None:
    """After the wait for the first to be a minute old there is no second burst."""
    session = Session(60)

    session.send(54 + 20)

    late = session.sent[54:]
    assert session.sent[0] + WINDOW == pytest.approx(late[0])
    assert [WINDOW / 54] * 19 == pytest.approx([after - before for before, after in pairwise(late)])


def test_the_last_tenth_is_for_what_is_urgent() -> None:
    """A witness of a rollback is not held up by the checks before it."""
    session = Session(60)
    session.send(54)

    session.send(6, Pace.URGENT)
    assert [] == session.clock.pauses

    session.send(1, Pace.URGENT)
    assert session.clock.pauses


def test_what_is_there_to_exceed_a_limit_is_counted_only() -> None:
    """And counts for those that follow."""
    session = Session(10)

    session.send(100, Pace.AT_ONCE)
    assert ([], 100, 100) == (session.clock.pauses, session.budget.requests, session.budget.sent_within(1))

    session.send()
    assert session.budget.waited >= MINUTE


def test_without_a_budget_nothing_waits() -> None:
    """A sandbox target has none; its requests are counted all the same."""
    session = Session(None)

    session.send(7000)
    session.clock.time += 5

    assert ([], 7000) == (session.clock.pauses, session.budget.requests)
    assert (0, 6000) == (session.budget.sent_within(4), session.budget.sent_within(6))


def test_a_wait_is_told_and_told_again() -> None:
    """With what is left of it, every ten seconds; one of less than a second is not."""
    session = Session(10)

    session.send(10)

    assert 6 == len(session.said)
    assert "at most 10 requests a minute" in session.said[0]
    assert ["61", "51"] == [line.split()[1] for line in session.said[:2]]


def test_an_interrupt_ends_all_waits() -> None:
    """Rather than having Ctrl-C wait for a minute."""
    session = Session(10)
    session.send(9)
    session.budget.abandon()

    with pytest.raises(CouldNotLook, match="interrupted"):
        session.send()


def test_threads_share_one_budget() -> None:
    """Of twelve at once nine go; the others are told to wait for different turns."""
    clock = FakeClock()
    budget = Budget(10, clock=clock)
    threads = [threading.Thread(target=budget.spend, args=(Pace.SPREAD,)) for _ in range(12)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert 12 == budget.requests
    assert WINDOW <= budget.waited


def test_a_wait_is_no_part_of_an_exchange() -> None:
    """A prober waits first, has a request made then, and measures the bot alone."""
    clock = FakeClock()
    made_at: list[float] = []

    def make() -> Request:
        made_at.append(clock.time)
        return GET

    with RawServer(saying(OK)) as server, Prober(server.url, budget=Budget(10, clock=clock)) as prober:
        exchanges = [prober.ask_cold(make) for _ in range(10)]

    assert made_at[-1] - made_at[0] >= WINDOW
    assert exchanges[-1].timing.total < WINDOW / 2
    assert 10 == prober.budget.requests


def test_an_interrupt_while_many_are_asked_leaves_nobody_waiting() -> None:
    """The threads of a prober end with it."""

    def interrupt() -> Request:
        raise KeyboardInterrupt

    with RawServer(saying(OK)) as server, Prober(server.url, budget=Budget(10)) as prober:
        with pytest.raises(KeyboardInterrupt):
            prober.ask_all([interrupt, *[GET] * 20])
        while prober.budget.requests < 9:
            prober.budget.spend()
        with pytest.raises(CouldNotLook, match="interrupted"):
            prober.ask(GET)
