"""Writes what a session leaves for people and programs, from its journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from backstop.collecting import paused
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
from backstop.storage import CannotWrite, write_atomic

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
    """Write the four files into ``directory`` and return what they say.

    A drill has a fifth, its summary for an issue or a chat. The verdict comes last: where there is one, the
    pages that it names are there too. Raises CannotWrite once all others that could be are written; it names
    those that could not.
    """
    with paused():
        return _write_reports(records, directory)


def _write_reports(records: Sequence[Record], directory: Path) -> Conclusion:
    conclusion = conclude(records)
    pages = {REPORT: page, INCIDENT: incident, JUNIT: junit}
    if conclusion.facts.is_drill:
        pages[SUMMARY] = summary
    _write_each([(directory / name, partial(make, conclusion)) for name, make in pages.items()])
    write_atomic(directory / VERDICT, verdict_text(conclusion, REPORT))
    return conclusion


def write_merged(merged: Merged, directory: Path) -> None:
    """Write the three files of an incident that has several journals. Raises CannotWrite as for one."""
    pages = {REPORT: merged_page, INCIDENT: merged_incident}
    _write_each([(directory / name, partial(make, merged)) for name, make in pages.items()])
    write_atomic(directory / VERDICT, as_text(merged_verdict(merged, REPORT)))


def _write_each(files: Sequence[tuple[Path, Callable[[], str]]]) -> None:
    """One that can't be written keeps no other from being: there may be room for a shorter one."""
    failures = []
    for path, text in files:
        try:
            write_atomic(path, text())
        except CannotWrite as failure:
            failures.append(failure)
    if failures and len(failures) == len(files):
        raise failures[0]
    if failures:
        message = "; ".join(failure.message for failure in failures)
        raise CannotWrite(message, remedy=failures[0].remedy) from failures[0]
