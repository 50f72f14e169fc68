"""What looks at one subject add up to: when people are told, and when they are told that it is over. Pure.

The rules. A look that could not look is neither a failure nor a pass: it moves nothing, and nor does one that
found less than people are alerted of, so that what was raised stands until it is well. A run of failures
raises an alert, and so do several within a while; a run of passes resolves it. One that grows worse is told
again at once, one that lasts is told again now and then. Where raised and resolved take turns too fast,
people are told once that it is flapping, and then nothing more until it has settled on either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from backstop.model.monitor_rules import MonitorRules
from backstop.model.severity import Severity

_SETTLED = 3  # times the usual run of failures, and what flapped has settled on failing
_MOST = 1000  # moments that are remembered of each kind


class Seen(Enum):
    """What a look says of a subject; UNSEEN is none that counts, BELOW is red, but nothing to alert of."""

    PASSED = "passed"
    FAILED = "failed"
    BELOW = "below"
    UNSEEN = "unseen"


class Told(Enum):
    """What people are told, in the words of the journal."""

    RAISED = "raised"
    REMINDED = "reminded"
    RESOLVED = "resolved"
    FLAPPING = "flapping"


@dataclass(frozen=True, slots=True)
class Sight:
    """One look at one subject, which ended ``at``; ``severity`` is that of what failed."""

    at: datetime
    seen: Seen
    severity: Severity = Severity.NONE


@dataclass(frozen=True, slots=True)
class Alert:
    """A subject as it stands. All times are UTC.

    ``failures`` and ``passes`` count the present run. ``failed`` are the looks that failed of late,
    ``turned`` the moments at which it was raised or resolved. ``since`` is the first failure of what is wrong
    now, ``looks`` counts the failed looks since then. ``raised`` is when it was raised, ``told`` when people
    were told last. ``last`` is the end of the newest look, and ``seen`` what that was.
    """

    subject: str
    failures: int = 0
    passes: int = 0
    looks: int = 0
    severity: Severity = Severity.NONE
    since: datetime | None = None
    raised: datetime | None = None
    told: datetime | None = None
    last: datetime | None = None
    seen: Seen = Seen.UNSEEN
    flapping: bool = False
    failed: tuple[datetime, ...] = ()
    turned: tuple[datetime, ...] = ()


def weigh(alert: Alert, sight: Sight, rules: MonitorRules) -> tuple[Alert, Told | None]:
    """The alert after one more look, and what people are to be told of it, if anything."""
    before = _in_time(alert, sight.at, rules)
    now = replace(before, last=sight.at, seen=sight.seen)
    if sight.seen in {Seen.UNSEEN, Seen.BELOW}:
        return now, None
    if sight.seen is Seen.PASSED:
        return _passed(now, sight.at, rules)
    return _failed(now, sight, rules)


def _failed(alert: Alert, sight: Sight, rules: MonitorRules) -> tuple[Alert, Told | None]:
    failed = (*alert.failed, sight.at)[-max(rules.often, 1) :]
    now = replace(alert, failures=alert.failures + 1, passes=0, looks=alert.looks + 1, failed=failed)
    now = replace(now, since=alert.since or sight.at)
    if alert.raised is None:
        return _perhaps_raised(replace(now, severity=max(alert.severity, sight.severity)), sight.at, rules)
    if alert.flapping:
        return _unsettled(replace(now, severity=max(alert.severity, sight.severity)), sight.at, rules)
    if sight.severity > alert.severity:
        return replace(now, severity=sight.severity, told=sight.at), Told.RAISED
    return _reminded(now, sight.at, rules)


def _perhaps_raised(alert: Alert, at: datetime, rules: MonitorRules) -> tuple[Alert, Told | None]:
    often = len(alert.failed) >= rules.often
    if alert.failures < rules.raise_after and not often:
        return alert, None
    now = replace(alert, raised=at)
    if often:
        now = replace(
            now, since=min(alert.since or at, *alert.failed), looks=max(alert.looks, len(alert.failed))
        )
    return _turned(now, at, rules, Told.RAISED)


def _passed(alert: Alert, at: datetime, rules: MonitorRules) -> tuple[Alert, Told | None]:
    now = replace(alert, failures=0, passes=alert.passes + 1)
    if alert.raised is None:
        calm = replace(now, since=None, looks=0, severity=Severity.NONE)
        return _calmed(calm, at) if alert.flapping else (calm, None)
    if now.passes < rules.resolve_after:
        return now, None
    return _turned(now, at, rules, Told.RESOLVED)


def _turned(alert: Alert, at: datetime, rules: MonitorRules, told: Told) -> tuple[Alert, Told | None]:
    """Raised or resolved; once too many of these, flapping."""
    now = replace(alert, turned=(*alert.turned, at)[-max(rules.changes, 1) :])
    if told is Told.RESOLVED:
        now = replace(now, raised=None, since=None, looks=0, severity=Severity.NONE, failed=())
    if alert.flapping:
        return now, None
    if len(now.turned) >= rules.changes:
        return replace(now, flapping=True, told=at), Told.FLAPPING
    return replace(now, told=at), told


def _unsettled(alert: Alert, at: datetime, rules: MonitorRules) -> tuple[Alert, Told | None]:
    """Raised and flapping: told again once it fails steadily."""
    if alert.failures >= _SETTLED * rules.raise_after:
        return replace(alert, flapping=False, told=at), Told.RAISED
    return _reminded(alert, at, rules)


def _calmed(alert: Alert, at: datetime) -> tuple[Alert, Told | None]:
    """Resolved and flapping: told once it has been so for the whole while in which it is called flapping."""
    if alert.turned:
        return alert, None
    return replace(alert, flapping=False, told=at), Told.RESOLVED


def _reminded(alert: Alert, at: datetime, rules: MonitorRules) -> tuple[Alert, Told | None]:
    if alert.told is not None and at - alert.told < timedelta(seconds=rules.remind_s):
        return alert, None
    return replace(alert, told=at), Told.REMINDED


def _in_time(alert: Alert, at: datetime, rules: MonitorRules) -> Alert:
    """What is remembered, without what is too old. What lies ahead of a clock that was set back is now."""
    return replace(
        alert,
        since=_not_ahead(alert.since, at),
        raised=_not_ahead(alert.raised, at),
        told=_not_ahead(alert.told, at),
        failed=tuple(_within(alert.failed, at, rules.often_s)),
        turned=tuple(_within(alert.turned, at, rules.flapping_s)),
    )


def _not_ahead(moment: datetime | None, at: datetime) -> datetime | None:
    return None if moment is None else min(moment, at)


def _within(moments: tuple[datetime, ...], at: datetime, seconds: float) -> Iterator[datetime]:
    since = at - timedelta(seconds=seconds)
    return (min(moment, at) for moment in moments[-_MOST:] if moment > since)
