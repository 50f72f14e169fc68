"""One plain look at a target, as somebody would type it; what it found is read from its journal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from backstop.environment import read_environment
from backstop.journal.conclusion import Conclusion, conclude
from backstop.journal.reader import read
from backstop.launch import session_command, session_environment
from backstop.model.errors import CouldNotLook
from backstop.process import run
from backstop.root import project_root

_LIMIT_S = 60.0
_SHOWN = 1200
_AT_ONCE = 20


def look(targets_file: Path, target: str, reports: Path) -> Conclusion:
    """Run every check once, leave a report, tell what was found. Raises CouldNotLook without a journal."""
    root, named = project_root(), f"--targets-file={targets_file}"
    words = ["-q", "-p", "no:cacheprovider", f"--target={target}", named, f"--reports={reports.resolve()}"]
    environment = session_environment(root, read_environment().variables)
    ended = run(session_command(root, words), env=environment, limit=_LIMIT_S)
    found = next(_sessions(reports, named), None)
    if found is None:
        said = (ended.stderr.strip() or ended.stdout.strip())[-_SHOWN:]
        message = f"the first look left no journal (exit code {ended.returncode}): {said}"
        raise CouldNotLook(message)
    return found


def _sessions(reports: Path, word: str) -> Iterator[Conclusion]:
    """The newest sessions that were started with that word: others may run at the same time."""
    newest = sorted(reports.glob("*/journal.jsonl"), reverse=True)[:_AT_ONCE]
    concluded = (conclude(read(journal)) for journal in newest)
    return (each for each in concluded if each.facts.header and word in each.facts.header.command)
