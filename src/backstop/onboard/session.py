"""One plain look at a target, as somebody would type it; what it found is read from its journal."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from backstop.cloudflare.toolchain import project_root
from backstop.environment import read_environment
from backstop.journal.conclusion import Conclusion, conclude
from backstop.journal.reader import read
from backstop.model.errors import CouldNotLook
from backstop.process import run

_LIMIT_S = 60.0
_SHOWN = 1200


def look(targets_file: Path, target: str, reports: Path) -> Conclusion:
    """Run every check once, leave a report, tell what was found. Raises CouldNotLook without a journal."""
    root, began = project_root(), datetime.now(UTC)
    words = [str(root / "suites"), f"--rootdir={root}", f"--config-file={root / 'pyproject.toml'}"]
    words += [f"--target={target}", f"--targets-file={targets_file}", f"--reports={reports.resolve()}"]
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    ended = run(argv, env=dict(read_environment().variables), cwd=root, limit=_LIMIT_S)
    journal = reports / "latest" / "journal.jsonl"
    records = read(journal) if journal.exists() else ()
    if not records or records[0].at < began:
        said = (ended.stderr.strip() or ended.stdout.strip())[-_SHOWN:]
        message = f"the first look left no journal (exit code {ended.returncode}): {said}"
        raise CouldNotLook(message)
    return conclude(records)
