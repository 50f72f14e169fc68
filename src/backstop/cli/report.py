"""``backstop report``: make the reports of a session, or of an incident, again from journals, offline."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from backstop.cli.spelled import REPORTS
from backstop.history import write_index
from backstop.journal.merge import Merged, Source, merge
from backstop.journal.reader import JOURNAL, read
from backstop.journal.record import Damaged, Record
from backstop.model.errors import UsageError
from backstop.model.plain_text import plain_text
from backstop.model.verdict import Ending, worst
from backstop.report.archive import REPORT
from backstop.report.merged_verdict import INCIDENT
from backstop.report.write import write_merged, write_reports
from backstop.storage import run_name

_HASH = re.compile(r"[0-9a-f]{12,64}")
_MOST_TOLD = 12
_DESCRIPTION = """\
Reads a journal and writes the reports beside it, or into --into. They are a pure
function of the journal: made again, they come out the same.

Of several journals (a drill, a rollback and a watch of one incident, or one look from
many places) it makes one report with one timeline and one verdict: the worst of them.

Ends with the exit code of that verdict. What can't be read of a journal is said in the
report, and counts against verified.
"""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser(
        "report",
        help="make report.html, incident.md and verdict.json again from journals",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "journals",
        type=Path,
        nargs="*",
        metavar="JOURNAL",
        help="a journal.jsonl that a session left, or its folder",
    )
    parser.add_argument(
        "--vantage",
        type=_vantage,
        action="append",
        default=[],
        metavar="NAME=JOURNAL",
        help="what was seen from one place; without that journal the verdict is inconclusive at best",
    )
    parser.add_argument(
        "--sealed",
        type=_hash,
        metavar="HASH",
        help="the seal that was announced, or its begin: whether the journal is still the one of then",
    )
    parser.add_argument(
        "--into",
        type=Path,
        metavar="DIR",
        help="where to write (default: beside the journal; of several, a folder of their own in the reports)",
    )
    parser.add_argument("--reports", type=Path, metavar="DIR", default=REPORTS, help="where the reports are")
    parser.add_argument(
        "--index", action="store_true", help="make index.html of the reports again, the list of all sessions"
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> Ending:
    journals: Sequence[Path] = arguments.journals
    if arguments.index:
        if journals or arguments.vantage:
            raise UsageError("--index goes without journals", remedy="backstop report --index")
        print(f"page: {write_index(arguments.reports)}")
        return Ending.VERIFIED
    if not journals and not arguments.vantage:
        raise UsageError("no journal was named", remedy="backstop report reports/latest/journal.jsonl")
    if len(journals) == 1 and not arguments.vantage:
        return _of_one(journals[0], arguments.into, arguments.sealed)
    if arguments.sealed:
        raise UsageError("--sealed is about one journal", remedy="backstop report JOURNAL --sealed HASH")
    sources = [Source(_name(path), read(path)) for path in journals]
    sources += [_seen_from(name, path) for name, path in arguments.vantage]
    return _of_many(merge(sources), arguments.into, arguments.reports)


def _of_one(journal: Path, into: Path | None, sealed: str | None) -> Ending:
    records = read(journal)
    folder = into or (journal if journal.is_dir() else journal.parent)
    conclusion = write_reports(records, folder)
    _tell(conclusion.headline, conclusion.reasons, folder)
    ending = conclusion.ending if sealed is None else _as_announced(records, sealed, conclusion.ending)
    print(f"seal:   {conclusion.seal or 'none: this journal is not chained by hash'}")
    return ending


def _as_announced(records: Sequence[Record], sealed: str, ending: Ending) -> Ending:
    """A journal that does not hold the hash that was announced is not known to be the one of then."""
    line = next((record.n for record in records if record.chain.startswith(sealed)), None)
    damaged = [record.n for record in records if isinstance(record.event, Damaged)]
    if line is None:
        print(f"sealed: no line has the hash {sealed}: this is another journal, or it was changed")
    elif damaged and damaged[0] <= line:
        print(f"sealed: line {line} has the hash {sealed}, but line {damaged[0]} is damaged")
    else:
        print(f"sealed: as announced, up to line {line} of {records[-1].n}")
        return ending
    return worst((ending, Ending.INCONCLUSIVE))


def _of_many(merged: Merged, into: Path | None, reports: Path) -> Ending:
    folder = into or reports / run_name(merged.began, INCIDENT, merged.target)
    write_merged(merged, folder)
    _tell(
        merged.headline, [*dict.fromkeys(finding.text for finding in merged.findings), *merged.copies], folder
    )
    for part in merged.parts:
        print(plain_text(f"seal:   {part.conclusion.seal or 'none'} of {part.label}, {part.source.name}"))
    return merged.ending


def _tell(headline: str, reasons: Sequence[str], folder: Path) -> None:
    """What was found; a journal of anybody's making must not act on the terminal."""
    print(plain_text(headline))
    for reason in reasons[:_MOST_TOLD]:
        print(plain_text(f"  {reason}"))
    if len(reasons) > _MOST_TOLD:
        print(f"  and {len(reasons) - _MOST_TOLD} more, in the report")
    print(f"report: {folder / REPORT}")


def _name(path: Path) -> str:
    """What a journal is called in a report, which is to come out the same wherever its folder lies."""
    return path.resolve().parent.name if path.name == JOURNAL else path.name


def _seen_from(name: str, path: Path) -> Source:
    """A vantage point; that its journal is not there is known, not an error."""
    try:
        missing = not (path / JOURNAL if path.is_dir() else path).exists()
    except OSError:  # no file can be called so, which reading it says
        missing = False
    if missing:
        return Source(_name(path), None, name, f"there is no journal {path}")
    return Source(_name(path), read(path), name)


def _vantage(text: str) -> tuple[str, Path]:
    """NAME=JOURNAL. Raises argparse.ArgumentTypeError, which is wrong usage."""
    name, _, path = text.partition("=")
    if not name.strip() or not path.strip():
        message = f"found {text!r}, wanted NAME=JOURNAL, such as frankfurt=fra/journal.jsonl"
        raise argparse.ArgumentTypeError(message)
    return name.strip(), Path(path)


def _hash(text: str) -> str:
    """Part of a SHA-256, enough of it to be no other's. Raises argparse.ArgumentTypeError."""
    if not _HASH.fullmatch(text.lower()):
        message = f"found {text!r}, wanted a seal: 64 hexadecimal digits, or the first of them, at least 12"
        raise argparse.ArgumentTypeError(message)
    return text.lower()
