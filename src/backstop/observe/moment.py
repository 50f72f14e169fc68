"""The time that a bot says it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MILLISECONDS_FROM = 1e11  # a number of seconds that large lies in the year 5138
_LARGEST = 1e18  # beyond that nothing is a time, and an integer may be too large for a float
# "Tue, 24 Nov 2026 12:00:00 GMT", as in a Date header, and what JavaScript makes of a Date as text
_MONTH, _DAY, _YEAR = r"(?P<month>[A-Z][a-z]{2})", r"(?P<day>\d\d)", r"(?P<year>\d{4})"
_CLOCK = r"(?P<clock>\d\d:\d\d:\d\d)"
_OF_HTTP = re.compile(rf"\w{{3}}, {_DAY} {_MONTH} {_YEAR} {_CLOCK} (?P<zone>GMT)$")
_OF_JAVASCRIPT = re.compile(rf"\w{{3}} {_MONTH} {_DAY} {_YEAR} {_CLOCK} GMT(?P<zone>[+-]\d{{4}})(?: \(|$)")
_SINCE_1970 = re.compile(r"\d{10,13}(?:\.\d{1,9})?")  # from 2001 on, so that no date is taken for it
_SECONDS = re.compile(r"\d:?\d\d:?\d\d")
_FRACTION = re.compile(r"\d:\d\d:\d\d[.,](\d+)")


@dataclass(frozen=True, slots=True)
class Moment:
    """``step`` is the resolution in seconds: two moments closer than that may be shown alike."""

    at: datetime
    step: float


def read_moment(value: object) -> Moment | None:
    """ISO 8601, seconds or milliseconds since 1970, also as text, or JavaScript's; None for anything else.

    Without a zone it is UTC, which is the zone of every worker.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, str) and _SINCE_1970.fullmatch(value):
        return _number(float(value) if "." in value else int(value))
    return _text(value) if isinstance(value, str) else None


def _number(value: float) -> Moment | None:
    if not abs(value) <= _LARGEST:
        return None
    milliseconds = abs(value) >= _MILLISECONDS_FROM
    seconds = value / 1000 if milliseconds else value
    fine = milliseconds or value != int(value)
    try:
        return Moment(datetime.fromtimestamp(seconds, UTC), 0.001 if fine else 1.0)
    except (OverflowError, OSError, ValueError):
        return None


def _text(value: str) -> Moment | None:
    try:
        at = _spelt_out(value) or datetime.fromisoformat(value)
    except ValueError:
        return None
    if ":" not in value:
        return None  # a day, and no time of it
    fraction = _FRACTION.search(value)
    step = 0.001 if fraction else 1.0 if _SECONDS.search(value) else 60.0
    return Moment(at if at.tzinfo else at.replace(tzinfo=UTC), step)


def _spelt_out(value: str) -> datetime | None:
    """A time with the name of its month; None for what is none. Raises ValueError where no such day is."""
    found = _OF_HTTP.match(value) or _OF_JAVASCRIPT.match(value)
    if found is None:
        return None
    return parsedate_to_datetime("{day} {month} {year} {clock} {zone}".format_map(found.groupdict()))
