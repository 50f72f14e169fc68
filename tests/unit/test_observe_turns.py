"""Old and new in turns: whose turn it is, what is no sample, and that every version is proven."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Self, cast

import pytest

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence, Timing
from backstop.model.version import VersionId
from backstop.observe.turns import OVERRIDES, Pair, Turns, overridden, take_turns
from backstop.probes.budget import Budget
from backstop.probes.prober import Prober
from backstop.statistics.slowdown import Answer as Said
from backstop.statistics.slowdown import Rule
from bench.noise import Noise
from tests.unit.fakeclock import FakeClock
from tests.unit.rollbacks import vid

OLD, NEW = vid(1), vid(2)
PLAIN = Request("GET", "https://bot.example/")
PAIR = Pair(overridden("bot", PLAIN, OLD), overridden("bot", PLAIN, NEW))
OK = Answer(200, (), b"")


@dataclass
class Versions:
    """A prober of a deployment with both versions; ``seconds`` is how long the n-th request of one takes."""

    seconds: Callable[[VersionId, int], float]
    serves: Callable[[VersionId, int], VersionId | None] = lambda asked, _: asked
    lost: Callable[[int], bool] = lambda _: False
    cold: Callable[[int], bool] = lambda _: False
    clock: FakeClock = field(default_factory=FakeClock)
    budget: Budget = field(default_factory=Budget)
    asked: list[VersionId] = field(default_factory=list)
    connections: int = 0
    served: VersionId | None = None

    def apart(self) -> Self:
        """Counts as a connection of its own."""
        self.connections += 1
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.connections -= 1

    def ask(self, request: Request) -> Exchange:
        """What the version that the header names would answer."""
        wish = dict(request.headers)[OVERRIDES]
        version = OLD if wish == f'bot="{OLD}"' else NEW
        number = len(self.asked)
        self.asked.append(version)
        self.served = self.serves(version, number)
        taken = self.seconds(version, self.asked.count(version))
        self.clock.wait(taken)
        result = NoAnswer(Silence.TIMED_OUT, "") if self.lost(number) else OK
        timing = Timing(taken, taken, connect=0.01 if self.cold(number) else None)
        return Exchange(request, result, timing, datetime.now(UTC))

    def take(self, rule: Rule | None = None) -> Turns:
        """Compare them."""
        prober = cast("Prober", self)
        return take_turns(prober, PAIR, lambda _: self.served, rule or Rule(), self.clock)


def _times(old: float, new: float) -> Callable[[VersionId, int], float]:
    return lambda version, number: (old if version == OLD else new) * (1 + 0.01 * (number % 3))


def test_each_is_first_in_every_second_pair_after_the_warm_ups() -> None:
    """Over a connection for each, both closed in the end."""
    bot = Versions(_times(0.4, 0.9))
    found = bot.take()

    assert Said.SLOWER is found.comparison.answer
    assert 5 == len(found.old) == len(found.new)
    assert [OLD, NEW] * 2 == bot.asked[:4]
    assert [OLD, NEW, NEW, OLD, OLD, NEW, NEW, OLD, OLD, NEW] == bot.asked[4:]
    assert 0 == bot.connections


def test_it_goes_on_until_it_is_decided_and_no_further_than_forty() -> None:
    """One that scatters too much stays undecided."""
    old, new = zip(*islice(Noise(2).pairs(1.4), 42), strict=True)
    unsteady = Versions(lambda version, number: (old if version == OLD else new)[number - 3])
    found = unsteady.take(Rule(least=0.0))

    assert (Said.UNDECIDED, 40) == (found.comparison.answer, found.comparison.pairs)
    assert 2 * 42 == len(unsteady.asked)


def test_a_wish_that_is_ignored_is_no_comparison() -> None:
    """The edge serves the new one whoever is asked for."""
    with pytest.raises(CouldNotLook, match=f"asked for {OLD}, {NEW} answered"):
        Versions(_times(0.4, 0.4), serves=lambda _asked, _number: NEW).take()


def test_a_version_that_switches_in_the_middle_ends_it() -> None:
    """Whatever was measured before."""
    bot = Versions(_times(0.4, 0.55), serves=lambda asked, number: asked if number < 12 else vid(3))

    with pytest.raises(CouldNotLook, match=f"{vid(3)} answered"):
        bot.take()


def test_what_can_not_be_proven_is_no_sample() -> None:
    """A warm-up may be unseen, because the tail is opened for it."""
    late = Versions(_times(0.4, 0.4), serves=lambda asked, number: asked if number > 0 else None)
    never = Versions(_times(0.4, 0.4), serves=lambda _asked, _number: None)

    assert Said.FINE is late.take().comparison.answer
    with pytest.raises(CouldNotLook, match="can't be seen"):
        never.take()


def test_a_lost_pair_is_left_out_and_many_are_no_comparison() -> None:
    """Silence is no time; neither is a new connection."""
    once = Versions(_times(0.4, 0.9), lost=lambda number: number == 6).take()
    anew = Versions(_times(0.4, 0.9), cold=lambda number: number == 6).take()

    assert (9, 1) == (once.comparison.pairs, once.comparison.unusable)
    assert (9, 1) == (anew.comparison.pairs, anew.comparison.unusable)
    assert 1 == len(anew.cold_old) + len(anew.cold_new)
    with pytest.raises(CouldNotLook, match="6 of 6 pairs"):
        Versions(_times(0.4, 0.9), lost=lambda number: number >= 4).take()


def test_a_stall_of_one_version_is_in_its_quantiles_and_not_in_the_comparison() -> None:
    """Each version has a schedule of its own, and pairs know nothing of each other."""
    bot = Versions(lambda version, number: 2.0 if (version, number) == (NEW, 5) else 0.1)
    found = bot.take()

    assert (Said.FINE, 20) == (found.comparison.answer, found.comparison.pairs)
    assert (0.1, 0.1, 2.0, 0.1, 0.1) == found.new[:5]
    assert [0.1, 0.1, 2.0, 1.9, 1.8] == pytest.approx(found.due_new[:5])
    assert () == found.due_old


def test_bots_that_are_slow_are_not_asked_for_hours() -> None:
    """After two minutes what there is must do."""
    found = Versions(_times(25.0, 26.0)).take(Rule(limit=1.001))

    assert (Said.UNDECIDED, 3) == (found.comparison.answer, found.comparison.pairs)
