"""What sessions have left: the page that lists them, and the rule by which old ones go."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from backstop.model.keeping import Keeping
from backstop.polling import poll
from backstop.report.archive import Left, latest_of, outlived, sessions_left
from backstop.report.index import INDEX, index_page
from backstop.score.shelf import DrillRecords
from backstop.score.standing import counted
from backstop.storage import lock_file, remove_folders, write_atomic

_LOCK = ".index.lock"
_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class History:
    """The reports of one directory, the rule by which they are kept, and the drills that still count."""

    reports: Path
    keeping: Keeping
    records: DrillRecords

    def renew(self, now: datetime) -> tuple[str, ...]:
        """Remove what has outlived the rule and make the page again; the names of what is removed.

        Sessions that end at once do so one after the other, so that the last of them lists all. Raises
        CannotWrite, and PollTimedOut when another one does not come to its end.
        """
        with _alone(self.reports):
            left = sessions_left(self.reports)
            removed = remove_folders(self.reports, self._outlived(left, now))
            kept = [each for each in left if each.name not in removed]
            write_atomic(self.reports / INDEX, index_page(kept))
        return removed

    def _outlived(self, left: tuple[Left, ...], now: datetime) -> tuple[str, ...]:
        latest = latest_of(self.reports)
        gone = outlived(left, self.keeping, now, frozenset(), latest)
        if not gone:
            return ()
        needed = counted(self.records.all().records, now.date())  # many files: only where it matters
        return outlived(left, self.keeping, now, needed, latest)


def write_index(reports: Path) -> Path:
    """Make the page of a directory again, and remove nothing; its path. Raises CannotWrite, PollTimedOut."""
    with _alone(reports):
        write_atomic(reports / INDEX, index_page(sessions_left(reports)))
    return reports / INDEX


@contextmanager
def _alone(reports: Path) -> Iterator[None]:
    """One at a time on this machine; the lock goes with the process."""
    handle = lock_file(reports / _LOCK)
    try:
        poll(
            lambda: _take(handle),
            deadline=_PATIENCE_S,
            what=f"the end of another session's work in {reports}",
        )
        yield
    finally:
        os.close(handle)


def _take(handle: int) -> bool | None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    return True
