"""The figures from which on a target's policy speaks; defaults where it says nothing."""

from __future__ import annotations

from backstop.model.severity import Severity
from backstop.model.target import PolicyChange, Target

_MEAN_MS = {Severity.LOW: 1000.0, Severity.MEDIUM: 2000.0, Severity.HIGH: 5000.0}
_ERROR_RATE_PERCENT = {Severity.LOW: 2.0, Severity.MEDIUM: 5.0, Severity.HIGH: 50.0}


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


def _changed(target: Target, severity: Severity) -> PolicyChange | None:
    return next((change for change in target.policy if change.severity is severity), None)
