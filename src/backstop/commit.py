"""From which commit a bot's project is built, and whether more than that is in it."""

from __future__ import annotations

from pathlib import Path

from backstop.environment import read_environment
from backstop.model.commit import Commit
from backstop.model.errors import CouldNotLook
from backstop.model.plain_text import plain_text
from backstop.process import Completed, ProcessMissing, ProcessTimedOut, run

_LIMIT_S = 10.0
_TRUST = "safe.directory"  # in what git says of it, in every language


def read_commit(project: Path) -> Commit:
    """The commit of the repository that the project is in. Raises CouldNotLook where that is not known."""
    try:
        head = _git(project, "rev-parse", "--verify", "HEAD")
        status = _git(project, "status", "--porcelain", "--", ".")
    except (ProcessMissing, ProcessTimedOut) as error:
        raise CouldNotLook(error.message, remedy=error.remedy) from error
    if failed := next((each for each in (head, status) if each.returncode), None):
        raise _unknown(project, failed.stderr)
    return Commit(head.stdout.strip(), len(status.stdout.splitlines()))


def _unknown(project: Path, said: str) -> CouldNotLook:
    """Git shows nothing of a repository that is somebody else's, as a container's often is."""
    if _TRUST in said:
        message = f"the repository of {project} is another user's, which git does not trust"
        return CouldNotLook(message, remedy=f"git config --global --add {_TRUST} {project}, or its root")
    first = next(iter(plain_text(said).splitlines()), "it said nothing")
    message = f"the project is in no git repository with a commit: {first}"
    return CouldNotLook(message, remedy="commit it: what is deployed can be found again by that")


def commit_of(project: Path) -> str:
    """Such as ``1a2b3c4d5e6f, dirty: 2 paths differ from it``; in words where that is not known."""
    try:
        return str(read_commit(project))
    except CouldNotLook as error:
        return f"not known: {error.message} → {error.remedy}"


def _git(project: Path, *words: str) -> Completed:
    """One that takes no lock and writes nothing, not even what it has found out of the files."""
    argv = ["git", "--no-optional-locks", "-C", str(project), *words]
    return run(argv, env=read_environment().handed_down(), limit=_LIMIT_S)
