"""How a subject stands, in words."""

from __future__ import annotations

from datetime import datetime

from backstop.model.monitor_rules import MonitorRules
from backstop.monitor.alert import Alert, Seen, Told
from backstop.monitor.sequence import Standing


def standing(before: Alert, after: Alert, rules: MonitorRules) -> str:
    """A line for whoever looks: how it stands after this look."""
    shaky = ", flapping" if after.flapping else ""
    if after.seen is Seen.UNSEEN:
        return f"could not look, which counts neither way; {_of_before(after)}{shaky}"
    if after.seen is Seen.BELOW:
        less = "above what the policy allows, below what people are alerted of"
        return f"{less}; {_of_before(after)}{shaky}"
    if after.seen is Seen.PASSED:
        return _well(before, after, rules) + shaky
    failing = f"failing for {_looks(after.looks)} since {_moment(after.since, after.last)}"
    if after.raised is None:
        return f"{failing}, no alert yet ({after.failures} of {rules.raise_after} in a row){shaky}"
    return f"{failing}, alert raised at {_moment(after.raised, after.last)}{shaky}"


def told_in_words(before: Standing, after: Standing, told: Told) -> str:
    """What people are told."""
    alert = after.alert
    subject, at = alert.subject, alert.last
    if told is Told.RESOLVED:
        passed = f"{_looks(alert.passes)} passed in a row"
        return f"{subject} is well again: {passed}{_failed_before(before.alert, at)}"
    if told is Told.FLAPPING:
        turns = f"raised and resolved {len(alert.turned)} times of late"
        return f"{subject} is flapping: {turns}; nothing more is told until it settles"
    since = _moment((alert if alert.since else before.alert).since, at)
    if told is Told.REMINDED:
        return f"{subject} is still failing: {_looks(alert.looks)} failed since {since}"
    grown = before.known.raised and not before.known.flapping
    worse = f" and is worse than before: {alert.severity.value}" if grown else ""
    return f"{subject} is failing{worse}: {_looks(alert.looks)} failed since {since}"


def _failed_before(alert: Alert, at: datetime | None) -> str:
    """How long it was failing; nothing where it was another machine that saw the end."""
    return f"; {_looks(alert.looks)} failed since {_moment(alert.since, at)}" if alert.since else ""


def _well(before: Alert, after: Alert, rules: MonitorRules) -> str:
    if after.raised is not None:
        raised = _moment(after.raised, after.last)
        return (
            f"well for {_looks(after.passes)} of {rules.resolve_after}, alert of {raised} stands until then"
        )
    if before.raised is not None:
        return f"well again, alert of {_moment(before.raised, after.last)} resolved"
    return "well"


def _of_before(alert: Alert) -> str:
    if alert.raised is not None:
        return f"alert raised at {_moment(alert.raised, alert.last)} stands"
    if alert.failures:
        return f"{_looks(alert.failures)} failed before it"
    return "no alert stands"


def _looks(number: int) -> str:
    return f"{number} look{'' if number == 1 else 's'}"


def _moment(moment: datetime | None, today: datetime | None) -> str:
    """The time of day in UTC, with the day where that is another."""
    if moment is None:
        return "now"
    same = today is not None and today.date() == moment.date()
    return f"{moment:%H:%M}" if same else f"{moment:%Y-%m-%d %H:%M}"
