"""The figures from which on a target's policy speaks, as the checks weigh them."""

from __future__ import annotations

from backstop.model.severity import Severity
from backstop.model.target import Target
from backstop.policy.thresholds import Measure, Policy
from backstop.statistics.slowdown import Rule


def mean_limit(target: Target, severity: Severity = Severity.LOW) -> float:
    """The mean time to first byte, in seconds, that it begins above; infinite where it never does."""
    return _limit(target, Measure.MEAN, severity) / 1000


def error_limit(target: Target, severity: Severity = Severity.MEDIUM) -> float:
    """The error rate, from 0 to 1, that this severity begins above."""
    return _limit(target, Measure.ERROR_RATE, severity) / 100


def alert_limit(target: Target, severity: Severity = Severity.MEDIUM) -> float:
    """The error rate, from 0 to 1, above which people are alerted."""
    return _limit(target, Measure.ALERT, severity) / 100


def unauthorised_limit(target: Target) -> float | None:
    """How many requests a minute may be answered 401 or 403; None where the target says nothing of it."""
    policy, weighs = Policy(target.policy), (Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)
    limits = (policy.limit(Measure.UNAUTHORISED, severity) for severity in weighs)
    return next((limit for limit in limits if limit is not None), None)


def slower_rule(target: Target) -> Rule:
    """From which ratio, and which difference, on a version counts as slower than the one before it."""
    return Rule(
        limit=1 + _limit(target, Measure.SLOWER, Severity.HIGH) / 100,
        least=Policy(target.policy).slower_min_ms / 1000,
    )


def _limit(target: Target, measure: Measure, severity: Severity) -> float:
    limit = Policy(target.policy).limit(measure, severity)
    return float("inf") if limit is None else limit
