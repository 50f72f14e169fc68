"""What of a look people are alerted of, and how severe that is, by the rows of the policy. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from backstop.journal.facts import CheckFacts
from backstop.journal.rules import tells_against
from backstop.model.severity import Severity
from backstop.policy.rule import Ruling
from backstop.policy.thresholds import Measure

# Red from where on the policy decides something; of what people are alerted, errors.alert says.
_DECIDES_ONLY = frozenset({"errors.probes", "errors.tail"})
_MEASURED_BY = {
    Measure.ERROR_RATE: "errors",
    Measure.UNAUTHORISED: "errors",
    Measure.MEAN: "latency",
    Measure.SLOWER: "latency",
}


def alarms(check: CheckFacts) -> bool:
    """Whether a red check is one of which people are alerted."""
    return check.check not in _DECIDES_ONLY


def as_measured(checks: Iterable[CheckFacts], ruling: Ruling) -> tuple[CheckFacts, ...]:
    """The same checks, where what is red is as severe as what was measured for its suite.

    A rate knows more levels than the check that is red of it: a mean above 5 s is high, all requests failing
    critical.
    """
    heaviest: dict[str, Severity] = {}
    for each in ruling.fired:
        suite = _MEASURED_BY.get(each.row.measure) if each.row.measure and not each.checks else None
        if suite is not None:
            heaviest[suite] = max(heaviest.get(suite, Severity.NONE), each.row.severity)
    return tuple(
        replace(check, severity=max(check.severity, heaviest.get(check.suite, Severity.NONE)))
        if tells_against(check) and alarms(check)
        else check
        for check in checks
    )
