"""The newest session of a target, as its journal tells it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from backstop.journal.conclusion import Conclusion, conclude
from backstop.journal.reader import read
from backstop.model.errors import UsageError
from backstop.model.target import Target

_MOST = 500
_FRESH = timedelta(days=1)


def newest_session(reports: Path, target: Target, now: datetime, look: str) -> Conclusion:
    """What the last whole session of this very bot found; ``look`` is the command that makes one.

    Raises UsageError when there is none, when it is older than a day, or was cut short.
    """
    folders = sorted((path.parent for path in reports.glob("*/journal.jsonl")), reverse=True)[:_MOST]
    for folder in folders:
        if folder.is_symlink() or f"-{target.name}" not in folder.name:
            continue
        records = read(folder / "journal.jsonl")
        found = conclude(records)
        if (found.target, found.worker) == (target.name, target.worker):
            _refuse(folder, found, records[0].at, now, look)
            return found
    message = f"{reports} holds no session of {target.name} ({target.worker})"
    raise UsageError(message, remedy=f"look at it first: {look}")


def _refuse(folder: Path, found: Conclusion, began: datetime, now: datetime, look: str) -> None:
    if found.facts.footer is None:
        message = f"the newest session of {found.target} was cut short: {folder}"
        raise UsageError(message, remedy=f"look again: {look}")
    if now - began > _FRESH:
        message = f"the newest session of {found.target} is of {began:%Y-%m-%d %H:%M} UTC, older than a day"
        raise UsageError(message, remedy=f"look again: {look}")
