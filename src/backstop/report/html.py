"""``report.html``: the page that is attached to an incident. One file, no script, no request."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from backstop.journal.conclusion import Conclusion, conclude
from backstop.journal.events import AvailabilitySeen, RollbackPlanned, Said, Witnessed
from backstop.journal.facts import Facts
from backstop.journal.matrix import Matrix, matrix
from backstop.journal.record import Record, select
from backstop.journal.rules import left_over
from backstop.model.verdict import Ending
from backstop.report.alerts import alert_rows
from backstop.report.availability import availability_in_words
from backstop.report.decision import policy_rows
from backstop.report.details import detail_groups
from backstop.report.figure import figure
from backstop.report.first_minute import first_minute
from backstop.report.needs import need_rows, standings
from backstop.report.paper import paper
from backstop.report.recovery import recoveries
from backstop.report.requests import requests_in_words
from backstop.report.signs import legend, sign_of_verdict
from backstop.report.timeline import timeline
from backstop.report.told import told_rows
from backstop.report.versions import version_rows
from backstop.report.watch import watch_view

_MOST_SAID = 300
_MOST_WITNESSES = 300


def render_html(records: Sequence[Record]) -> str:
    """The whole page; the same records give the same bytes."""
    return page(conclude(records))


def page(conclusion: Conclusion) -> str:
    """The page of a session that has been concluded already."""
    return paper().get_template("report.html.j2").render(_context(conclusion))


def _context(conclusion: Conclusion) -> dict[str, Any]:
    facts = conclusion.facts
    rows, more_rows = timeline(facts)
    table = matrix(facts)
    return {
        "c": conclusion,
        "facts": facts,
        "verdict": sign_of_verdict(conclusion.verdict),
        "began": facts.records[0].at if facts.records else None,
        "command": shlex.join(facts.header.command) if facts.header else "",
        "versions": version_rows(facts),
        "rows": rows,
        "more_rows": more_rows,
        "figure": figure(facts),
        "recoveries": recoveries(facts),
        "plans": list(select(facts.records, RollbackPlanned)),
        "policy": policy_rows(conclusion),
        "minute": first_minute(conclusion),
        "matrix": table,
        "needs": (needs := need_rows(conclusion.session, conclusion.checks)),
        "standings": standings(needs),
        "told": told_rows(facts.records),
        "wide": len(table.stages) > 1,
        "groups": detail_groups(conclusion.checks),
        "left": {m.line for m in facts.mutations if left_over(facts, m) is not Ending.VERIFIED},
        "witnesses": [(r.n, e) for r, e in select(facts.records, Witnessed)][:_MOST_WITNESSES],
        "said": [(r, e.text) for r, e in select(facts.records, Said)][:_MOST_SAID],
        "requests": requests_in_words(facts.spent),
        "availability": availability_in_words([e for _, e in select(facts.records, AvailabilitySeen)]),
        "alerts": alert_rows(facts),
        "watch": watch_view(facts),
        "legend": legend(conclusion.checks),
        "anchors": _anchors(facts, table, {row.line for row in rows if row.own}),
    }


def _anchors(facts: Facts, table: Matrix, in_timeline: set[int]) -> set[int]:
    """The journal lines that some row of the page stands for, so that citing them can link there."""
    cells = (cell for _, rows in table.suites for row in rows for cell in row.cells if cell is not None)
    versions = (row.line for row in version_rows(facts).values())
    return in_timeline | {cell.line for cell in cells} | set(versions)
