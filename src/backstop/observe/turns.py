"""Old and new asked in turns: what changes on the way to the bot meets both alike, so that it can't mislead.

Both must be reachable at once: they share a deployment, where one may have no part of the traffic and a
header asks for one of them, or they have two addresses. That header is ignored without a word where it can't
be met, and an address leads to what it leads to: every sample's version is proven.

Each version is sent one request in each interval, over a connection of its own, the new one half an interval
after the old: neither waits for the other. Where several of each are to be under way at once, there are as
many connections, and the interval is as much shorter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from math import nan
from statistics import median
from uuid import uuid4

from backstop.model.errors import CouldNotLook
from backstop.model.http import Exchange, Request
from backstop.model.version import VersionId
from backstop.observe.latency import from_nothing
from backstop.observe.samples import (
    ANEW,
    UNPROVEN,
    AnswersOtherwise,
    counted,
    failed,
    lost_in_words,
    status_of,
    why_lost,
)
from backstop.observe.sampling import IDLE_S, silent, without_connecting
from backstop.observe.schedule import LEAST_S, Ask, Schedule, Sent, follow, once_each, usual
from backstop.polling import SYSTEM, Clock
from backstop.probes.prober import Prober
from backstop.rollback.edge_witness import MARKER
from backstop.statistics.slowdown import LOOKS, Comparison, Rule, compare, enough

OVERRIDES = "Cloudflare-Workers-Version-Overrides"
_WARM_UPS = 2  # of each version: the first opens its connection
_PATIENCE_S = 120.0  # after which no more pairs are taken of bots that are slow
_MOST_LOST = 5  # pairs
_OTHER = "lost with the other one of the pair"
_SPACED = 1.25  # usual times from one request to the next of one version: ordinary scatter makes few late

Prove = Callable[[Exchange], VersionId | None]


@dataclass(frozen=True, slots=True)
class Taken:
    """One request: seconds to its first byte, how late it went out, its status, or ``why`` it is no sample.

    It is late where the one before was not answered yet. The time of what is no sample is not a number.
    """

    time: float
    late: float = 0.0
    status: int = 0
    why: str = ""


@dataclass(slots=True)
class Side:
    """One of the two: how it is asked, over connections of its own, and what came of it, in seconds.

    ``cold`` are the times over a new connection, ``connects`` how long those took to make. ``takes`` is how
    long an answer usually takes, and ``held`` the most by which our own side sent one too late. ``proven``
    says that the version was seen to answer, ``failures`` how often there was a failure in place of an
    answer. ``rested`` is since when, by the clock, its connections are idle; ``silent``, that it does not
    answer any more.
    """

    version: VersionId
    request: Request
    lanes: Sequence[Prober]
    taken: list[Taken] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    cold_statuses: list[int] = field(default_factory=list)
    connects: list[float] = field(default_factory=list)
    takes: float = 0.0
    held: float = 0.0
    proven: bool = False
    failures: int = 0
    rested: float = 0.0
    silent: bool = False

    @property
    def times(self) -> list[float]:
        """Those of all requests; what is no sample is not a number."""
        return [each.time for each in self.taken]

    @property
    def _unproven(self) -> int:
        return sum(each.why == UNPROVEN for each in self.taken)

    @property
    def asks(self) -> tuple[Ask, ...]:
        """Send it once more, over each of the connections."""
        return tuple(partial(_ask, lane, self.request) for lane in self.lanes)

    def warm_up(self, prove: Prove, clock: Clock) -> None:
        """Open the connections. Raises as ``take_turns`` does."""
        exchanges = once_each(self.asks, clock, self.lanes[0].budget.abandon)
        self.takes, self.rested = min(map(without_connecting, exchanges)), clock.now()
        for each in exchanges:
            self._why_none(each, prove, unseen=True)

    def take(self, sent: Sequence[Sent], prove: Prove) -> None:
        """Add what came of some requests. Raises as ``take_turns`` does."""
        for each in sent:
            unseen = self.proven and self._unproven <= _MOST_LOST
            why = self._why_none(each.exchange, prove, unseen=unseen)
            time = nan if why else each.exchange.timing.first_byte or nan
            self.taken.append(Taken(time, each.late, status_of(each.exchange), why))
            self.held = max(self.held, each.held)
            self.rested = max(self.rested, each.at + each.exchange.timing.total)
        self.takes, self.silent = usual(sent, self.takes), silent(sent)

    def of_pairs(self, other: Side) -> Times:
        """What is left of it where both of a pair are samples.

        Each version has a schedule of its own: what one of them is late for tells nothing of the other.
        """
        pairs = tuple(zip(self.taken, other.taken, strict=False))
        kept = [mine for mine, theirs in pairs if not (mine.why or theirs.why)]
        late = any(each.late for each in kept)
        return Times(
            tuple(each.time for each in kept),
            tuple(self.cold),
            due=tuple(each.time + each.late for each in kept) if late else (),
            statuses=tuple(each.status for each in kept),
            cold_statuses=tuple(self.cold_statuses),
            connect=median(self.connects) if self.connects else 0.0,
            lost=counted(mine.why or (_OTHER if theirs.why else "") for mine, theirs in pairs),
        )

    def _why_none(self, exchange: Exchange, prove: Prove, *, unseen: bool) -> str:
        """Why it is no sample; empty where it is one. Where who answered may be ``unseen``, that is why."""
        self.failures += failed(exchange)
        if why := why_lost(exchange):
            return why
        seen = prove(exchange)
        if seen is None and unseen:
            return UNPROVEN
        if seen != self.version:
            found = f"{seen} answered" if seen else "which version answered can't be seen"
            message = f"asked for {self.version}, {found}"
            raise CouldNotLook(message, remedy="look again when one version serves, or show the version's id")
        self.proven = True
        if not exchange.timing.cold:
            return ""
        self.cold.append(from_nothing(exchange.timing))
        self.cold_statuses.append(status_of(exchange))
        self.connects.append(exchange.timing.connect or 0.0)
        return ANEW


@dataclass(frozen=True, slots=True)
class Times:
    """Of one version, in seconds, in the order measured: those of which both of a pair are samples.

    ``due`` are the same from when each was due, empty where none went out late. ``statuses`` and
    ``cold_statuses`` are what each was answered with; ``lost`` are the others, by why. ``connect`` is how
    long a connection took, 0 where none was made.
    """

    warm: tuple[float, ...]
    cold: tuple[float, ...] = ()
    due: tuple[float, ...] = ()
    statuses: tuple[int, ...] = ()
    cold_statuses: tuple[int, ...] = ()
    connect: float = 0.0
    lost: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turns:
    """What came of it: the times of each, and how they compare.

    What is compared are times from the send, which know nothing of each other. ``held`` is the most by which
    our own side sent one late.
    """

    old: Times
    new: Times
    comparison: Comparison
    held: float = 0.0


@dataclass(frozen=True, slots=True)
class Arm:
    """One of two versions that can both be reached, and the request that reaches it."""

    version: VersionId
    request: Request


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions of one worker, the one before and the one after, each to be asked so many ``at_once``."""

    old: Arm
    new: Arm
    at_once: int = 1


def overridden(worker: str, plain: Request, version: VersionId) -> Arm:
    """A version of the deployment that serves, asked for by a header."""
    wish = (OVERRIDES, f'{worker}="{version}"')
    return Arm(version, replace(plain, headers=(*plain.headers, wish)))


def again(request: Request) -> Request:
    """The same request with a marker of its own, by which the tail can tell it."""
    others = (each for each in request.headers if each[0] != MARKER)
    return replace(request, headers=(*others, (MARKER, uuid4().hex)))


def take_turns(prober: Prober, pair: Pair, prove: Prove, rule: Rule, clock: Clock = SYSTEM) -> Turns:
    """Ask both in turns until it is decided, at most forty times each.

    Raises CouldNotLook where another version answers than the one that was asked for, where that can't be
    proven, and where too many requests are lost.
    """
    with ExitStack() as stack:
        old, new = (
            Side(arm.version, arm.request, [stack.enter_context(prober.apart()) for _ in range(pair.at_once)])
            for arm in (pair.old, pair.new)
        )
        for side in (old, new) * _WARM_UPS:
            side.warm_up(prove, clock)
        return _pairs(old, new, prove, rule, clock)


def _pairs(old: Side, new: Side, prove: Prove, rule: Rule, clock: Clock) -> Turns:
    ends = clock.now() + _PATIENCE_S
    while True:
        wanted = next(pairs for pairs in LOOKS if pairs > len(old.taken)) - len(old.taken)
        _send((old, new), wanted, ends, prove, clock)
        found = compare(old.times, new.times, rule)
        turns = Turns(old.of_pairs(new), new.of_pairs(old), found, max(old.held, new.held))
        if found.unusable > _MOST_LOST or old.silent or new.silent:
            raise _too_many_lost(old, new, turns)
        if enough(found) or clock.now() > ends:
            return turns


def _too_many_lost(old: Side, new: Side, turns: Turns) -> CouldNotLook:
    of_each = (
        f"of the {name}, {lost_in_words(times.lost)}"
        for name, times in (("old", turns.old), ("new", turns.new))
        if times.lost
    )
    message = (
        f"{turns.comparison.unusable} of {min(len(old.taken), len(new.taken))} pairs of {old.version} and "
        f"{new.version} were lost: {'; '.join(of_each)}"
    )
    error = AnswersOtherwise if old.failures or new.failures else CouldNotLook
    return error(message, remedy="see health.error-rate and health.connections")


def _ask(lane: Prober, request: Request) -> Exchange:
    return lane.ask(again(request))


def _send(sides: tuple[Side, Side], pairs: int, ends: float, prove: Prove, clock: Clock) -> None:
    """Send so many more of each, none after ``ends``, and none that would be lost as well."""
    for side in sorted(sides, key=lambda each: each.takes, reverse=True):
        if clock.now() - side.rested > IDLE_S:  # its connections may be given up, or will be
            side.warm_up(prove, clock)
    every, began = _spacing(sides), clock.now()

    def wanted(given: int, sent: Sequence[Sent]) -> bool:
        lost = sum(bool(why_lost(each.exchange)) for each in sent)
        return given < pairs and clock.now() <= ends and lost <= _MOST_LOST and not silent(sent)

    schedules = [Schedule(began + part * every(()), every, wanted, clock) for part in (0, 0.5)]
    asks = [(schedule, ask) for schedule, side in zip(schedules, sides, strict=True) for ask in side.asks]
    follow(asks, clock, sides[0].lanes[0].budget.abandon)
    for side, schedule in zip(sides, schedules, strict=True):
        side.take(schedule.sent, prove)


def _spacing(sides: tuple[Side, Side]) -> Callable[[Sequence[Sent]], float]:
    """Seconds between two of one version: by the slower one, but before the quicker one's connections go.

    One that is so slow that this is too often for it comes late, and by that it is not judged.
    """
    at_once, (quick, slow) = len(sides[0].lanes), sorted(side.takes for side in sides)
    most = (quick + IDLE_S) / at_once

    def every(sent: Sequence[Sent]) -> float:
        return max(LEAST_S, min(most, _SPACED * max(slow, usual(sent, 0.0)) / at_once))

    return every
