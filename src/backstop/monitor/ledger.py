"""What monitors remember between their runs, in the directory that a team shares.

    monitors/TARGET/looks/SUBJECT/    the last looks, a file each: from these, alerts
    monitors/TARGET/counts/           how many requests failed of late
    monitors/TARGET/listened/         how many were refused of late, and in how long
    monitors/TARGET/watched/          how long the bot was watched, and down: a file for each month

No file is changed once it is written, so that many machines' directories merge by copying. Runs that share a
file system take turns by a lock of the operating system's on the directory; where there is none, two of one
moment may both tell the same, and nothing else goes wrong.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backstop.monitor.alert import Alert, Sight
from backstop.monitor.availability import HEALTH, Day
from backstop.monitor.codec import look_members, read_look, read_moment
from backstop.monitor.listened import Listened
from backstop.monitor.months import Months, NoLedger
from backstop.monitor.pages import Pages
from backstop.monitor.sequence import Known, Look
from backstop.monitor.stretches import Watched, joined
from backstop.monitor.stretches import since as watched_since
from backstop.polling import PollTimedOut, poll
from backstop.storage import CannotWrite

if TYPE_CHECKING:  # SQLite is loaded where there is such a file, not at the start of every look
    from backstop.monitor.former import Former

__all__ = ["Count", "Ledger", "Ledgers", "NoLedger"]

LOOKS = 120  # that stay of a subject; twice as many before they are folded up
_FOLDER = "monitors"
_WEIGHED = 60  # that are weighed again with each look, so that what comes late still counts
_COUNTS = 200  # files that stay: two a look, a look a minute, from ten places at once
_PATIENCE_S = 5.0  # for another run to end, which takes milliseconds
_NO_LOCKS = {errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}


@dataclass(frozen=True, slots=True)
class Count:
    """How many requests failed, by ``source`` (probes or tail) and version; that is empty where not shown."""

    source: str
    version: str
    sent: int
    failed: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is remembered of one target. ``remarks`` are sentences that must be said."""

    directory: Path
    remarks: list[str] = field(default_factory=list)

    def looks(self, subject: str) -> tuple[Look, ...]:
        """The last looks at a subject, oldest first; none where nothing is remembered of it."""
        return self._looks(subject).newest(_WEIGHED, partial(read_look, subject))

    def keep(self, look: Look) -> None:
        """Remember a look, and fold up the oldest ones. Raises CannotWrite."""
        subject = look.alert.subject
        pages = self._looks(subject)
        pages.add(look.sight.at, look_members(look))
        if overdue := pages.overdue():
            if subject == HEALTH:
                self.months.add(joined(pages.read(overdue, partial(_watched, subject))))
            pages.remove(overdue)

    def count(self, at: datetime, counts: Sequence[Count]) -> None:
        """Remember how one look's requests ended. Raises CannotWrite."""
        pages = self._counts
        rows = [[each.source, each.version, each.sent, each.failed] for each in counts]
        pages.add(at, {"at": at.isoformat(), "counts": rows})
        if overdue := pages.overdue():
            pages.remove(overdue)

    def counted(self, since: datetime, until: datetime) -> tuple[Count, ...]:
        """The sums since then, by source and version."""
        sums: dict[tuple[str, str], tuple[int, int]] = {}
        for at, counts in self._counts.newest(2 * _COUNTS, _read_counts):
            for each in counts if since <= at <= until else ():
                sent, failed = sums.get((each.source, each.version), (0, 0))
                sums[each.source, each.version] = (sent + each.sent, failed + each.failed)
        return tuple(Count(*key, *sums[key]) for key in sorted(sums))

    def listen(self, heard: Listened) -> None:
        """Remember what one look's tail showed of refused requests. Raises CannotWrite."""
        pages = self._listened
        pages.add(heard.at, {"at": heard.at.isoformat(), "refused": heard.refused, "seconds": heard.seconds})
        if overdue := pages.overdue():
            pages.remove(overdue)

    def listened(self) -> tuple[Listened, ...]:
        """What the tails of the last looks showed of them, oldest first."""
        return self._listened.newest(2 * _COUNTS, _read_listened)

    def days(self) -> tuple[Day, ...]:
        """Every day of which something was watched, oldest first. Raises NoLedger."""
        return self.months.days(self._looks(HEALTH).newest(4 * LOOKS, partial(_watched, HEALTH)))

    def take_over(self, former: Former) -> None:
        """Remember what an older release did, where nothing newer is known. Raises CannotWrite."""
        self.months.take_over(former.days)
        for alert in former.alerts:
            if alert.last is not None and not self.looks(alert.subject):
                self.keep(_former_look(alert, alert.last))

    @property
    def months(self) -> Months:
        """How long the bot was watched."""
        return Months(self.directory / "watched")

    @property
    def _counts(self) -> Pages:
        return Pages(self.directory / "counts", _COUNTS, self.remarks.append)

    @property
    def _listened(self) -> Pages:
        return Pages(self.directory / "listened", _COUNTS, self.remarks.append)

    def _looks(self, subject: str) -> Pages:
        return Pages(self.directory / "looks" / subject, LOOKS, self.remarks.append)


@dataclass(frozen=True, slots=True)
class Ledgers:
    """What is remembered of each target, in one directory; ``former`` is where older releases kept it."""

    directory: Path
    former: Path | None = None

    @classmethod
    def beneath(cls, state: Path, own: Path) -> Ledgers:
        """Those in the directory that a team shares; ``own`` is that of this machine alone."""
        return cls(state / _FOLDER, own / _FOLDER)

    def path(self, target: str) -> Path:
        """The folder of a target."""
        return self.directory / target

    @contextmanager
    def open(self, target: str) -> Iterator[Ledger]:
        """What is remembered of a target, while no other run on this file system reads or writes it.

        Raises NoLedger for what can't be read or written.
        """
        path = self.path(target)
        with _said(path), _locked(path):
            ledger = Ledger(path)
            self._take_over(target, ledger)
            yield ledger

    def days(self, target: str) -> tuple[Day, ...]:
        """What was watched of a target; nothing where nobody did. Raises NoLedger."""
        path = self.path(target)
        with _said(path):
            ledger = Ledger(path)
            days = ledger.days()
            former = self._former(target)
            if former is None:
                return days
        message = f"{former} is an older release's: the next monitor takes it over"
        raise NoLedger(message, remedy=f'pytest -m "monitor and health" --target {target}')

    def _take_over(self, target: str, ledger: Ledger) -> None:
        path = self._former(target)
        if path is None:
            return
        from backstop.monitor import former  # noqa: PLC0415 - SQLite is loaded where there is such a file

        try:
            ledger.take_over(former.read_former(path))
            taken = former.mark_taken(path)
            ledger.remarks.append(f"what an older release remembered is taken over; its file is now {taken}")
        except former.NotTaken as error:
            left = former.mark_broken(path) if error.broken else path
            which = "set aside as" if error.broken else "left as it is:"
            ledger.remarks.append(f"what an older release remembered is broken ({error}): {which} {left}")

    def _former(self, target: str) -> Path | None:
        path = None if self.former is None else self.former / f"{target}.sqlite3"
        return path if path is not None and path.exists() else None


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    directory.mkdir(parents=True, exist_ok=True)
    handle = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    try:
        poll(lambda: _taken(handle), deadline=_PATIENCE_S, what="the lock of the monitor's state")
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool | None:
    """Whether it is ours now. A file system that knows no locks is one on which nobody waits."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
    return True


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """Turn what the operating system says into one sentence."""
    again = "the look itself counts; alerts and availability miss it"
    remedy = "see that the disk has room, and that this user may write there"
    try:
        yield
    except PollTimedOut as error:
        message = f"{path} is in use by another run for more than {_PATIENCE_S:g} s: {again}"
        raise NoLedger(message, remedy="see which monitor hangs") from error
    except CannotWrite as error:
        raise NoLedger(f"{error.message}: {again}", remedy=error.remedy) from error
    except OSError as error:
        raise NoLedger(f"{path} can't be used ({error.strerror}): {again}", remedy=remedy) from error


def _watched(subject: str, raw: Mapping[str, Any]) -> Watched:
    """What a look adds to what was watched."""
    look = read_look(subject, raw)
    return watched_since(*look.before, look.sight.at) if look.before else Watched()


def _read_counts(raw: Mapping[str, Any]) -> tuple[datetime, tuple[Count, ...]]:
    rows = raw["counts"]
    counts = tuple(
        Count(str(source), str(version), int(sent), int(bad)) for source, version, sent, bad in rows
    )
    return read_moment(raw["at"]), counts


def _read_listened(raw: Mapping[str, Any]) -> Listened:
    refused, seconds = int(raw["refused"]), float(raw["seconds"])
    if refused < 0 or not 0 <= seconds < float("inf"):
        message = f"{refused} requests in {seconds} s can't be"
        raise ValueError(message)
    return Listened(read_moment(raw["at"]), refused, seconds)


def _former_look(alert: Alert, last: datetime) -> Look:
    """The last look that an older release took down; what people were told then, they know."""
    known = Known(alert.raised is not None, alert.flapping, alert.severity)
    return Look(last, Sight(last, alert.seen, alert.severity), alert, known)
