"""Writes what a session leaves for people and programs, from its journal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from backstop.journal.conclusion import Conclusion, conclude
from backstop.journal.merge import Merged
from backstop.journal.record import Record
from backstop.report.archive import REPORT
from backstop.report.html import page
from backstop.report.incident import incident
from backstop.report.junit import junit
from backstop.report.merged import merged_incident, merged_page
from backstop.report.merged_verdict import merged_verdict
from backstop.report.paper import paper
from backstop.report.summary import summary
from backstop.report.verdict_json import as_text, verdict_text
from backstop.storage import write_atomic

INCIDENT = "incident.md"
JUNIT = "junit.xml"
VERDICT = "verdict.json"
SUMMARY = "summary.md"
_OF_A_PAGE = (".html.j2", ".svg.j2")


def ready() -> None:
    """Load and compile the templates of pages now, so that a report is written sooner later."""
    for name in paper().list_templates(filter_func=lambda name: name.endswith(_OF_A_PAGE)):
        paper().get_template(name)


def write_reports(records: Sequence[Record], directory: Path) -> Conclusion:
    """Write the four files into ``directory`` and return what they say. Raises CannotWrite.

    A drill has a fifth, its summary for an issue or a chat. The verdict comes last: where there is one, the
    pages that it names are there too.
    """
    conclusion = conclude(records)
    write_atomic(directory / REPORT, page(conclusion))
    write_atomic(directory / INCIDENT, incident(conclusion))
    write_atomic(directory / JUNIT, junit(conclusion))
    if conclusion.facts.is_drill:
        write_atomic(directory / SUMMARY, summary(conclusion))
    write_atomic(directory / VERDICT, verdict_text(conclusion, REPORT))
    return conclusion


def write_merged(merged: Merged, directory: Path) -> None:
    """Write the three files of an incident that has several journals. Raises CannotWrite."""
    write_atomic(directory / REPORT, merged_page(merged))
    write_atomic(directory / INCIDENT, merged_incident(merged))
    write_atomic(directory / VERDICT, as_text(merged_verdict(merged, REPORT)))
