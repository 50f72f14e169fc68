"""How many requests the bot failed beside the checks of a drill, and for how long."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from backstop.drill.pulse import Pulse, Tally
from backstop.journal.conclusion import conclude
from backstop.journal.events import AvailabilitySeen, Event, SessionFinished
from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence, Timing
from backstop.model.target import Target
from backstop.place import Place
from backstop.polling import SYSTEM, poll
from backstop.probes.budget import Pace
from backstop.report.availability import availability_in_words
from tests.unit.drilling import InstantClock
from tests.unit.samples import numbered

WELL = Answer(200, (), b"{}")
UNWELL = Answer(503, (), b"{}")
SILENT = NoAnswer(Silence.REFUSED, "refused")


def _tally(*stages: tuple[str, tuple[bool | None, ...]]) -> tuple[AvailabilitySeen, ...]:
    """One request a second, answered so."""
    clock = InstantClock()
    tally = Tally(clock=clock)
    for stage, answers in stages:
        tally.begin(stage)
        for well in answers:
            tally.count(well=well, began=clock.now())
            clock.wait(1.0)
    return tally.ended()


def test_an_outage_lasts_until_the_next_good_answer() -> None:
    """Two of them: three seconds and one."""
    (seen,) = _tally(("1-fault", (True, False, False, False, True, False, True)))

    assert (seen.sent, seen.failed, seen.down, seen.longest) == (7, 4, 4.0, 3.0)


def test_an_outage_counts_where_it_began() -> None:
    """A rollback ends it in the stage after: it is one outage, not two halves."""
    broken, mended = _tally(("1-fault", (True, False, False)), ("2-good", (False, True)))

    assert (broken.failed, broken.down, broken.longest) == (2, 3.0, 3.0)
    assert (mended.sent, mended.failed, mended.down) == (2, 1, 0.0)


def test_an_outage_that_goes_on_counts_until_the_end() -> None:
    """A drill that leaves the bot down must not look cheap."""
    (seen,) = _tally(("1-fault", (False, False)))

    assert seen.down == 2.0


def test_what_says_nothing_of_the_bot_is_no_failure() -> None:
    """Our own network was down."""
    (seen,) = _tally(("1-fault", (True, None, True)))

    assert (seen.sent, seen.failed, seen.unseen, seen.down) == (3, 0, 1, 0.0)


def _place(
    result: Answer | NoAnswer, asked: list[Pace], *, online: bool = True, per_minute: int = 6000
) -> Place:
    def ask_cold(request: Request, pace: Pace) -> Exchange:
        asked.append(pace)
        return Exchange(request, result, Timing(0.0), datetime.now(UTC))

    target = Target("t", sandbox=True, url="http://bot.example", requests_per_minute=per_minute)
    prober, control = SimpleNamespace(ask_cold=ask_cold), SimpleNamespace(answers=lambda: online)
    return Place(target, cast("Any", prober), cast("Any", control))


@pytest.mark.parametrize(
    ("result", "online", "expected"),
    [
        (WELL, True, (0, 0)),
        (UNWELL, True, (1, 0)),
        (SILENT, True, (1, 0)),
        (SILENT, False, (0, 1)),
    ],
)
def test_it_asks_until_it_is_stopped(
    result: Answer | NoAnswer, online: bool, expected: tuple[int, int]
) -> None:
    """In a thread of its own, which is gone afterwards."""
    asked: list[Pace] = []
    seen: list[Event] = []
    pulse = Pulse(_place(result, asked, online=online))

    pulse.begin("1-fault")
    poll(lambda: bool(asked) or None, deadline=10.0, what="a first request", clock=SYSTEM)
    pulse.stop(seen.append)

    (event,) = cast("list[AvailabilitySeen]", seen)
    assert expected == (min(event.failed, 1), min(event.unseen, 1))
    assert event.sent == len(asked)
    assert set(asked) == {Pace.URGENT}
    assert "backstop-pulse" not in {thread.name for thread in threading.enumerate()}


def test_it_takes_at_most_a_tenth_of_the_budget() -> None:
    """Sixty a minute: one in ten seconds."""
    seen: list[Event] = []
    pulse = Pulse(_place(WELL, [], per_minute=60))

    pulse.begin("1-fault")
    pulse.stop(seen.append)

    assert cast("AvailabilitySeen", seen[0]).every == 10.0


SEEN = (
    AvailabilitySeen("1-fault-x", 20, 15, 20.0, 18.0, 1.0),
    AvailabilitySeen("2-good-x", 10, 2, 1.6, 1.6, 1.0, 1),
)


def test_the_report_says_what_the_drill_cost() -> None:
    """Of the minutes of a month; where nothing failed, no more than that."""
    words = availability_in_words(SEEN)

    assert words == (
        "17 of 30 plain requests failed, one every 1 s (1 say nothing: our own network was down); down for "
        "21.6 s, the longest 18.0 s: 0.83 % of the 43.2 minutes that 99.9 % leaves of a month"
    )
    assert availability_in_words([AvailabilitySeen("1", 5, 0, 0.0, 0.0, 1.0)]) == (
        "0 of 5 plain requests failed, one every 1 s; the bot was never seen down"
    )
    assert not availability_in_words([])


def test_the_verdict_has_the_downtime() -> None:
    """For programs; a session that did not ask has none."""
    timings = conclude(numbered((*SEEN, SessionFinished(0, 1.0)))).timings
    without = conclude(numbered((SessionFinished(0, 1.0),))).timings

    assert (timings["downtime_s"], timings["longest_outage_s"]) == (21.6, 18.0)
    assert "downtime_s" not in without
