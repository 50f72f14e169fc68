"""``backstop report``: make the reports of a session again from its journal, offline."""

from __future__ import annotations

import argparse
from pathlib import Path

from backstop.journal.conclusion import conclude
from backstop.journal.reader import read
from backstop.model.verdict import Ending
from backstop.report.write import write_reports


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser(
        "report",
        help="make report.html, incident.md and verdict.json again from a journal",
        description="Reads a journal and writes the reports beside it, or into --into. They are a pure "
        "function of the journal: made again, they come out the same.",
    )
    parser.add_argument("journal", type=Path, help="a journal.jsonl that a session left")
    parser.add_argument(
        "--into", type=Path, metavar="DIR", help="where to write (default: beside the journal)"
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> Ending:
    records = read(arguments.journal)
    into: Path = arguments.into or arguments.journal.parent
    into.mkdir(parents=True, exist_ok=True)
    write_reports(records, into)
    print(f"{conclude(records).headline}\nreport: {into / 'report.html'}")
    return Ending.VERIFIED
