"""Old and new in turns: whose turn it is, what is no sample, and that every version is proven."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Self, cast

import pytest

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence, Timing
from backstop.model.version import VersionId, version_id
from backstop.observe.samples import AnswersOtherwise
from backstop.observe.turns import OVERRIDES, Pair, Turns, overridden, take_turns
from backstop.polling import SYSTEM
from backstop.probes.budget import Budget
from backstop.probes.prober import Prober
from backstop.statistics.slowdown import Answer as Said
from backstop.statistics.slowdown import Rule
from bench.noise import Noise
from tests.unit.rollbacks import vid

OLD, NEW = vid(1), vid(2)
PLAIN = Request("GET", "https://bot.example/")
PAIR = Pair(overridden("bot", PLAIN, OLD), overridden("bot", PLAIN, NEW))


@dataclass
class Versions:
    """A prober of a deployment with both versions; ``seconds`` is how long the n-th request of one takes.

    ``lost``, ``cold`` and ``status`` are told the version and the number of its request, ``serves`` says who
    answers. A connection that was idle for longer than ``keeps`` seconds is a new one.
    """

    seconds: Callable[[VersionId, int], float]
    serves: Callable[[VersionId, int], VersionId | None] = lambda asked, _: asked
    lost: Callable[[VersionId, int], bool] = lambda _version, _number: False
    cold: Callable[[VersionId, int], bool] = lambda _version, _number: False
    status: Callable[[VersionId, int], int] = lambda _version, _number: 200
    budget: Budget = field(default_factory=Budget)
    asked: list[VersionId] = field(default_factory=list)
    connections: int = 0
    under_way: list[VersionId] = field(default_factory=list)
    keeps: float = 60.0
    left: dict[VersionId, float] = field(default_factory=dict)
    most: dict[VersionId, int] = field(default_factory=dict)
    warm_ups: int = 2
    lock: threading.Lock = field(default_factory=threading.Lock)

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
        version = OLD if dict(request.headers)[OVERRIDES] == f'bot="{OLD}"' else NEW
        with self.lock:
            self.asked.append(version)
            number = self.asked.count(version)
            self.under_way.append(version)
            if number > self.warm_ups:
                self.most[version] = max(self.most.get(version, 0), self.under_way.count(version))
            idle = SYSTEM.now() - self.left.get(version, SYSTEM.now())
        taken = self.seconds(version, number)
        SYSTEM.wait(taken)
        with self.lock:
            self.under_way.remove(version)
            self.left[version] = SYSTEM.now()
        shown = (("Version", self.serves(version, number) or ""),)
        lost = self.lost(version, number)
        answer = Answer(self.status(version, number), shown, b"")
        result = NoAnswer(Silence.TIMED_OUT, "") if lost else answer
        cold = self.cold(version, number) or idle > self.keeps
        timing = Timing(taken, taken, connect=0.001 if cold else None)
        return Exchange(request, result, timing, datetime.now(UTC))

    def take(self, rule: Rule | None = None, at_once: int = 1) -> Turns:
        """Compare them."""
        pair = replace(PAIR, at_once=at_once)
        return take_turns(cast("Prober", self), pair, _shown, rule or Rule(least=0.0))


def _shown(exchange: Exchange) -> VersionId | None:
    assert isinstance(exchange.result, Answer)
    version = exchange.result.header("Version")
    return version_id(version) if version else None


def _times(old: float, new: float) -> Callable[[VersionId, int], float]:
    return lambda version, number: (old if version == OLD else new) * (1 + 0.01 * (number % 3))


def test_they_take_turns_after_the_warm_ups() -> None:
    """Over a connection for each, both closed in the end."""
    bot = Versions(_times(0.02, 0.045))
    found = bot.take()

    assert Said.SLOWER is found.comparison.answer
    assert 5 == len(found.old.warm) == len(found.new.warm)
    assert [OLD, NEW] * 2 == bot.asked[:4]
    assert [OLD, NEW] == bot.asked[4:6]
    assert [5, 5] == [bot.asked[4:].count(version) for version in (OLD, NEW)]
    assert 0 == bot.connections


def test_one_does_not_wait_for_the_other() -> None:
    """While the old one stalls, the new one is asked at its moments."""
    bot = Versions(lambda version, number: 1.0 if (version, number) == (OLD, 4) else 0.01)
    found = bot.take()
    of_old = [place for place, version in enumerate(bot.asked) if version == OLD]

    assert [NEW] * 4 == bot.asked[of_old[3] + 1 : of_old[4]]
    assert () == found.new.due
    assert max(found.old.due) > 0.9


def test_several_of_each_at_once_are_pairs_as_well() -> None:
    """Each version has as many connections; one alone is never asked twice at once."""
    several = Versions(_times(0.1, 0.25), warm_ups=6)
    found = several.take(at_once=3)
    one = Versions(_times(0.02, 0.045))
    one.take()

    assert (Said.SLOWER, 5) == (found.comparison.answer, len(found.new.warm))
    assert (6 + 5, 6 + 5) == (several.asked.count(OLD), several.asked.count(NEW))
    assert 2 <= several.most[NEW] <= 3
    assert several.most[OLD] <= 3
    assert {OLD: 1, NEW: 1} == one.most
    assert 0 == several.connections


def test_one_that_is_far_slower_does_not_cost_the_other_its_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is asked again before that is given up, and warmed up once more where it had to rest."""
    monkeypatch.setattr("backstop.observe.turns.IDLE_S", 0.2)
    bot = Versions(_times(0.01, 0.8), keeps=0.5)
    found = bot.take()

    assert Said.SLOWER is found.comparison.answer
    assert bot.asked.count(OLD) > 2 + len(found.old.warm)


def test_it_goes_on_until_it_is_decided_and_no_further_than_forty() -> None:
    """One that scatters too much stays undecided."""
    old, new = zip(*islice(Noise(2).pairs(1.4), 42), strict=True)
    unsteady = Versions(lambda version, number: (old if version == OLD else new)[number - 3] / 50)
    found = unsteady.take()

    assert (Said.UNDECIDED, 40) == (found.comparison.answer, found.comparison.pairs)
    assert 2 * 42 == len(unsteady.asked)


def test_a_wish_that_is_ignored_is_no_comparison() -> None:
    """The edge serves the new one whoever is asked for."""
    with pytest.raises(CouldNotLook, match=f"asked for {OLD}, {NEW} answered"):
        Versions(_times(0.01, 0.01), serves=lambda _asked, _number: NEW).take()


def test_a_version_that_switches_in_the_middle_ends_it() -> None:
    """Whatever was measured before."""
    bot = Versions(_times(0.01, 0.014), serves=lambda asked, number: asked if number < 5 else vid(3))

    with pytest.raises(CouldNotLook, match=f"{vid(3)} answered"):
        bot.take()


def test_what_can_not_be_proven_is_no_sample() -> None:
    """A warm-up may be unseen, because the tail is opened for it."""
    late = Versions(_times(0.01, 0.01), serves=lambda asked, number: asked if number > 2 else None)
    never = Versions(_times(0.01, 0.01), serves=lambda _asked, _number: None)

    assert Said.FINE is late.take().comparison.answer
    with pytest.raises(CouldNotLook, match="can't be seen"):
        never.take()


def test_a_lost_pair_is_left_out_and_many_are_no_comparison() -> None:
    """Silence is no time; neither is a new connection."""
    once = Versions(_times(0.01, 0.03), lost=lambda version, number: (version, number) == (NEW, 4)).take()
    anew = Versions(_times(0.01, 0.03), cold=lambda version, number: (version, number) == (OLD, 4)).take()

    assert (9, 1) == (once.comparison.pairs, once.comparison.unusable)
    assert (9, 1) == (anew.comparison.pairs, anew.comparison.unusable)
    assert (1, 0) == (len(anew.old.cold), len(anew.new.cold))
    assert (0.001, 0.0) == (anew.old.connect, anew.new.connect)
    by_turns = Versions(_times(0.01, 0.03), lost=lambda version, number: number % 2 == (version == NEW))
    with pytest.raises(CouldNotLook, match=r"10 of 10 pairs .* of the old, .*5 not answered \(timed out\)"):
        by_turns.take()


def test_one_that_does_not_answer_is_not_waited_for_again_and_again() -> None:
    """Two silences in a row are enough: meanwhile both are deployed, and each takes as long as it may."""
    dead = Versions(_times(0.01, 0.3), lost=lambda version, _: version == NEW)

    with pytest.raises(CouldNotLook, match=r"2 of 2 pairs .* of the new, 2 not answered \(timed out\)"):
        dead.take()
    assert 2 + 2 == dead.asked.count(NEW)


def test_a_failure_is_no_time_of_an_answer() -> None:
    """However quick: who fails now and then is compared by the answers, who only fails not at all."""
    times = _times(0.01, 0.001)
    at_times = Versions(times, status=lambda version, number: 500 if (version, number) == (NEW, 4) else 200)
    always = Versions(times, status=lambda version, _: 503 if version == NEW else 200)
    found = at_times.take()

    assert ({"lost with the other one of the pair": 1}, {"answered 500": 1}) == (
        found.old.lost,
        found.new.lost,
    )
    assert found.comparison.pairs == len(found.new.statuses) == found.new.statuses.count(200)
    with pytest.raises(AnswersOtherwise, match="of the new, 10 answered 503"):
        always.take()


@pytest.mark.parametrize("seldom", [True, False])
def test_an_answer_that_does_not_show_its_version_is_left_out(seldom: bool) -> None:
    """One in ten is; where hardly any shows it, it can't be seen who answers."""
    bot = Versions(
        _times(0.01, 0.03),
        serves=lambda asked, number: None if (number % 10 == 5 if seldom else number > 2) else asked,
    )
    if not seldom:
        with pytest.raises(CouldNotLook, match="which version answered can't be seen"):
            bot.take()
        return

    found = bot.take()

    assert (Said.SLOWER, 9) == (found.comparison.answer, found.comparison.pairs)
    assert {"of a version that can't be seen": 1} == found.new.lost


def test_a_stall_of_one_version_is_in_its_quantiles_and_not_in_the_comparison() -> None:
    """Each version has a schedule of its own, and pairs know nothing of each other."""
    bot = Versions(lambda version, number: 0.5 if (version, number) == (NEW, 5) else 0.01)
    found = bot.take()

    assert (Said.FINE, 20) == (found.comparison.answer, found.comparison.pairs)
    assert (0.01, 0.01, 0.5, 0.01, 0.01) == found.new.warm[:5]
    assert all(0.45 < each < 0.5 for each in found.new.due[3:5])
    assert () == found.old.due


def test_bots_that_are_slow_are_not_asked_for_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the time is over, what there is must do."""
    monkeypatch.setattr("backstop.observe.turns._PATIENCE_S", 0.5)
    found = Versions(_times(0.2, 0.21)).take(Rule(limit=1.001))

    assert Said.UNDECIDED is found.comparison.answer
    assert 1 <= found.comparison.pairs <= 3
