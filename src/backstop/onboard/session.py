"""One plain look at a target, as somebody would type it; what it found is read from its journal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from backstop.cloudflare.toolchain import project_root
from backstop.environment import read_environment
from backstop.journal.conclusion import Conclusion, conclude
from backstop.journal.reader import read
from backstop.model.errors import CouldNotLook
from backstop.process import run

_LIMIT_S = 60.0
_SHOWN = 1200
_AT_ONCE = 20


def look(targets_file: Path, target: str, reports: Path) -> Conclusion:
    """Run every check once, leave a report, tell what was found. Raises CouldNotLook without a journal."""
    root, named = project_root(), f"--targets-file={targets_file}"
    words = [str(root / "suites"), f"--rootdir={root}", f"--config-file={root / 'pyproject.toml'}"]
    words += [f"--target={target}", named, f"--reports={reports.resolve()}"]
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    ended = run(argv, env=dict(read_environment().variables), cwd=root, limit=_LIMIT_S)
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
