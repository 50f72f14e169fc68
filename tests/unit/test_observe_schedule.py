"""A stall of the bot is in the times of those who would have come meanwhile."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence, Timing
from backstop.observe.latency import latency
from backstop.observe.sampling import sample
from backstop.observe.schedule import interval, lateness
from backstop.probes.prober import Prober

QUICK, STALL = 0.012, 2.0
STALL_OF_A_SERVER = 0.5
NOW = datetime.fromisoformat("2026-11-24T00:00:00+00:00")
TIMES = st.lists(st.floats(0.001, 10.0), max_size=40)


def _answered(seconds: float, *, connect: float | None = None) -> Exchange:
    timing = Timing(seconds, seconds, connect=connect)
    return Exchange(Request("GET", "/"), Answer(200, (), b""), timing, NOW)


class _Asked(Prober):
    """Answers by itself: the requests that are named by their number with a 500."""

    def __init__(self, *failing: int) -> None:
        super().__init__("http://bot.test")
        self._failing = failing
        self._asked = 0

    def ask(self, *_arguments: object) -> Exchange:
        """The next answer."""
        self._asked += 1
        status = 500 if self._asked in self._failing else 200
        return Exchange(Request("GET", "/"), Answer(status, (), b""), Timing(QUICK, QUICK), NOW)


@pytest.mark.parametrize(
    ("failing", "asked"), [((), 20), ((7,), 40), ((7, 30), 29), ((7, 8), 20), ((1,), 20)], ids=str
)
def test_what_fails_once_is_asked_for_longer(failing: tuple[int, ...], asked: int) -> None:
    """One failure may be an accident; one that comes again is none. The warm-up counts for nothing."""
    with _Asked(*failing) as prober:
        found = sample(prober, Request("GET", "/"))

    assert asked == len(found)


def test_one_stall_of_two_seconds_is_in_the_quantiles() -> None:
    """Times from the send say 12 ms for 99 of 100 requests; those who came meanwhile waited far longer."""
    times = [QUICK] * 100
    times[20] = STALL
    found = latency([_answered(each) for each in times])

    assert QUICK == sorted(found.warm)[98]
    assert pytest.approx(STALL - QUICK) == found.due[21]
    assert pytest.approx(STALL) == found.quantile(0.99)
    assert found.quantile(0.5) > 0.5
    assert 79 == found.late
    assert pytest.approx(QUICK + (STALL - QUICK) / 100, abs=1e-4) == found.mean


def test_a_steady_bot_is_never_late() -> None:
    """Ordinary scatter makes nobody wait."""
    found = latency([_answered(0.4 + 0.05 * (number % 5)) for number in range(20)])

    assert (0, found.warm) == (found.late, found.due)


def test_a_slow_connection_makes_nothing_late() -> None:
    """What is sent apart over a new connection is not of the schedule."""
    warm = [_answered(QUICK)] * 5
    found = latency(warm, [_answered(STALL, connect=STALL)])

    assert (0, 1, 5) == (found.late, len(found.cold), len(found.warm))


def test_who_waited_behind_a_silence_is_late() -> None:
    """It has no time of its own, and it is one that others wait for."""
    silent = Exchange(Request("GET", "/"), NoAnswer(Silence.TIMED_OUT, ""), Timing(10.0), NOW)
    found = latency([_answered(QUICK), silent, _answered(QUICK), _answered(QUICK)])

    assert [QUICK, 10.0 - QUICK, 10.0 - 2 * QUICK] == pytest.approx(found.due)
    assert 3 == len(found.warm)


def test_no_more_are_due_than_may_be_sent() -> None:
    """Where a target allows one request a second, a stall of two makes one late."""
    timings = [Timing(each) for each in (0.1, 2.0, 0.1, 0.1)]

    assert (0.2, 1.0) == (interval(timings), interval(timings, 60))
    assert [0.0, 0.0, 1.0, 0.1] == pytest.approx(lateness(timings, interval(timings, 60)))


@given(TIMES, st.floats(0.001, 5.0))
def test_it_is_what_a_clock_would_have_shown(times: list[float], every: float) -> None:
    """A client that sends by the clock, one due each interval and none before the last was answered."""
    now, found = 0.0, []
    for number, taken in enumerate(times):
        sent = max(now, number * every)
        found.append(sent - number * every)
        now = sent + taken

    assert found == pytest.approx(lateness([Timing(each) for each in times], every), abs=1e-6)


def test_nothing_sent_is_nothing_late() -> None:
    """And a bot that answers at once is not called late for milliseconds."""
    assert ((), 0.02) == (lateness([], 0.02), interval([]))


def test_a_server_that_stalls_is_seen() -> None:
    """Over a real connection: one answer waits, and those behind it count that too."""
    with _server(stalls_at=4) as port, Prober(f"http://127.0.0.1:{port}") as prober:
        sent = sample(prober, Request("GET", "/"))
    found = latency(sent)

    assert found.slower_than(STALL_OF_A_SERVER / 2) < found.late
    assert found.quantile(0.9) > STALL_OF_A_SERVER / 2


@contextmanager
def _server(stalls_at: int) -> Iterator[int]:
    """Answers over one connection at once, and its n-th request after half a second."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, stalls_at))
        thread.start()
        yield listener.getsockname()[1]
    thread.join()


def _serve(listener: socket.socket, stalls_at: int) -> None:
    connection, _ = listener.accept()
    number = 0
    with connection:
        while connection.recv(65536):
            number += 1
            if number == stalls_at:
                threading.Event().wait(STALL_OF_A_SERVER)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
