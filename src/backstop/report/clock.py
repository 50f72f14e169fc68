"""Whether a machine's clock was set while a journal was written, and which day its times are of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from backstop.journal.record import Damaged, Record
from backstop.report.text import duration

_SET = 1.0  # seconds; what a clock is off by, and what is lost in rounding, is less


def of_several_days(records: Iterable[Record]) -> bool:
    """Whether a time of day alone does not say when something was."""
    return len({record.at.date() for record in records}) > 1


def clock_moved(records: Sequence[Record]) -> str:
    """By how much times of day left the time that really passed, and from which line on; else empty."""
    told = [record for record in records if not isinstance(record.event, Damaged)]
    if not told:
        return ""
    first = told[0]
    off = [((each.at - first.at).total_seconds() - (each.t - first.t), each.n) for each in told]
    most = max(off, key=lambda each: abs(each[0]))
    if abs(most[0]) <= _SET:
        return ""
    line = next(n for seconds, n in off if abs(seconds) > _SET)
    return f"{duration(abs(most[0]))} {'forth' if most[0] > 0 else 'back'}, from line {line} on"
