"""From which commit a bot's project is built, and whether more than that is in it."""

from __future__ import annotations

from pathlib import Path

from backstop.environment import read_environment
from backstop.process import ProcessMissing, ProcessTimedOut, run

_LIMIT_S = 10.0


def commit_of(project: Path) -> str:
    """Such as ``1a2b3c4d5e6f, dirty: 2 files differ from it``; in words where that is not known."""
    try:
        head, status = _git(project, "rev-parse", "HEAD"), _git(project, "status", "--porcelain", "--", ".")
    except (ProcessMissing, ProcessTimedOut) as error:
        return f"not known: {error.message}"
    if head is None or status is None:
        return "not known: the project is in no git repository with a commit"
    changed = len(status.splitlines())
    return f"{head.strip()[:12]}, " + (f"dirty: {changed} path(s) differ from it" if changed else "clean")


def _git(project: Path, *words: str) -> str | None:
    completed = run(["git", "-C", str(project), *words], env=read_environment().handed_down(), limit=_LIMIT_S)
    return completed.stdout if completed.returncode == 0 else None
