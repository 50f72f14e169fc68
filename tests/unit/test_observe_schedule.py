"""Requests go out when they are due: those who came while a bot stalled count that, and not our lateness."""

from __future__ import annotations

import heapq
import socketserver
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from math import inf
from typing import Self, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence, Timing
from backstop.observe.latency import latency
from backstop.observe.sampling import SAMPLES, SPARE, sample, spacing, stalls, wanted
from backstop.observe.schedule import Schedule, Sent, Turn, follow, usual
from backstop.polling import SYSTEM
from backstop.probes.budget import Budget
from backstop.probes.prober import Prober
from backstop.probes.transport import IDLE_S
from tests.unit.fakeclock import FakeClock

QUICK, STALL = 0.012, 2.0
STALL_OF_A_SERVER = 0.5
NOW = datetime.fromisoformat("2026-11-24T00:00:00+00:00")
TIMES = st.lists(st.floats(0.001, 10.0), min_size=1, max_size=40)


def _answered(seconds: float, *, connect: float | None = None) -> Exchange:
    timing = Timing(seconds, seconds, connect=connect)
    return Exchange(Request("GET", "/"), Answer(200, (), b""), timing, NOW)


def _silent(seconds: float) -> Exchange:
    return Exchange(Request("GET", "/"), NoAnswer(Silence.TIMED_OUT, ""), Timing(seconds), NOW)


def _sent(
    times: Sequence[float], every: float, lanes: int = 1, delays: Sequence[float] = ()
) -> tuple[Sent, ...]:
    """What a schedule keeps of a bot that takes so long, where our machine wakes up so much too late."""
    clock = FakeClock()
    began = clock.now()
    schedule = Schedule(began, lambda _: every, lambda given, _sent: given < len(times), clock)
    connections = [(-inf, lane, -inf) for lane in range(lanes)]
    for number, taken in enumerate(times):
        back, lane, free = heapq.heappop(connections)
        clock.time = max(began, back)
        turn = schedule.turn()
        assert turn is not None
        called = clock.now() + (delays[number] if delays else 0.0)
        schedule.keep(turn, _answered(taken), free, called)
        heapq.heappush(connections, (called + taken, lane, max(turn.due, free) + taken))
    return schedule.sent


@pytest.mark.parametrize(("failing", "asked"), [((), 20), ((7,), 40), ((7, 30), 30), ((7, 8), 20)], ids=str)
def test_what_fails_once_is_asked_for_longer(failing: tuple[int, ...], asked: int) -> None:
    """One failure may be an accident; one that comes again is none."""
    sent: list[Sent] = []
    while wanted(len(sent), sent):
        status = 500 if len(sent) + 1 in failing else 200
        exchange = Exchange(Request("GET", "/"), Answer(status, (), b""), Timing(QUICK, QUICK), NOW)
        sent.append(Sent(exchange))

    assert asked == len(sent)


def test_one_stall_of_two_seconds_is_in_the_quantiles() -> None:
    """Times from the send say 12 ms for 99 of 100 requests; those who came meanwhile waited far longer."""
    times = [QUICK] * 100
    times[20] = STALL
    found = latency(_sent(times, 2 * QUICK))

    assert QUICK == sorted(found.warm)[98]
    assert pytest.approx(STALL - QUICK) == found.due[21]
    assert pytest.approx(STALL) == found.quantile(0.99)
    assert found.quantile(0.5) > 0.5
    assert 79 == found.late
    assert pytest.approx(QUICK + (STALL - QUICK) / 100, abs=1e-4) == found.mean


def test_one_slow_answer_delays_nobody_who_has_a_connection_of_his_own() -> None:
    """A single request that stalls is one long time; a bot that stalls altogether takes all connections."""
    alone = [QUICK] * 40
    alone[20] = STALL
    altogether = [QUICK] * 20 + [STALL, STALL, STALL] + [QUICK] * 17

    assert 0 == latency(_sent(alone, QUICK, lanes=3)).late
    assert 17 == latency(_sent(altogether, QUICK, lanes=3)).late


@given(TIMES, st.floats(0.001, 5.0), st.integers(1, 4))
def test_it_is_what_a_queue_would_have_shown(times: list[float], every: float, lanes: int) -> None:
    """One comes each interval, and waits for the first connection that is free."""
    free, expected = [0.0] * lanes, []
    for number, taken in enumerate(times):
        start = max(number * every, heapq.heappop(free))
        expected.append(start - number * every)
        heapq.heappush(free, start + taken)

    found = _sent(times, every, lanes)

    assert expected == pytest.approx([each.late for each in found], abs=1e-6)
    assert [0.0] * len(times) == pytest.approx([each.held for each in found], abs=1e-6)


@given(
    st.lists(st.floats(0.0, 30.0), min_size=1, max_size=40),
    st.floats(0.001, 1.0),
    st.floats(1.0, 3.0),
    st.integers(1, 4),
)
def test_a_machine_of_ours_that_is_late_makes_no_steady_bot_late(
    delays: list[float], takes: float, spaced: float, lanes: int
) -> None:
    """However late it wakes up: the schedule goes on from there, and the lateness is told apart."""
    found = _sent([takes] * len(delays), spaced * takes, lanes, delays)

    assert [0.0] * len(delays) == pytest.approx([each.late for each in found], abs=1e-6)
    assert all(each.held >= delay - 1e-6 for each, delay in zip(found, delays, strict=True))


def test_a_steady_bot_is_never_late() -> None:
    """Ordinary scatter makes nobody wait."""
    found = latency(_sent([0.4 + 0.05 * (number % 5) for number in range(20)], 0.5, lanes=3))

    assert (0, found.warm, 0.0, 0) == (found.late, found.due, found.held, found.stalls)


def test_a_slow_connection_makes_nothing_late() -> None:
    """What is sent apart over a new connection is not of the schedule."""
    found = latency(_sent([QUICK] * 5, QUICK), [_answered(STALL, connect=STALL)])

    assert (0, 1, 5) == (found.late, len(found.cold), len(found.warm))


def test_who_waited_behind_a_silence_is_late() -> None:
    """It has no time of its own, and it is one that others wait for."""
    found = latency([Sent(_answered(QUICK)), Sent(_silent(10.0)), Sent(_answered(QUICK), late=9.9)])

    assert [QUICK, 9.9 + QUICK] == pytest.approx(found.due)


def test_those_who_waited_at_the_same_time_are_one_stall() -> None:
    """A bot that is slow each time stalls each time."""
    together = [Sent(_answered(4.0), at=at) for at in (0.0, 0.5, 3.9)]
    always = [Sent(_answered(4.0), at=at) for at in (0.0, 1.5, 3.0, 4.5, 6.0)]

    assert (1, 2) == (stalls(together), stalls(always))
    assert 0 == stalls([Sent(_answered(2.9))])


def test_where_another_is_answered_in_between_it_stalled_twice() -> None:
    """The way was open: of a bot that stalls now and then two may be under way at once."""
    slow = [Sent(_answered(4.0), at=at) for at in (0.0, 0.5)]

    assert 2 == stalls([*slow, Sent(_answered(0.1), at=0.2)])
    assert 1 == stalls([*slow, Sent(_answered(0.1), at=0.45)])
    assert 1 == stalls([*slow, Sent(_answered(0.1), at=-0.1)])


@pytest.mark.parametrize(("slow", "asked"), [((10, 11, 12), 40), ((10, 30), 30), ((10, 20), 20)], ids=str)
def test_one_stall_is_asked_for_longer_however_many_waited(slow: tuple[int, ...], asked: int) -> None:
    """And of a bot that takes its time for each; a second one says enough."""
    sent: list[Sent] = []
    while wanted(len(sent), sent):
        taken = 4.0 if len(sent) + 1 in slow else 0.14
        sent.append(Sent(_answered(taken), at=0.1 * len(sent)))

    assert asked == len(sent)


def test_what_is_usual_is_known_from_answers_alone() -> None:
    """A time-out says nothing of how long an answer takes."""
    assert 0.2 == usual([Sent(_answered(0.2)), Sent(_silent(10.0)), Sent(_silent(10.0))], 7.0)
    assert 7.0 == usual([Sent(_silent(10.0))], 7.0)


def test_what_those_under_way_decide_is_waited_for() -> None:
    """One that stalls asks for more samples: the others have not gone home, and nothing was due meanwhile."""
    times = iter([0.01, 0.2, 0.01, 0.01, 0.01])
    number = threading.Lock()

    def ask() -> Exchange:
        with number:
            taken = next(times)
        SYSTEM.wait(taken)
        return _answered(taken)

    def wanted(given: int, sent: Sequence[Sent]) -> bool:
        return given < (5 if any(each.exchange.timing.total > 0.1 for each in sent) else 2)

    schedule = Schedule(SYSTEM.now(), lambda _: 0.01, wanted, SYSTEM)
    follow([(schedule, ask)] * 3, SYSTEM, lambda: None)

    assert 5 == len(schedule.sent)
    assert [0.0] * 5 == pytest.approx([each.late for each in schedule.sent], abs=1e-6)


def test_what_one_thread_raises_ends_them_all() -> None:
    """And it is told."""
    asked: list[int] = []

    def ask() -> Exchange:
        asked.append(1)
        message = "our own network"
        raise CouldNotLook(message)

    schedule = Schedule(SYSTEM.now(), lambda _: 0.2, lambda given, _: given < 1000, SYSTEM)
    with pytest.raises(CouldNotLook, match="our own network"):
        follow([(schedule, ask)] * 2, SYSTEM, lambda: None)

    assert len(asked) <= 2


def test_an_interrupt_lets_nothing_wait_any_more() -> None:
    """Neither for its moment nor for its turn in the budget."""
    abandoned: list[int] = []

    def ask() -> Exchange:
        raise KeyboardInterrupt

    schedule = Schedule(SYSTEM.now(), lambda _: 600.0, lambda given, _: given < 1000, SYSTEM)
    with pytest.raises(KeyboardInterrupt):
        follow([(schedule, ask)] * 2, SYSTEM, lambda: abandoned.append(1))

    assert [1] == abandoned
    assert schedule.turn() is None


@pytest.mark.parametrize(
    ("takes", "at_once", "every"),
    [(0.02, 1, 0.02), (0.4, 4, 0.1), (0.0001, 1, 0.005), (6.0, 1, 3.0), (6.0, 10, 0.6)],
)
def test_requests_are_due_as_far_apart_as_answers_take(takes: float, at_once: int, every: float) -> None:
    """So it takes no longer than one after the other, and no connection is idle until it is lost."""
    assert pytest.approx(every) == spacing(takes, at_once)
    assert (at_once + SPARE) * every - takes < IDLE_S


@pytest.mark.parametrize("at_once", [1, 4])
def test_they_go_out_at_their_moments(at_once: int) -> None:
    """Over as many connections as are usually under way, and two more; the first of each is no sample."""
    bot = _Waiting(0.02)
    sampled = sample(cast("Prober", bot), Request("GET", "/"), at_once)
    found = sampled.sent
    due = [each.at - each.late - each.held for each in found]

    assert (SAMPLES, at_once + SPARE) == (len(found), len(sampled.first))
    assert (at_once + SPARE, SAMPLES + at_once + SPARE) == (bot.connections, bot.asked)
    assert sorted(due) == pytest.approx(due, abs=1e-6)
    assert due[-1] - due[0] > (SAMPLES - 2) * 0.02 / at_once


class _Waiting:
    """A prober of a bot that takes ``seconds``."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.budget, self.connections, self.asked = seconds, Budget(), 0, 0
        self.lock = threading.Lock()

    @contextmanager
    def apart(self) -> Iterator[Self]:
        """One more connection."""
        self.connections += 1
        yield self

    def ask(self, _request: Request) -> Exchange:
        """One answer."""
        with self.lock:
            self.asked += 1
        began = SYSTEM.now()
        SYSTEM.wait(self.seconds)
        return _answered(SYSTEM.now() - began)


def test_a_server_that_stalls_altogether_is_seen() -> None:
    """Over real connections: all of them wait, and who comes meanwhile counts that too."""
    with _server(stalls_from=12) as port, Prober(f"http://127.0.0.1:{port}") as prober:
        sent = sample(prober, Request("GET", "/")).sent
    found = latency(sent)

    assert SAMPLES == len(sent)
    assert 1 <= found.slower_than(STALL_OF_A_SERVER / 2) <= 1 + SPARE
    assert found.quantile(0.95) > STALL_OF_A_SERVER / 2
    assert found.late > 0
    assert not any(each.exchange.timing.cold for each in sent)


@contextmanager
def _server(stalls_from: int) -> Iterator[int]:
    """Answers at once over each connection; from the n-th request on, all wait for half a second."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Stalling)
    server.daemon_threads = True
    _Stalling.left, _Stalling.over = stalls_from, threading.Event()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Stalling(socketserver.BaseRequestHandler):
    left = 0
    over = threading.Event()
    lock = threading.Lock()

    def handle(self) -> None:
        """Answer what comes over this connection."""
        while self.request.recv(65536):
            with self.lock:
                type(self).left -= 1
                first = self.left == 0
            if first:
                threading.Timer(STALL_OF_A_SERVER, self.over.set).start()
            if self.left <= 0:
                self.over.wait(10.0)
            self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


def test_a_turn_is_its_place_and_its_moment() -> None:
    """Handed out in order, an interval apart, until no more are wanted."""
    clock = FakeClock()
    more = [True]
    schedule = Schedule(clock.now(), lambda _: 1.0, lambda _given, _sent: more[0], clock)
    first, second = schedule.turn(), schedule.turn()
    more[0] = False
    assert first is not None
    schedule.keep(first, _answered(0.1), -inf, first.due)
    assert second is not None
    schedule.keep(second, _answered(0.1), -inf, second.due)

    assert (Turn(0, 100.0), Turn(1, 101.0)) == (first, second)
    assert schedule.turn() is None
