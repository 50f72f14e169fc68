"""Old and new asked in turns: what changes on the way to the bot meets both alike, so that it can't mislead.

Both must be reachable at once: they share a deployment, where one may have no part of the traffic and a
header asks for one of them, or they have two addresses. That header is ignored without a word where it can't
be met, and an address leads to what it leads to: every sample's version is proven.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from math import isnan, nan
from uuid import uuid4

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, Request, Timing
from backstop.model.version import VersionId
from backstop.observe.latency import from_nothing
from backstop.observe.schedule import interval, lateness
from backstop.polling import SYSTEM, Clock
from backstop.probes.hurdles import blocked
from backstop.probes.prober import Prober
from backstop.rollback.edge_witness import MARKER
from backstop.statistics.slowdown import LOOKS, Comparison, Rule, compare, enough

OVERRIDES = "Cloudflare-Workers-Version-Overrides"
_WARM_UPS = 2  # of each version: the first opens its connection
_PATIENCE_S = 120.0  # after which no more pairs are taken of bots that are slow
_MOST_LOST = 5  # pairs

Prove = Callable[[Exchange], VersionId | None]


@dataclass(slots=True)
class Side:
    """One of the two: how it is asked, over a connection of its own, and its times in seconds.

    A time that was lost is not a number; ``cold`` are those over a new connection. ``sent`` has the timing of
    each request that ``times`` has.
    """

    version: VersionId
    request: Request
    prober: Prober
    times: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    sent: list[Timing] = field(default_factory=list)

    def due(self, per_minute: float | None) -> list[float]:
        """The times from when each was due; empty where none went out late.

        Each version has a schedule of its own: what one of them is late for tells nothing of the other.
        """
        late = lateness(self.sent, interval(self.sent, per_minute))
        return [time + after for time, after in zip(self.times, late, strict=True)] if any(late) else []


@dataclass(frozen=True, slots=True)
class Turns:
    """What came of it, in seconds: the usable times of each in pairs, how they compare, and the cold ones.

    What is compared are times from the send, which know nothing of each other. ``due`` are the same from when
    each was due, empty where none went out late.
    """

    old: tuple[float, ...]
    new: tuple[float, ...]
    comparison: Comparison
    cold_old: tuple[float, ...] = ()
    cold_new: tuple[float, ...] = ()
    due_old: tuple[float, ...] = ()
    due_new: tuple[float, ...] = ()


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
    """Ask both until it is decided, at most forty times each; in every second pair the new one comes first.

    Raises CouldNotLook where another version answers than the one that was asked for, where that can't be
    proven, and where too many requests are lost.
    """
    with ExitStack() as stack:
        old, new = (
            Side(arm.version, arm.request, stack.enter_context(prober.apart()))
            for arm in (pair.old, pair.new)
        )
        for side in (old, new) * _WARM_UPS:
            _ask(side, prove, warm_up=True)
        return _pairs(old, new, prove, rule, clock)


def _pairs(old: Side, new: Side, prove: Prove, rule: Rule, clock: Clock) -> Turns:
    ends = clock.now() + _PATIENCE_S
    while True:
        for side in (old, new) if len(old.times) % 2 == 0 else (new, old):
            _ask(side, prove)
        found = compare(old.times, new.times, rule)
        if found.unusable > _MOST_LOST:
            message = (
                f"{found.unusable} of {len(old.times)} pairs of {old.version} and {new.version} were lost"
            )
            raise CouldNotLook(message, remedy="see health.error-rate and health.connections")
        at_a_look = len(old.times) in LOOKS
        if (at_a_look and enough(found)) or clock.now() > ends:
            return _turns(old, new, found)


def _turns(old: Side, new: Side, found: Comparison) -> Turns:
    lost = [isnan(before) or isnan(after) for before, after in zip(old.times, new.times, strict=True)]
    most = old.prober.budget.per_minute
    each = most / 2 if most else None

    def kept(times: list[float]) -> tuple[float, ...]:
        return tuple(time for time, gone in zip(times, lost, strict=True) if not gone) if times else ()

    before, after = kept(old.times), kept(new.times)
    return Turns(
        before, after, found, tuple(old.cold), tuple(new.cold), kept(old.due(each)), kept(new.due(each))
    )


def _ask(side: Side, prove: Prove, *, warm_up: bool = False) -> None:
    exchange = side.prober.ask(again(side.request))
    timing, answered = exchange.timing, isinstance(exchange.result, Answer) and not blocked(exchange.result)
    if answered and (seen := prove(exchange)) != side.version and not (warm_up and seen is None):
        found = f"{seen} answered" if seen else "which version answered can't be seen"
        message = f"asked for {side.version}, {found}"
        raise CouldNotLook(message, remedy="look again when one version serves, or show the version's id")
    if answered and timing.cold:
        side.cold.append(from_nothing(timing))
    if not warm_up:
        usable = answered and not timing.cold and timing.first_byte is not None
        side.times.append((timing.first_byte or nan) if usable else nan)
        side.sent.append(timing)
