"""``drills`` of a target: when it may not be drilled, and what a drill may cost of its month."""

from __future__ import annotations

import re
from datetime import date, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from backstop.model.drill_rules import Days, DrillRules, EveryWeek
from backstop.settings.table import Table, shown

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY = "|".join(_DAYS)
_WEEKLY = re.compile(rf"({_DAY}) (\d\d:\d\d)-({_DAY}) (\d\d:\d\d)")
_DATES = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)")
_WANTED = 'wanted such as "Fri 16:00-Mon 08:00" or "2026-12-20/2027-01-06"'


def read_drill_rules(table: Table) -> DrillRules:
    """The rules that a target states; what is wrong with them is left with the table."""
    rules = table.table("drills", 'a table, such as { not_in = ["Fri 16:00-Mon 08:00"] }')
    if rules is None:
        return DrillRules()
    windows = (_window(rules, text) for text in rules.texts("not_in"))
    found = DrillRules(
        tuple(window for window in windows if window is not None),
        _timezone(rules),
        rules.number("error_budget"),
    )
    rules.finish()
    return found


def _window(rules: Table, text: str) -> EveryWeek | Days | None:
    try:
        if weekly := _WEEKLY.fullmatch(text):
            from_day, from_time, to_day, to_time = weekly.groups()
            return EveryWeek(text, *_moment(from_day, from_time), *_moment(to_day, to_time))
        if dates := _DATES.fullmatch(text):
            first, last = (date.fromisoformat(each) for each in dates.groups())
            if first <= last:
                return Days(text, first, last)
            rules.fault("not_in", f"found {shown(text)}, which ends before it begins")
            return None
    except ValueError as error:
        rules.fault("not_in", f"found {shown(text)}: {error}")
        return None
    rules.fault("not_in", f"found {shown(text)}, {_WANTED}")
    return None


def _moment(day: str, at: str) -> tuple[int, time]:
    """A weekday and a time; 24:00 is the beginning of the next day. Raises ValueError for what is no time."""
    number = _DAYS.index(day)
    if at == "24:00":
        return (number + 1) % len(_DAYS), time()
    hour, minute = map(int, at.split(":"))
    return number, time(hour, minute)


def _timezone(rules: Table) -> ZoneInfo | None:
    name = rules.text("timezone")
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        rules.fault("timezone", f"found {shown(name)}, wanted a name such as Europe/Berlin, or UTC")
        return None
