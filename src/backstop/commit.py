"""From which commit a bot's project is built, and whether more than that is in it."""

from __future__ import annotations

from pathlib import Path

from backstop.environment import read_environment
from backstop.model.commit import Commit
from backstop.model.errors import CouldNotLook
from backstop.process import ProcessMissing, ProcessTimedOut, run

_LIMIT_S = 10.0


def read_commit(project: Path) -> Commit:
    """The commit of the repository that the project is in. Raises CouldNotLook where that is not known."""
    try:
        head, status = _git(project, "rev-parse", "HEAD"), _git(project, "status", "--porcelain", "--", ".")
    except (ProcessMissing, ProcessTimedOut) as error:
        raise CouldNotLook(error.message, remedy=error.remedy) from error
    if head is None or status is None:
        message = "the project is in no git repository with a commit"
        raise CouldNotLook(message, remedy="commit it: what is deployed can be found again by that")
    return Commit(head.strip(), len(status.splitlines()))


def commit_of(project: Path) -> str:
    """Such as ``1a2b3c4d5e6f, dirty: 2 paths differ from it``; in words where that is not known."""
    try:
        return str(read_commit(project))
    except CouldNotLook as error:
        return f"not known: {error.message}"


def _git(project: Path, *words: str) -> str | None:
    completed = run(["git", "-C", str(project), *words], env=read_environment().handed_down(), limit=_LIMIT_S)
    return completed.stdout if completed.returncode == 0 else None
