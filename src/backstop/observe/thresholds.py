"""The figures from which on a target's policy speaks; defaults where it says nothing."""

from __future__ import annotations

from backstop.model.severity import Severity
from backstop.model.target import PolicyChange, Target
from backstop.statistics.slowdown import Rule

_MEAN_MS = {Severity.LOW: 1000.0, Severity.MEDIUM: 2000.0, Severity.HIGH: 5000.0}
_ERROR_RATE_PERCENT = {Severity.LOW: 2.0, Severity.MEDIUM: 5.0, Severity.HIGH: 50.0}

_SLOWER_PERCENT = 50.0
_SLOWER_MIN_MS = 150.0


def mean_limit(target: Target, severity: Severity = Severity.LOW) -> float:
    """The mean time to first byte, in seconds, that this severity begins above."""
    changed = _changed(target, severity)
    told = changed.mean_ms if changed else None
    return (_MEAN_MS[severity] if told is None else told) / 1000


def error_limit(target: Target, severity: Severity = Severity.MEDIUM) -> float:
    """The error rate, from 0 to 1, that this severity begins above."""
    changed = _changed(target, severity)
    told = changed.error_rate_percent if changed else None
    return (_ERROR_RATE_PERCENT[severity] if told is None else told) / 100


def slower_rule(target: Target) -> Rule:
    """From which ratio, and which difference, on a version counts as slower than the one before it."""
    changed = _changed(target, Severity.HIGH)
    percent = changed.slower_percent if changed else None
    least = changed.slower_min_ms if changed else None
    return Rule(
        limit=1 + (_SLOWER_PERCENT if percent is None else percent) / 100,
        least=(_SLOWER_MIN_MS if least is None else least) / 1000,
    )


def _changed(target: Target, severity: Severity) -> PolicyChange | None:
    return next((change for change in target.policy if change.severity is severity), None)
