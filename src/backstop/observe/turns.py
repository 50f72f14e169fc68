"""Old and new asked in turns: what changes on the way to the bot meets both alike, so that it can't mislead.

Both must be reachable at once: they share a deployment, where one may have no part of the traffic and a
header asks for one of them, or they have two addresses. That header is ignored without a word where it can't
be met, and an address leads to what it leads to: every sample's version is proven.

Each version is sent one request in each interval, over a connection of its own, the new one half an interval
after the old: neither waits for the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from math import isnan, nan
from uuid import uuid4

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, Request
from backstop.model.version import VersionId
from backstop.observe.latency import from_nothing
from backstop.observe.schedule import LEAST_S, Schedule, Sent, follow, usual
from backstop.polling import SYSTEM, Clock
from backstop.probes.hurdles import blocked
from backstop.probes.prober import Prober
from backstop.rollback.edge_witness import MARKER
from backstop.statistics.slowdown import LOOKS, Comparison, Rule, compare, enough

OVERRIDES = "Cloudflare-Workers-Version-Overrides"
_WARM_UPS = 2  # of each version: the first opens its connection
_PATIENCE_S = 120.0  # after which no more pairs are taken of bots that are slow
_MOST_LOST = 5  # pairs
_SPACED = 1.25  # usual times from one request to the next of one version: ordinary scatter makes few late

Prove = Callable[[Exchange], VersionId | None]


@dataclass(slots=True)
class Side:
    """One of the two: how it is asked, over a connection of its own, and its times in seconds.

    A time that was lost is not a number; ``cold`` are those over a new connection, ``late`` is how late each
    of the ``times`` went out because the one before was not answered yet. ``takes`` is how long an answer
    usually takes, and ``held`` the most by which our own side sent one too late.
    """

    version: VersionId
    request: Request
    prober: Prober
    times: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    takes: float = 0.0
    held: float = 0.0

    @property
    def due(self) -> list[float]:
        """The times from when each was due; empty where none went out late.

        Each version has a schedule of its own: what one of them is late for tells nothing of the other.
        """
        if not any(self.late):
            return []
        return [time + after for time, after in zip(self.times, self.late, strict=True)]

    def ask(self) -> Exchange:
        """Send it once more."""
        return self.prober.ask(again(self.request))

    def warm_up(self, prove: Prove) -> None:
        """Open the connection. Raises as ``take_turns`` does."""
        exchange = self.ask()
        timing = exchange.timing
        self.takes = timing.total - (timing.connect or 0.0) - (timing.tls or 0.0)
        self._see(exchange, prove, unseen=True)

    def take(self, sent: Sequence[Sent], prove: Prove) -> None:
        """Add what came of some requests. Raises as ``take_turns`` does."""
        for each in sent:
            timing = each.exchange.timing
            usable = self._see(each.exchange, prove) and not timing.cold
            self.times.append((timing.first_byte or nan) if usable else nan)
            self.late.append(each.late)
            self.held = max(self.held, each.held)
        self.takes = usual(sent, self.takes)

    def _see(self, exchange: Exchange, prove: Prove, *, unseen: bool = False) -> bool:
        """Whether the version itself answered; who did may be ``unseen``."""
        if not _is_answered(exchange):
            return False
        if (seen := prove(exchange)) != self.version and not (unseen and seen is None):
            found = f"{seen} answered" if seen else "which version answered can't be seen"
            message = f"asked for {self.version}, {found}"
            raise CouldNotLook(message, remedy="look again when one version serves, or show the version's id")
        if exchange.timing.cold:
            self.cold.append(from_nothing(exchange.timing))
        return True


@dataclass(frozen=True, slots=True)
class Turns:
    """What came of it, in seconds: the usable times of each in pairs, how they compare, and the cold ones.

    What is compared are times from the send, which know nothing of each other. ``due`` are the same from when
    each was due, empty where none went out late. ``held`` is the most by which our own side sent one late.
    """

    old: tuple[float, ...]
    new: tuple[float, ...]
    comparison: Comparison
    cold_old: tuple[float, ...] = ()
    cold_new: tuple[float, ...] = ()
    due_old: tuple[float, ...] = ()
    due_new: tuple[float, ...] = ()
    held: float = 0.0


@dataclass(frozen=True, slots=True)
class Arm:
    """One of two versions that can both be reached, and the request that reaches it."""

    version: VersionId
    request: Request


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions of one worker, the one before and the one after."""

    old: Arm
    new: Arm


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
            Side(arm.version, arm.request, stack.enter_context(prober.apart()))
            for arm in (pair.old, pair.new)
        )
        for side in (old, new) * _WARM_UPS:
            side.warm_up(prove)
        return _pairs(old, new, prove, rule, clock)


def _pairs(old: Side, new: Side, prove: Prove, rule: Rule, clock: Clock) -> Turns:
    ends = clock.now() + _PATIENCE_S
    while True:
        wanted = next(pairs for pairs in LOOKS if pairs > len(old.times)) - len(old.times)
        _send((old, new), wanted, ends, prove, clock)
        found = compare(old.times, new.times, rule)
        if found.unusable > _MOST_LOST:
            message = (
                f"{found.unusable} of {len(old.times)} pairs of {old.version} and {new.version} were lost"
            )
            raise CouldNotLook(message, remedy="see health.error-rate and health.connections")
        if enough(found) or clock.now() > ends:
            return _turns(old, new, found)


def _send(sides: tuple[Side, Side], pairs: int, ends: float, prove: Prove, clock: Clock) -> None:
    """Send so many more of each, none after ``ends``, and none that would be lost as well."""
    began, takes = clock.now(), max(side.takes for side in sides)
    every = max(LEAST_S, _SPACED * takes)

    def wanted(given: int, sent: Sequence[Sent]) -> bool:
        lost = sum(not _is_answered(each.exchange) for each in sent)
        return given < pairs and clock.now() <= ends and lost <= _MOST_LOST

    schedules = [
        Schedule(began + part * every, lambda sent: max(every, _SPACED * usual(sent, 0.0)), wanted, clock)
        for part in (0, 0.5)
    ]
    asks = [(schedule, side.ask) for schedule, side in zip(schedules, sides, strict=True)]
    follow(asks, clock, sides[0].prober.budget.abandon)
    for side, schedule in zip(sides, schedules, strict=True):
        side.take(schedule.sent, prove)


def _turns(old: Side, new: Side, found: Comparison) -> Turns:
    lost = [isnan(before) or isnan(after) for before, after in zip(old.times, new.times, strict=False)]

    def kept(times: list[float]) -> tuple[float, ...]:
        return tuple(time for time, gone in zip(times, lost, strict=False) if not gone)

    return Turns(
        kept(old.times),
        kept(new.times),
        found,
        tuple(old.cold),
        tuple(new.cold),
        kept(old.due),
        kept(new.due),
        max(old.held, new.held),
    )


def _is_answered(exchange: Exchange) -> bool:
    return isinstance(exchange.result, Answer) and not blocked(exchange.result)
