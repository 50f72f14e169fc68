"""The pages of an incident with several journals: one timeline, one verdict, every row with its journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from backstop.journal.events import RollbackPlanned
from backstop.journal.facts import CheckFacts
from backstop.journal.matrix import more_telling
from backstop.journal.merge import Merged, Part
from backstop.journal.record import NEVER, select
from backstop.model.run import Phase
from backstop.report import text
from backstop.report.clock import clock_moved, of_several_days
from backstop.report.details import Group, detail_groups
from backstop.report.incident import (
    Moment,
    incident_of,
    open_actions,
    phases_of,
    resolution_of,
    start_of,
    telling,
    written,
)
from backstop.report.outages import downtime
from backstop.report.paper import printed
from backstop.report.recovery import Recovery, recoveries
from backstop.report.signs import Sign, Tone, legend, sign_of_check, sign_of_verdict
from backstop.report.timeline import MOST_ROWS, TimelineRow, timeline
from backstop.report.told import told_rows

_MOST_CHECKS = 300
_MOST_PLACES = 8  # of one reason
_HUNDRED = 100.0


@dataclass(frozen=True, slots=True)
class Lane:
    """One journal in the table of all: ``x`` and ``width`` are hundredths of the whole incident's length."""

    part: Part
    sign: Sign
    x: float
    width: float
    lasted: str


@dataclass(frozen=True, slots=True)
class Row:
    """One moment of the timeline. ``where`` is its journal's letter and the line there."""

    at: datetime
    step: str
    text: str
    tone: Tone
    label: str
    line: int

    @property
    def where(self) -> str:
        """As the page cites it."""
        return f"{self.label} L{self.line}"


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check; ``cells`` has one entry for each journal, None where it did not run there."""

    check: CheckFacts
    cells: tuple[CheckFacts | None, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A reason against *verified*. ``line`` is its place, or places, as they are cited; None: of no line."""

    text: str
    line: str | None


def merged_page(merged: Merged) -> str:
    """``report.html`` of several journals; the same journals give the same bytes."""
    rows, more = merged_timeline(merged)
    checks, more_checks = _checks(merged)
    return printed(
        "merged.html.j2",
        m=merged,
        findings=_findings(merged),
        verdict=sign_of_verdict(merged.verdict),
        lanes=_lanes(merged),
        moved=_moved(merged),
        dated=_of_several_days(merged),
        recoveries=_recoveries(merged),
        checks=checks,
        more_checks=more_checks,
        failures=[(part, group) for part in merged.parts for group in _failures(part)],
        legend=legend(tuple(chain.from_iterable(part.conclusion.checks for part in merged.parts))),
        sign_of=sign_of_check,
        rows=rows,
        more_rows=more,
    )


def _people(merged: Merged) -> Iterator[str]:
    headers = (part.conclusion.facts.header for part in merged.parts)
    yield from dict.fromkeys(header.by for header in headers if header and header.by)


def merged_incident(merged: Merged) -> str:
    """``incident.md`` of several journals, in the procedure's form."""
    parts = [part for part in merged.parts if not part.conclusion.facts.is_drill] or list(merged.parts)
    about = merged.rolled_back or (parts[0] if parts else None)
    return written(
        {
            "c": merged,
            "findings": _findings(merged),
            "stamp": f"{merged.began:%Y-%m-%d-%H-%M}" if merged.began != NEVER else "no time is known",
            "incident": incident_of(about.conclusion) if about else "",
            "by": ", ".join(_people(merged)),
            "phases": phases_of(about.conclusion.facts) if about else (),
            "minute": None,
            "severity": merged.severity.value,
            "start": _start(parts),
            "resolution": _resolution(parts),
            "downtime": downtime([part.conclusion.facts for part in parts], "these sessions"),
            "rows": tuple(_told(merged)),
            "dated": _of_several_days(merged),
            "moved": "; ".join(f"{part.label}: {words}" for part, words in _moved(merged)),
            "cause": "Not known to these sessions; to be written by a person. What stands against the bot:",
            "recoveries": [recovery for _, recovery in _recoveries(merged)],
            "stays": _stays(parts),
            "actions": _actions(parts),
            "is_drill": all(part.conclusion.facts.is_drill for part in merged.parts),
            "source": _source(merged),
            "told": [
                (f"{part.label} L{row.line}", row) for part in merged.parts for row in told_rows(part.records)
            ],
        }
    )


def merged_timeline(merged: Merged) -> tuple[list[Row], int]:
    """The rows of all journals by the clocks of their machines, and how many more there would have been.

    Where they are too many, what tells least gives way: what a reader of one journal's report finds there.
    """
    found = [(part, timeline(part.conclusion.facts)) for part in merged.parts]
    left_out = sum(more for _, (_, more) in found)
    rows = [_row(part, row) for part, (rows, _) in found for row in rows]
    if len(rows) > MOST_ROWS:
        needed = {id(row) for _, (rows, _) in found for _, row in telling(rows)}
        kept = [_row(part, row) for part, (rows, _) in found for row in rows if id(row) in needed]
        kept = kept[:MOST_ROWS]
        rows, left_out = kept, left_out + len(rows) - len(kept)
    return sorted(rows, key=lambda row: (row.at, row.label, row.line)), left_out


def _row(part: Part, row: TimelineRow) -> Row:
    return Row(row.at, row.step, row.text, row.tone, part.label, row.line)


@dataclass(frozen=True, slots=True)
class _Told:
    at: datetime
    text: str
    line: str


def _told(merged: Merged) -> Iterator[tuple[str, _Told]]:
    """The rows that belong into an incident's timeline, of all journals, in their order."""
    rows = [
        (row.at, part.label, word, row)
        for part in merged.parts
        for word, row in telling(timeline(part.conclusion.facts)[0])
    ]
    for at, label, word, row in sorted(rows, key=lambda each: (each[0], each[1], each[3].line)):
        yield word, _Told(at, row.text, f"{row.line} of {label}")


def _lanes(merged: Merged) -> list[Lane]:
    written_down = [part for part in merged.parts if part.began != NEVER]
    began = min((part.began for part in written_down), default=None)
    ended = max((part.ended for part in written_down), default=None)
    whole = (ended - began).total_seconds() if began and ended else 0.0
    return [_lane(part, began, whole) for part in merged.parts]


def _lane(part: Part, began: datetime | None, whole: float) -> Lane:
    sign = sign_of_verdict(part.conclusion.verdict)
    if began is None or part.began == NEVER or not whole:
        return Lane(part, sign, 0.0, 0.0, "")
    lasted = (part.ended - part.began).total_seconds()
    x = _HUNDRED * (part.began - began).total_seconds() / whole
    return Lane(part, sign, round(x, 2), round(max(_HUNDRED * lasted / whole, 0.5), 2), text.duration(lasted))


def _findings(merged: Merged) -> list[_Found]:
    """Each once, with every place at which it was found."""
    places: dict[str, list[str]] = {}
    for finding in merged.findings:
        places.setdefault(finding.text, []).extend([finding.line] if finding.line else [])
    return [_Found(text, _places(found)) for text, found in places.items()]


def _places(found: Sequence[str]) -> str | None:
    if not found:
        return None
    more = f" and {len(found) - _MOST_PLACES} more" if len(found) > _MOST_PLACES else ""
    return ", line ".join(found[:_MOST_PLACES]) + more


def _moved(merged: Merged) -> list[tuple[Part, str]]:
    return [(part, words) for part in merged.parts if (words := clock_moved(part.records))]


def _of_several_days(merged: Merged) -> bool:
    return of_several_days(chain.from_iterable(part.records for part in merged.parts))


def _recoveries(merged: Merged) -> list[tuple[Part, Recovery]]:
    return [
        (part, replace(recovery, title=f"{part.label}, {recovery.title}"))
        for part in merged.parts
        for recovery in recoveries(part.conclusion.facts)
    ]


def _checks(merged: Merged) -> tuple[list[CheckRow], int]:
    """What each journal says of the bot as it is; what a drill saw under its own faults is in its report."""
    found: list[dict[str, CheckFacts]] = []
    for part in merged.parts:
        ends: dict[str, CheckFacts] = {}
        for check in part.conclusion.checks:
            if check.phase is not Phase.FAULT:
                ends[check.check] = more_telling(check, ends.get(check.check))
        found.append(ends)
    first = {name: check for ends in reversed(found) for name, check in ends.items()}
    rows = [CheckRow(check, tuple(ends.get(name) for ends in found)) for name, check in sorted(first.items())]
    return rows[:_MOST_CHECKS], max(0, len(rows) - _MOST_CHECKS)


def _failures(part: Part) -> Iterator[Group]:
    return (group for group in detail_groups(part.conclusion.checks) if group.title == "Failures")


def _start(parts: Sequence[Part]) -> Moment:
    """The earliest that any of them knows."""
    known = [(moment.at, moment) for p in parts if (moment := start_of(p.conclusion.facts)).at is not None]
    return min(known, key=lambda each: each[0])[1] if known else Moment("not known to these sessions")


def _resolution(parts: Sequence[Part]) -> Moment:
    """That of the last journal with a rollback."""
    known = [resolution_of(part.conclusion.facts) for part in parts if part.conclusion.facts.rollbacks]
    return known[-1] if known else Moment("not known to these sessions")


def _stays(parts: Sequence[Part]) -> tuple[str, ...]:
    plans = (plan for part in parts for _, plan in select(part.records, RollbackPlanned))
    return tuple(dict.fromkeys(line for plan in plans for line in plan.stays))


def _actions(parts: Sequence[Part]) -> tuple[str, ...]:
    """What is left to be done, each once; what a drill left is in its own report."""
    return tuple(dict.fromkeys(chain.from_iterable(open_actions(part.conclusion.facts) for part in parts)))


def _source(merged: Merged) -> str:
    journals = "; ".join(
        f"{p.label} is run {p.conclusion.run or 'unknown'} ({p.told}), seal {p.conclusion.seal or 'none'}"
        for p in merged.parts
    )
    return f"Made from {text.plural(len(merged.parts), 'journal')}: {journals}. Times are each machine's own."
