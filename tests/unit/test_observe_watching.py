"""A watch over a double of the tail, with a clock of its own: what it does when the tail is lost, or lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self, cast

import pytest

from backstop.cloudflare.tail_event import OVERLOAD, TailEvent
from backstop.journal.events import Event, MinuteWatched, Said
from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence, Timing
from backstop.model.target import Target
from backstop.observe import watching
from backstop.observe.tail_tally import TailTally
from backstop.observe.watched import Watched, Worse
from backstop.observe.watching import Watch
from backstop.place import Place

TARGET = Target(name="prod", sandbox=False, url="https://bot.example.workers.dev", worker="bot")


class Clock:
    """Time passes when somebody waits."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        """Seconds since the beginning."""
        return self.time

    def wait(self, seconds: float) -> None:
        """Let them pass."""
        self.time += seconds


class FakeTail:
    """Open until it is lost."""

    def __init__(self) -> None:
        self.lost = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to close."""


@dataclass
class World:
    """A bot with its tail; ``status`` and what is ``shown`` in the tail may depend on the time."""

    clock: Clock = field(default_factory=Clock)
    status: Callable[[float], int] = lambda _: 200
    shown: Callable[[float], bool] = lambda _: True
    online: bool = True
    opens: Callable[[float], str] = lambda _: ""
    each_probe: Callable[[World], None] = lambda _: None
    tally: TailTally | None = None
    tail: FakeTail | None = None
    opened: int = 0
    events: list[Event] = field(default_factory=list)

    def ask_cold(self, request: Request, _pace: object) -> Exchange:
        """Answer a probe, and show it in the tail."""
        self.each_probe(self)
        now = self.clock.now()
        status = self.status(now)
        result: Answer | NoAnswer = Answer(status, (), b"") if status else NoAnswer(Silence.TIMED_OUT, "")
        if status and self.tally is not None and self.shown(now) and self.tail and not self.tail.lost:
            self.tally.take(TailEvent(None, "ok", request.url, "GET", status, request.headers))
        return Exchange(request, result, Timing(0.05, 0.04, 0.01), datetime.now(UTC))

    def open(self, _place: Place, tally: TailTally) -> FakeTail:
        """A tail, or why there is none."""
        if why := self.opens(self.clock.now()):
            raise CouldNotLook(why)
        self.opened += 1
        self.tally, self.tail = tally, FakeTail()
        return self.tail

    def watch(self, monkeypatch: pytest.MonkeyPatch, seconds: float = 600.0) -> Watched:
        """Watch it for ten minutes."""
        monkeypatch.setattr(watching, "tail_of", self.open)
        place = Place(TARGET, cast("Any", self), cast("Any", None))
        watch = Watch(place, "0-live", lambda: self.online, self.events.append, clock=self.clock)
        return watch.run(seconds)

    @property
    def minutes(self) -> list[MinuteWatched]:
        """What was recorded of each minute."""
        return [event for event in self.events if isinstance(event, MinuteWatched)]

    @property
    def said(self) -> list[str]:
        """What was said."""
        return [event.text for event in self.events if isinstance(event, Said)]


def test_ten_good_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is recorded, all of them were watched."""
    world = World()

    found = world.watch(monkeypatch)

    assert () == found.findings
    assert "" == found.unwatched
    assert list(range(1, len(world.minutes) + 1)) == [each.minute for each in world.minutes]
    assert 600 == pytest.approx(found.total.seconds, abs=5)
    assert 0.0 == found.total.blind
    assert found.total.sent == found.total.events
    assert 1 == world.opened


def test_an_outage_ends_it_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within half a minute, and with what is worse."""
    world = World(status=lambda now: 500 if now > 200 else 200)

    found = world.watch(monkeypatch)

    assert found.of(Worse.PROBES)
    assert 200 < found.total.seconds < 240


def test_silence_is_an_outage_only_where_we_are_online(monkeypatch: pytest.MonkeyPatch) -> None:
    """With our own network down nothing is known of the bot: neither worse nor watched."""
    dead = World(status=lambda _: 0)
    offline = World(status=lambda _: 0, online=False)

    assert dead.watch(monkeypatch).of(Worse.PROBES)
    found = offline.watch(monkeypatch)
    assert () == found.findings
    assert "say nothing of the bot" in found.unwatched
    assert 600 == pytest.approx(found.total.seconds, abs=5)


def test_a_tail_that_shows_nothing_is_no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """It expires without a word: it is opened anew again and again, and the time counts as blind."""
    world = World(shown=lambda _: False)

    found = world.watch(monkeypatch)

    assert 0 == found.total.events
    assert "the tail showed nothing of our probes" in found.unwatched
    assert found.total.blind > 500
    assert world.opened > 5
    assert any("it shows nothing any more" in text for text in world.said)


def test_a_tail_that_expires_once_is_opened_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter of a minute is missing of ten: that is said, and it has watched all the same."""
    world = World(shown=lambda now: not 100 < now < 118)

    found = world.watch(monkeypatch)

    assert "" == found.unwatched
    assert found.total.blind == pytest.approx(18, abs=4)
    assert 1 == found.lost
    assert 2 == world.opened


def test_a_connection_that_is_lost_is_opened_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, and said."""

    def cut(world: World) -> None:
        if world.opened == 1 and world.clock.now() > 90 and world.tail:
            world.tail.lost = "connection reset"

    world = World(each_probe=cut)

    found = world.watch(monkeypatch)

    assert 2 == world.opened
    assert 1 == found.lost
    assert "" == found.unwatched
    assert any("connection reset" in text for text in world.said)


def test_a_tail_that_is_lost_again_and_again_did_not_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """It shows each probe and breaks off after it: what ran between them was not seen."""

    class Torn(World):
        def ask_cold(self, request: Request, pace: object) -> Exchange:
            exchange = super().ask_cold(request, pace)
            if self.tail:
                self.tail.lost = "connection reset"
            return exchange

    found = Torn().watch(monkeypatch)

    assert found.lost > 200
    assert "the tail showed nothing of our probes, or was lost" in found.unwatched


@pytest.mark.parametrize(("stopped", "watched"), [(300.0, False), (1.5, True)])
def test_a_process_that_was_stopped_did_not_look(
    monkeypatch: pytest.MonkeyPatch, stopped: float, watched: bool
) -> None:
    """A machine that slept for half of the time says nothing of that half."""
    world = World()
    at_ease = world.clock.wait

    def wait(seconds: float) -> None:
        at_ease(seconds + stopped if 100 < world.clock.time < 103 else seconds)

    monkeypatch.setattr(world.clock, "wait", wait)

    found = world.watch(monkeypatch)

    assert watched is (found.unwatched == "")


def test_a_tail_that_takes_long_to_open_does_not_look_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten seconds of each minute: nobody probed either."""

    def slow(now: float) -> str:
        world.clock.wait(10.0)
        return ""

    def cut(world: World) -> None:
        if world.tail and world.clock.now() % 60 > 57:
            world.tail.lost = "connection reset"

    world = World(opens=slow, each_probe=cut)

    assert world.watch(monkeypatch).unwatched


def test_a_tail_that_can_not_be_opened_is_tried_less_and_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told once, and nothing was watched by the tail."""
    tries: list[float] = []

    def refused(now: float) -> str:
        tries.append(now)
        return "the tail can't be opened: 403"

    world = World(opens=refused)

    found = world.watch(monkeypatch)

    assert 10 < len(tries) < 40
    assert tries[-1] - tries[-2] >= 30
    assert ("the tail can't be opened: 403",) == found.trouble
    assert ["the tail can't be opened: 403"] == world.said
    assert found.unwatched
    assert "" == found.of(Worse.PROBES)


def test_sampling_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cloudflare sends a word of its own, and none of the minutes from then on is complete."""

    def overload(world: World) -> None:
        if world.tally and 60 < world.clock.now() < 63:
            world.tally.take(TailEvent(None, "unknown", notice=OVERLOAD))

    world = World(each_probe=overload)

    found = world.watch(monkeypatch, 300.0)

    assert not world.minutes[0].sampled
    assert all(each.sampled for each in world.minutes[1:])
    assert found.sampled == len(world.minutes) - 1


def test_an_interrupt_leaves_what_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The minute that had begun is recorded."""

    def interrupt(world: World) -> None:
        if world.clock.now() > 70:
            raise KeyboardInterrupt

    world = World(each_probe=interrupt)

    with pytest.raises(KeyboardInterrupt):
        world.watch(monkeypatch)

    assert [1, 2] == [each.minute for each in world.minutes]
    assert 70 == pytest.approx(sum(each.seconds for each in world.minutes), abs=5)
