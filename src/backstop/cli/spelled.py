"""Commands as somebody has to type them from where they are: sessions start in the checkout."""

from __future__ import annotations

import shlex
from pathlib import Path

from backstop.cloudflare.toolchain import project_root


def checkout_reports() -> Path:
    """Where sessions leave their reports when nobody says otherwise, as seen from here."""
    return Path("reports") if _in_checkout() else project_root() / "reports"


def options(targets: Path, reports: Path | None) -> list[str]:
    """The options that say where the targets and the reports are; ``reports`` is None for the usual place."""
    words = ["--targets-file", _spelled(targets)]
    return words if reports is None else [*words, "--reports", _spelled(reports)]


def session(*words: str) -> str:
    """A pytest session on one line, with the way to the checkout, where it starts."""
    way = [] if _in_checkout() else [shlex.join(["cd", str(project_root())])]
    return " && ".join([*way, shlex.join(["pytest", *words])])


def _spelled(path: Path) -> str:
    return str(path if _in_checkout() else path.resolve())


def _in_checkout() -> bool:
    return Path.cwd() == project_root()
