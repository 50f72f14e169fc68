"""Samples of one request, each sent when it is due, for as long as it makes sense."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from backstop.model.http import Exchange, NoAnswer, Request
from backstop.observe.samples import why_lost
from backstop.observe.schedule import LEAST_S, Schedule, Sent, follow, once_each, usual
from backstop.polling import SYSTEM, Clock
from backstop.probes.prober import Prober, worth_another

SPARE = 2  # connections more than requests are usually under way: a slow answer delays no other
SAMPLES = 20
COLD_S = 1.5  # half of what Discord waits, so that the bot has the other half
SLOW_S = 3.0  # Discord drops an interaction that is not answered by then
_ENOUGH = 5  # samples of a bot that is too slow to be asked for all
_PATIENCE_S = 3.0
_SILENCES = 2  # in a row: it does not answer, which other checks say
IDLE_S = 3.0  # of a connection; it is given up after four


@dataclass(frozen=True, slots=True)
class Sampled:
    """The samples, and the first request over each connection, whose time says nothing of the others."""

    first: tuple[Exchange, ...]
    sent: tuple[Sent, ...]


def sample(prober: Prober, request: Request, concurrency: int = 1, clock: Clock = SYSTEM) -> Sampled:
    """Ask over kept connections as often as a bot answers, ``concurrency`` at once.

    20 samples, and as many again where it stalled or failed a single time: a hiccup of the way does not come
    twice. After 3 seconds of asking, that stall left out, no more than 5; twice as long to see whether it
    comes again, and none after two silences in a row.
    """
    with ExitStack() as stack:
        lanes = [stack.enter_context(prober.apart()) for _ in range(concurrency + SPARE)]
        asks = [partial(lane.ask, request) for lane in lanes]
        first = once_each(asks, clock, prober.budget.abandon)
        expected = min(without_connecting(each) for each in first)

        schedule = Schedule(
            clock.now(),
            lambda sent: spacing(usual(sent, expected), concurrency),
            lambda given, sent: wanted(given, sent, concurrency),
            clock,
        )
        follow([(schedule, ask) for ask in asks], clock, prober.budget.abandon)
        return Sampled(first, schedule.sent)


def spacing(takes: float, concurrency: int) -> float:
    """Seconds between two requests of which so many are to be under way, where an answer takes so long."""
    return max(LEAST_S, min(takes / concurrency, (takes + IDLE_S) / (concurrency + SPARE)))


def stalls(sent: Sequence[Sent]) -> int:
    """How often it took longer than ``SLOW_S``; those that waited for the same thing count once.

    They do where they waited at the same time, unless one that went out meanwhile was answered in between:
    then the way was open, and the bot was slow twice.
    """
    return len(_stalled(sent))


def _stalled(sent: Sequence[Sent]) -> list[list[Sent]]:
    found: list[list[Sent]] = []
    quick = [each for each in sent if _took(each) <= SLOW_S]
    for each in sorted((each for each in sent if _took(each) > SLOW_S), key=lambda each: each.at):
        at_once = found and each.at < _back(found[-1][0])
        if at_once and not _passed(found[-1][-1], each, quick):
            found[-1].append(each)
        else:
            found.append([each])
    return found


def _passed(first: Sent, then: Sent, quick: Sequence[Sent]) -> bool:
    """Whether a quick one went out after ``first``, and was back before ``then`` went out."""
    return any(first.at < each.at and _back(each) <= then.at for each in quick)


def wanted(given: int, sent: Sequence[Sent], concurrency: int = 1) -> bool:
    """Whether one more sample makes sense, after so many requests, of which these were answered, or not."""
    odd = stalls(sent) + sum(worth_another(each.exchange) for each in sent if _took(each) <= SLOW_S)
    twice = 2 if odd == 1 else 1
    if silent(sent) or (_enough(given, sent) and _spent(sent) > twice * concurrency * _PATIENCE_S):
        return False
    return given < twice * SAMPLES


def _enough(given: int, sent: Sequence[Sent]) -> bool:
    """Whether a slow bot was asked often enough: what is no warm sample is made up for, as often again."""
    spoilt = sum(each.exchange.timing.cold or bool(why_lost(each.exchange)) for each in sent)
    return given >= _ENOUGH + min(spoilt, _ENOUGH)


def without_connecting(exchange: Exchange) -> float:
    """How many seconds an exchange took, less those in which its connection was made."""
    timing = exchange.timing
    return timing.total - (timing.connect or 0.0) - (timing.tls or 0.0)


def _took(sent: Sent) -> float:
    return sent.exchange.timing.total


def _back(sent: Sent) -> float:
    return sent.at + _took(sent)


def _spent(sent: Sequence[Sent]) -> float:
    """Seconds; the longest stall is left out, or the longest answer where none was one."""
    stalled = [sum(map(_took, together)) for together in _stalled(sent)]
    return sum(map(_took, sent)) - max(stalled or map(_took, sent), default=0.0)


def silent(sent: Sequence[Sent]) -> bool:
    """Whether it does not answer any more: more requests would each wait as long as a request may."""
    last = sent[-_SILENCES:]
    return len(last) == _SILENCES and all(isinstance(each.exchange.result, NoAnswer) for each in last)
