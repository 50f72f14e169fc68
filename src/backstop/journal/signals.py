"""What a journal tells the decision policy. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from statistics import fmean
from typing import Any

from backstop.journal.events import (
    ErrorRateSeen,
    Event,
    LatencyCompared,
    LatencySampled,
    MinuteWatched,
    OutsideSeen,
    PolicyDiffers,
    Problem,
    UnauthorisedSeen,
)
from backstop.journal.facts import CheckFacts, Facts
from backstop.journal.record import select
from backstop.journal.rules import tells_against, told_against
from backstop.model.outside import Outside, State
from backstop.model.run import Phase
from backstop.model.severity import Severity
from backstop.model.target import PolicyChange
from backstop.model.verdict import Ending, Outcome
from backstop.policy.signals import Rate, Red, Signals
from backstop.policy.thresholds import Measure, Policy

_FIGURES = frozenset(measure.value for measure in Measure) | {"act_within_s"}
_UNSURE = frozenset({Outcome.INCONCLUSIVE, Outcome.DEGRADED})
_SLOWER = "slower"
_MINUTE_S = 60.0
_TELLS_HOW_THEY_ARE = {"discord.status": Outside.DISCORD, "triage.cloudflare": Outside.CLOUDFLARE}
_DISCORD_TOKEN = "discord.token"  # noqa: S105 - the id of a check


def signals_of(facts: Facts) -> Signals:
    """What is wrong with the bot by a whole session. What was measured while a fault served is left out."""
    faulty = {stage.name for stage in facts.stages if stage.phase is Phase.FAULT}
    rates = [event for event in _of(facts, ErrorRateSeen, faulty) if event.sent > 0]
    means = [fmean(event.warm) for event in _of(facts, LatencySampled, faulty) if event.warm]
    slower = [max(event.low, 0.0) for event in _of(facts, LatencyCompared, faulty) if event.answer == _SLOWER]
    return Signals(
        red=reds(check for check in facts.checks if tells_against(check) or told_against(check)),
        errors=max((_rate(each) for each in rates), key=lambda rate: (rate.low, rate.seen), default=None),
        mean_ms=max(means, default=None),
        slower=max(slower, default=None),
        unauthorised=max(_unauthorised(facts), default=None),
        rejected=any(problem.ending == Ending.FAILED for _, problem in select(facts.records, Problem)),
        out=frozenset(_outside(facts, State.OUT)),
        failing=frozenset(_outside(facts, State.CONTRADICTED)),
        doubted=frozenset(_doubted(facts)),
        unasked=frozenset(who for who, event in _seen_outside(facts) if not event.asked),
        unsure=reds(check for check in facts.checks if check.outcome in _UNSURE),
    )


def reds(checks: Iterable[CheckFacts]) -> frozenset[Red]:
    """Checks as the policy knows them."""
    return frozenset(Red(check.check, check.severity) for check in checks)


def policy_of(facts: Facts) -> Policy:
    """The policy that the session was run under: the defaults, where its journal says nothing else."""
    return Policy(tuple(_change(event) for _, event in select(facts.records, PolicyDiffers)))


def told_of(changes: Iterable[PolicyChange]) -> Iterator[PolicyDiffers]:
    """A target's changes of the policy, for its journal."""
    for change in changes:
        figures = {name: getattr(change, name) for name in sorted(_FIGURES)}
        known = {name: float(value) for name, value in figures.items() if value is not None}
        yield PolicyDiffers(change.severity.value, known, change.off)


def _change(event: PolicyDiffers) -> PolicyChange:
    """A severity that is none here changes nothing."""
    severity = next((each for each in Severity if each.value == event.severity), Severity.NONE)
    figures: dict[str, Any] = {name: value for name, value in event.figures.items() if name in _FIGURES}
    return PolicyChange(severity, off=event.off, **figures)


def _of(facts: Facts, kind: type[Event], faulty: set[str]) -> Iterator[Any]:
    return (event for _, event in select(facts.records, kind) if getattr(event, "stage", "") not in faulty)


def _rate(event: ErrorRateSeen) -> Rate:
    return Rate(event.failed / event.sent, event.low)


def _doubted(facts: Facts) -> Iterator[Outside]:
    """Whose page said nothing, or whose token here did not prove good: a reset token is no deploy's doing."""
    yield from _outside(facts, State.UNSEEN)
    for check in facts.checks:
        unseen = check.check in _TELLS_HOW_THEY_ARE and check.outcome is Outcome.INCONCLUSIVE
        if unseen or (check.check == _DISCORD_TOKEN and check.outcome is not Outcome.PASS):
            yield _TELLS_HOW_THEY_ARE.get(check.check, Outside.DISCORD)


def _unauthorised(facts: Facts) -> Iterator[float]:
    """Requests a minute: at least so many by the looks of a monitor, and those of a watch as a whole."""
    for _, seen in select(facts.records, UnauthorisedSeen):
        yield _MINUTE_S * seen.requests / max(seen.seconds, 1.0) if not seen.looks else seen.low
    watched = [minute for _, minute in select(facts.records, MinuteWatched)]
    if seconds := sum(minute.seconds - minute.blind for minute in watched):
        yield _MINUTE_S * sum(minute.unauthorised for minute in watched) / max(seconds, 1.0)


def _outside(facts: Facts, state: State) -> Iterator[Outside]:
    return (who for who, event in _seen_outside(facts) if event.state == state.value)


def _seen_outside(facts: Facts) -> Iterator[tuple[Outside, OutsideSeen]]:
    for _, event in select(facts.records, OutsideSeen):
        who = next((each for each in Outside if each.value == event.who), None)
        if who is not None:
            yield who, event
