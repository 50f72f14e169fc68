"""``report.html``: the page that is attached to an incident. One file, no script, no request."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from backstop.journal.conclusion import Conclusion, conclude
from backstop.journal.events import AvailabilitySeen, RollbackPlanned, Said, ToolsSeen
from backstop.journal.facts import Facts
from backstop.journal.matrix import Matrix, matrix
from backstop.journal.record import Record, began, select
from backstop.journal.rules import left_over
from backstop.journal.scenarios import ScenarioResult
from backstop.model.objective import RTO, RTO_CRITICAL
from backstop.model.verdict import Ending
from backstop.report.alerts import alert_rows
from backstop.report.availability import availability_in_words, lost_by_stage
from backstop.report.clock import clock_moved, of_several_days
from backstop.report.decision import policy_rows
from backstop.report.details import Group, detail_groups, needs_an_answer
from backstop.report.exchanges import exchanges
from backstop.report.figure import figure
from backstop.report.first_minute import first_minute
from backstop.report.headers import header_changes
from backstop.report.latency import measured
from backstop.report.needs import need_rows, standings
from backstop.report.paper import printed
from backstop.report.phases import walks
from backstop.report.recovery import common_why, recoveries, steps
from backstop.report.requests import requests_in_words
from backstop.report.signs import legend, sign_of_verdict
from backstop.report.some import Some, some
from backstop.report.tail import tail_shown
from backstop.report.timeline import timeline
from backstop.report.told import told_rows
from backstop.report.told_once import told_once
from backstop.report.versions import version_rows
from backstop.report.watch import watch_view
from backstop.report.witnesses import hearings

_MOST_REASONS = 12
_MOST_SAID = 300
_MOST_TIMES = 60  # that the same was said
_MOST_PLANS = 12
_MOST_ROWS = 200  # of changes, versions, witnesses, notifications and alerts
_MOST_SCENARIOS = 120  # and rollbacks: several times those that there are
_MOST_SPELT_OUT = 7  # stages; beside more of them there is no room for words


def render_html(records: Sequence[Record]) -> str:
    """The whole page; the same records give the same bytes."""
    return page(conclude(records))


def page(conclusion: Conclusion) -> str:
    """The page of a session that has been concluded already."""
    return printed("report.html.j2", **_context(conclusion))


def _context(conclusion: Conclusion) -> dict[str, Any]:
    facts = conclusion.facts
    table = matrix(facts)
    tight = _is_tight(table)
    rows, more_rows = timeline(facts, tight=tight)
    groups = detail_groups(conclusion.checks, exchanges(facts), tight=tight)
    left = {m.line for m in facts.mutations if left_over(facts, m) is not Ending.VERIFIED}
    return {
        "c": conclusion,
        "facts": facts,
        "verdict": sign_of_verdict(conclusion.verdict),
        "began": began(facts.records),
        "command": shlex.join(facts.header.command) if facts.header else "",
        "reasons": some(told_once(conclusion.findings), _MOST_REASONS),
        "versions": version_rows(facts),
        "listed": (listed := some(version_rows(facts).items(), _MOST_ROWS)),
        "rows": rows,
        "moved": clock_moved(facts.records),
        "dated": of_several_days(facts.records),
        "more_rows": more_rows,
        "figure": figure(facts),
        "walks": some(walks(facts), _MOST_SCENARIOS),
        "rto": (RTO, RTO_CRITICAL),
        "recoveries": (recovered := recoveries(facts)),
        "rollbacks": some(recovered, _MOST_SCENARIOS),
        "scenarios": some(sorted(conclusion.scenarios, key=_is_as_declared), _MOST_SCENARIOS),
        "changes": some(sorted(facts.mutations, key=lambda each: each.line not in left), _MOST_ROWS),
        "steps": steps(recovered),
        "why": common_why(recovered),
        "plans": some(select(facts.records, RollbackPlanned), _MOST_PLANS),
        "policy": policy_rows(conclusion),
        "minute": first_minute(conclusion),
        "matrix": table,
        "needs": (needs := need_rows(conclusion.session, conclusion.checks)),
        "standings": standings(needs),
        "told": some(told_rows(facts.records), _MOST_ROWS),
        "wide": len(table.stages) > 1,
        "tight": tight,
        "groups": groups,
        "left": left,
        "hearings": some(hearings(facts), _MOST_ROWS),
        "said": some(_said(facts).items(), _MOST_SAID),
        "requests": requests_in_words(facts.spent),
        "availability": availability_in_words([e for _, e in select(facts.records, AvailabilitySeen)]),
        "alerts": some(alert_rows(facts), _MOST_ROWS),
        "watch": watch_view(facts),
        "lost": lost_by_stage(facts),
        "measured": measured(facts),
        "headers": header_changes(facts),
        "tail": tail_shown(facts),
        "tools": _tools(facts),
        "legend": legend(conclusion.checks),
        "anchors": _anchors(
            table, groups, {row.line for row in rows if row.own} | {row.line for _, row in listed}
        ),
    }


def _is_tight(table: Matrix) -> bool:
    return len(table.stages) > _MOST_SPELT_OUT


def _is_as_declared(scenario: ScenarioResult) -> bool:
    """For sorting: where there are too many to show all, those that are not come first."""
    return scenario.verdict == "verified"


def _said(facts: Facts) -> dict[str, Some[Record]]:
    """Each thing that was said, and when: where it is said again and again, it is told once."""
    found: dict[str, list[Record]] = {}
    for record, event in select(facts.records, Said):
        found.setdefault(event.text, []).append(record)
    return {text: some(records, _MOST_TIMES) for text, records in found.items()}


def _tools(facts: Facts) -> dict[str, str]:
    named = facts.header.tools if facts.header else {}
    return dict(named) | {
        name: v for _, seen in select(facts.records, ToolsSeen) for name, v in seen.tools.items()
    }


def _anchors(table: Matrix, groups: Sequence[Group], in_tables: set[int]) -> set[int]:
    """The journal lines that some row of the page stands for, so that citing them can link there."""
    sayings = [saying for group in groups for entry in group.entries for saying in entry.sayings]
    shown = (each.line for saying in sayings for each in saying.exchanges if each.full)
    if _is_tight(table):
        urgent = (saying for group in groups if group.urgent for e in group.entries for saying in e.sayings)
        return {*in_tables, *shown, *(check.line for saying in urgent for check in saying.places)}
    wide = len(table.stages) > 1
    spread = (row for _, rows in table.suites for row in rows if not (wide and row.steady))
    cells = (cell for row in spread for cell in row.cells if cell is not None)
    return {*in_tables, *shown, *(cell.line for cell in cells if not wide or needs_an_answer(cell))}
