"""``incident.md``: the procedure's incident report, filled in as far as the journal knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from backstop.journal.conclusion import Conclusion, conclude
from backstop.journal.events import RollbackPlanned
from backstop.journal.facts import Facts
from backstop.journal.record import Record, began, select
from backstop.journal.timings import recovery
from backstop.model.run import Phase
from backstop.model.severity import Severity
from backstop.model.verdict import Outcome
from backstop.report import text
from backstop.report.clock import clock_moved, of_several_days
from backstop.report.first_minute import first_minute
from backstop.report.markdown import markdown
from backstop.report.outages import downtime
from backstop.report.phases import walks
from backstop.report.recovery import recoveries
from backstop.report.timeline import TimelineRow, timeline
from backstop.report.told import told_rows

if TYPE_CHECKING:  # as for report.html: most monitors write none
    from jinja2 import Environment

_MOST_ROWS = 100  # of each list
_CHECKED = "checked"
_NOT_PASSED = ("fail", "inconclusive", "noticed", "missed", "not shown", "collateral")
_STEPS = {
    "start": "Session began",
    "ready": "Ready",
    "noticed": "Issue detected",
    "fail": "Issue detected",
    "collateral": "Issue detected",
    "missed": "Issue missed",
    "inconclusive": "Could not look",
    "not shown": "Could not look",
    "planned": "Rollback planned",
    "spared": "No second rollback",
    "roll back": "Rollback initiated",
    "done": "Rollback completed",
    "refused": "Rollback refused",
    "unconfirmed": "Rollback unconfirmed",
    _CHECKED: "Validation",
    "problem": "Problem",
    "damaged": "Journal damaged",
    "end": "Session ended",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in words. ``t`` is in seconds since the session began; both are None where it is not known."""

    text: str
    t: float | None = None
    at: datetime | None = None


def render_incident(records: Sequence[Record]) -> str:
    """The report as Markdown; the same records give the same bytes."""
    return incident(conclude(records))


def incident(conclusion: Conclusion) -> str:
    """The incident report of a session that has been concluded already."""
    return written(_context(conclusion))


def written(context: dict[str, Any]) -> str:
    """The procedure's template with these values in it."""
    return _environment().get_template("incident.md.j2").render(context).rstrip("\n") + "\n"


def _context(conclusion: Conclusion) -> dict[str, Any]:
    facts = conclusion.facts
    return {
        "c": conclusion,
        "findings": conclusion.findings,
        "stamp": f"{at:%Y-%m-%d-%H-%M}" if (at := began(facts.records)) else "no time is known",
        "incident": incident_of(conclusion),
        "by": facts.header.by if facts.header else "",
        "severity": _severity(conclusion),
        "start": start_of(facts),
        "resolution": resolution_of(facts),
        "downtime": _downtime(facts),
        "rows": tuple(telling(timeline(facts)[0])),
        "moved": clock_moved(facts.records),
        "dated": of_several_days(facts.records),
        "cause": _cause(conclusion),
        "phases": phases_of(facts),
        "recoveries": recoveries(facts),
        "minute": first_minute(conclusion),
        "stays": tuple(line for _, plan in select(facts.records, RollbackPlanned) for line in plan.stays),
        "actions": tuple(open_actions(facts)),
        "is_drill": facts.is_drill,
        "source": _source(conclusion),
        "told": [(f"line {row.line}", row) for row in told_rows(facts.records)],
    }


def _source(conclusion: Conclusion) -> str:
    """What the report was made from, and how a change of that would show."""
    made = f"Made from journal.jsonl of run {conclusion.run}; line numbers are those of that file."
    return f"{made} {sealed_in_words(conclusion.seal)}"


def sealed_in_words(seal: str) -> str:
    """How a change of a journal with this seal would show."""
    if seal:
        return f"Its lines are chained by hash, and its seal is {seal}."
    return "Its lines are not chained by hash: a change of one would not show."


def incident_of(conclusion: Conclusion) -> str:
    """What it was about: the reason that was given, or what was done."""
    header = conclusion.facts.header
    if header is not None and header.reason:
        return header.reason
    if conclusion.facts.is_drill:
        return f"Drill: {', '.join(s.declared.title for s in conclusion.scenarios) or 'no scenario'}"
    if conclusion.facts.rollbacks and conclusion.facts.rollbacks[-1].started.reason:
        return conclusion.facts.rollbacks[-1].started.reason
    return f"{conclusion.session or 'a session'} of {conclusion.target or 'an unknown target'}"


def _severity(conclusion: Conclusion) -> str:
    """That of the findings, or in a drill the worst that was rehearsed."""
    if conclusion.severity is not Severity.NONE:
        return str(conclusion.severity.value)
    known = [
        Severity(s.declared.severity) for s in conclusion.scenarios if s.declared.severity in _SEVERITIES
    ]
    if known:
        return f"{max(known).value} (rehearsed)"
    return (
        "none seen by this session: the bot was well each time it looked"
        if _looked(conclusion)
        else "not known"
    )


def _looked(conclusion: Conclusion) -> bool:
    return any(check.outcome is Outcome.PASS for check in conclusion.checks)


_SEVERITIES = {severity.value for severity in Severity}


def start_of(facts: Facts) -> Moment:
    """When the bot first was bad, as far as this session saw it."""
    fault = next((s for s in facts.stages if s.phase is Phase.FAULT and s.ready is not None), None)
    if fault is not None:
        return _at(facts, fault.ready_line, "the first fault served")
    red = next((check for check in facts.checks if check.outcome is Outcome.FAIL), None)
    rollback = facts.rollbacks[0].line if facts.rollbacks else None
    if rollback is not None and (red is None or rollback < red.line):
        return _at(facts, rollback, "the rollback began; the incident is older than that")
    if red is not None:
        return _at(facts, red.line, f"{red.check} was first seen to fail")
    return Moment("not known to this session")


def resolution_of(facts: Facts) -> Moment:
    """When the last check after the last rollback had passed."""
    for rollback in reversed(facts.rollbacks):
        verified = recovery(facts, rollback).get("verified")
        if verified is None:
            break
        last = [check for check in facts.checks if check.ended <= rollback.began + verified + 0.001]
        return _at(facts, last[-1].line if last else rollback.finished_line, "the last check passed")
    return Moment("not resolved in this session" if facts.rollbacks else "not known to this session")


def _at(facts: Facts, line: int | None, why: str) -> Moment:
    record = next((record for record in facts.records if record.n == line), None)
    if record is None:
        return Moment("not known to this session")
    return Moment(f"{record.at:%Y-%m-%dT%H:%M:%SZ} ({why})", record.t, record.at)


def _downtime(facts: Facts) -> str:
    if facts.is_drill:
        lengths = ", ".join(f"{name} {text.duration(seconds)}" for name, seconds in _outages(facts))
        return f"{lengths or 'not known'} (from the fault serving to the good version serving)"
    return downtime([facts], "this session")


def _outages(facts: Facts) -> Iterator[tuple[str, float]]:
    for rollback in facts.rollbacks:
        stage = facts.fault_stage(rollback.scenario)
        ready = stage.ready if stage else None
        serving = recovery(facts, rollback).get("serving")
        if ready is not None and serving is not None:
            yield rollback.scenario, rollback.began + serving - ready


def telling(rows: Sequence[TimelineRow]) -> Iterator[tuple[str, TimelineRow]]:
    """The rows that belong into an incident's timeline, under the procedure's names for them."""
    return ((_step(row), row) for row in rows if row.step in _STEPS)


def _step(row: TimelineRow) -> str:
    passed = row.step == _CHECKED and not any(f" {word}" in row.text for word in _NOT_PASSED)
    return "Validation passed" if passed else _STEPS[row.step]


def _cause(conclusion: Conclusion) -> str:
    facts = conclusion.facts
    if facts.is_drill:
        changes = "; ".join(f"{s.fault}: {s.changes}" for s in facts.scenarios)
        return f"Put there on purpose. {changes}."
    unknown = "To be written by a person: this session does not know it."
    if not conclusion.findings:
        return f"{unknown} Nothing stood against the bot in the end."
    return f"{unknown} What it found:"


def phases_of(facts: Facts) -> tuple[str, ...]:
    """How long each phase of the procedure took, of a rollback that was meant."""
    found = [] if facts.is_drill else [spell for walk in walks(facts)[-1:] for spell in walk.spells]
    return tuple(
        f"{spell.name} {text.duration(spell.seconds)} of {text.allowed(spell.budget)} allowed"
        for spell in found
        if spell.seconds is not None
    )


def open_actions(facts: Facts) -> Iterator[str]:
    """What this very session leaves to be done, each check once."""
    for check in {check.check: check for check in facts.checks if not check.expected_red}.values():
        if check.outcome is Outcome.FAIL:
            yield f"Find out why {check.check} failed: {check.title}"
        elif check.outcome is Outcome.INCONCLUSIVE:
            yield f"Make it possible to look at {check.check}"
        elif check.outcome is Outcome.DEGRADED:
            yield f"Look into {check.check}, which is degraded"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - see above

    environment = Environment(
        loader=PackageLoader("backstop.report"),
        autoescape=False,  # noqa: S701 - Markdown; the filter md escapes every value of a journal
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"MOST_ROWS": _MOST_ROWS}
    environment.filters |= {"md": markdown, "clock": text.clock}
    return environment
