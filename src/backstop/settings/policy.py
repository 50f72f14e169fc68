"""``policy`` of a target: what differs from the decision policy's defaults, and makes sense together."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from backstop.model.severity import Severity
from backstop.model.target import PolicyChange
from backstop.policy.table import may_be_off
from backstop.policy.thresholds import Measure, Policy
from backstop.settings.faults import listed, nearest
from backstop.settings.table import Table

_LIGHTEST_FIRST = tuple(each for each in Severity if each is not Severity.NONE)
_SEVERITIES = tuple(each.value for each in _LIGHTEST_FIRST)
_MOST_PERCENT = 100


def read_policy(table: Table) -> tuple[PolicyChange, ...]:
    """For each severity what differs; figures that contradict those of another severity are faults."""
    policy = table.table("policy")
    if policy is None:
        return ()
    changes = tuple(_change(policy, name) for name, _ in policy.items())
    _refuse_contradictions(policy, Policy(changes))
    return changes


def with_usual_rate(changes: tuple[PolicyChange, ...], usual: float | None) -> tuple[PolicyChange, ...]:
    """The same, where a monitor's ``unauthorised_per_minute`` says from where on *medium* begins.

    What the policy itself says of it counts more.
    """
    if usual is None:
        return changes
    bare = PolicyChange(Severity.MEDIUM)
    medium = next((each for each in changes if each.severity is Severity.MEDIUM), bare)
    if medium.unauthorised_per_minute is not None:
        return changes
    others = tuple(each for each in changes if each.severity is not Severity.MEDIUM)
    return (*others, replace(medium, unauthorised_per_minute=usual))


def _change(policy: Table, name: str) -> PolicyChange:
    changes = policy.table(name)
    if name not in _SEVERITIES:
        problem = f"unknown severity; wanted one of {listed(_SEVERITIES)}{nearest(name, _SEVERITIES)}"
        policy.fault(name, problem)
        return PolicyChange(Severity.NONE)
    severity = Severity(name)
    if changes is None:
        return PolicyChange(severity)
    change = PolicyChange(
        severity,
        mean_ms=changes.number("mean_ms"),
        error_rate_percent=_percent(changes, Measure.ERROR_RATE),
        alert_error_rate_percent=_percent(changes, Measure.ALERT),
        unauthorised_per_minute=changes.number(Measure.UNAUTHORISED.value),
        slower_percent=changes.number("slower_percent"),
        act_within_s=changes.number("act_within_s"),
        slower_min_ms=changes.number("slower_min_ms"),
        off=_off(changes, severity),
    )
    changes.finish()
    return change


def _percent(changes: Table, measure: Measure) -> float | None:
    name = measure.value
    found = changes.number(name)
    if found is not None and found > _MOST_PERCENT:
        changes.wanted(name, "a number above 0 and at most 100: per cent of the requests")
        return None
    return found


def _off(changes: Table, severity: Severity) -> tuple[str, ...]:
    known = may_be_off(severity)
    found = changes.texts("off")
    for name in found:
        if name not in known:
            hint = nearest(name, known) or f"; of this severity there are: {listed(known)}"
            changes.fault("off", f'the policy has no row "{name}" that can be switched off{hint}')
    return tuple(name for name in found if name in known)


def _refuse_contradictions(policy: Table, changed: Policy) -> None:
    """A heavier severity begins at more, and wants to be acted on sooner."""
    for lighter, heavier in pairwise(_LIGHTEST_FIRST):
        for measure in Measure:
            low, high = _begins(changed, measure, lighter), changed.limit(measure, heavier)
            if low is not None and high is not None and low > high:
                key, own = measure.value, _own(changed, measure.value, lighter, heavier)
                problem = f"{lighter.value} would begin at {low:g}, above the {high:g} of {heavier.value}"
                policy.fault(own, f"{key}: {problem}; wanted a heavier severity to begin at more")
        slow, quick = changed.act_within(lighter), changed.act_within(heavier)
        if slow is not None and quick is not None and slow < quick:
            own = _own(changed, "act_within_s", lighter, heavier)
            problem = f"{lighter.value} would want it within {slow:g} s, {heavier.value} within {quick:g} s"
            policy.fault(own, f"act_within_s: {problem}; wanted a heavier severity to be acted on sooner")


def _begins(changed: Policy, measure: Measure, severity: Severity) -> float | None:
    """Where this severity begins, or else the nearest lighter one that begins anywhere."""
    upwards = _LIGHTEST_FIRST[: _LIGHTEST_FIRST.index(severity) + 1]
    return next((at for each in reversed(upwards) if (at := changed.limit(measure, each)) is not None), None)


def _own(changed: Policy, key: str, lighter: Severity, heavier: Severity) -> str:
    """The severity that the target itself says something of: the fault is there."""
    stated = {change.severity for change in changed.changes if getattr(change, key) is not None}
    return heavier.value if heavier in stated and lighter not in stated else lighter.value
