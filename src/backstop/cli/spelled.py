"""Commands as somebody has to type them from where they are."""

from __future__ import annotations

import shlex
from pathlib import Path

from backstop.root import is_installed, project_root

REPORTS = Path("reports")  # where sessions leave their reports when nobody says otherwise
_TARGETS = Path("targets.toml")


def options(targets: Path, reports: Path | None) -> list[str]:
    """The options that say where the targets and the reports are; ``reports`` is None for the usual place."""
    words = [] if targets == _TARGETS else ["--targets-file", str(targets)]
    return words if reports is None else [*words, "--reports", str(reports)]


def session(*words: str) -> str:
    """A session on one line: pytest at the root of a checkout, backstop run anywhere else."""
    here = not is_installed() and Path.cwd() == project_root()
    return shlex.join([*(["pytest"] if here else ["backstop", "run"]), *words])
