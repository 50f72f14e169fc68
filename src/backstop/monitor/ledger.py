"""What monitors remember between their runs: one SQLite file for each target.

Every run reads, weighs and writes in one transaction, under a lock of the operating system's: of two at
once one waits, and one that is killed leaves what was before it or what is after it. A file that is broken is
set aside under another name and said, never emptied; one that a newer version wrote is left alone.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from backstop.model.errors import CouldNotLook
from backstop.monitor.alert import Alert
from backstop.monitor.availability import Bot, Day
from backstop.monitor.codec import from_text, to_text
from backstop.polling import PollTimedOut, poll
from backstop.storage import CannotWrite

SCHEMA = 1
_OURS = 0x62636B73  # "bcks", in the head of the file
_PATIENCE_S = 5.0  # for another run to end its transaction, which takes milliseconds
_KEEP_COUNTS = timedelta(days=2)
_KEEP_DAYS = timedelta(days=3 * 366)  # this year, the last one, and some of the one before
_TABLES = """
create table alerts (subject text primary key, state text not null);
create table counts (at real not null, source text not null, version text not null,
                     sent integer not null, failed integer not null);
create index counts_by_time on counts (at);
create table days (day text primary key, watched real not null, down real not null);
create table looked (subject text primary key, at text not null, bot text not null);
"""


class NoLedger(CouldNotLook):
    """Raised when what monitors remember can't be read or written; the look itself is as good as ever."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many requests failed, by ``source`` (probes or tail) and version; that is empty where not shown."""

    source: str
    version: str
    sent: int
    failed: int


class Ledger:
    """An open transaction on what is remembered of one target."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def alert(self, subject: str) -> Alert:
        """A subject as it stands; untouched where nothing is remembered of it."""
        row = self._database.execute("select state from alerts where subject = ?", (subject,)).fetchone()
        return from_text(subject, row[0]) if row else Alert(subject)

    def keep(self, alert: Alert) -> None:
        """Remember a subject as it stands."""
        values = (alert.subject, to_text(alert))
        self._database.execute("insert or replace into alerts values (?, ?)", values)

    def count(self, at: datetime, count: Count) -> None:
        """Remember how one look's requests ended."""
        values = (at.timestamp(), count.source, count.version, count.sent, count.failed)
        self._database.execute("insert into counts values (?, ?, ?, ?, ?)", values)
        gone = (at - _KEEP_COUNTS).timestamp()
        self._database.execute("delete from counts where at < ?", (gone,))

    def counted(self, since: datetime, until: datetime) -> tuple[Count, ...]:
        """The sums since then, by source and version."""
        found = self._database.execute(
            "select source, version, sum(sent), sum(failed) from counts where at >= ? and at <= ?"
            " group by source, version order by source, version",
            (since.timestamp(), until.timestamp()),
        )
        return tuple(Count(*row) for row in found)

    def looked(self, subject: str) -> tuple[datetime, Bot] | None:
        """When a subject was last looked at, and how the bot was found then."""
        row = self._database.execute("select at, bot from looked where subject = ?", (subject,)).fetchone()
        return (datetime.fromisoformat(row[0]), Bot(row[1])) if row else None

    def note_look(self, subject: str, at: datetime, bot: Bot) -> None:
        """Remember when a subject was looked at, and how the bot was found."""
        values = (subject, at.isoformat(), bot.value)
        self._database.execute("insert or replace into looked values (?, ?, ?)", values)

    def add(self, day: Day) -> None:
        """Add to what was watched of a day; days of years ago are dropped."""
        self._database.execute(
            "insert into days values (?, ?, ?) on conflict (day) do update"
            " set watched = watched + excluded.watched, down = down + excluded.down",
            (day.day.isoformat(), day.watched, day.down),
        )
        self._database.execute("delete from days where day < ?", ((day.day - _KEEP_DAYS).isoformat(),))

    def days(self) -> tuple[Day, ...]:
        """Every day of which something was watched, oldest first."""
        found = self._database.execute("select day, watched, down from days order by day")
        return tuple(Day(date.fromisoformat(day), watched, down) for day, watched, down in found)


@dataclass(frozen=True, slots=True)
class Ledgers:
    """What is remembered of each target, in one directory."""

    directory: Path

    @classmethod
    def beneath(cls, state: Path) -> Ledgers:
        """Those of this machine, in the directory of what outlives a session."""
        return cls(state / "monitors")

    def path(self, target: str) -> Path:
        """The file of a target."""
        return self.directory / f"{target}.sqlite3"

    @contextmanager
    def open(self, target: str) -> Iterator[tuple[Ledger, str]]:
        """Open what is remembered of a target; what is changed is kept if all goes well, else nothing is.

        With it comes a sentence that must be said, where the file was broken and has been set aside; else
        it is empty. Raises NoLedger for one that can't be read or written, or that a newer version wrote.
        """
        path = self.path(target)
        with _said(path), self._locked(target):
            aside = _set_aside(path) if _broken(path) else ""
            _begin(path)
            with closing(_connect(path)) as database, database:
                database.execute("begin immediate")
                yield Ledger(database), aside

    def days(self, target: str) -> tuple[Day, ...]:
        """What was watched of a target; nothing where there is no file. Changes none. Raises NoLedger."""
        path = self.path(target)
        with _said(path):
            if not path.exists():
                return ()
            if _broken(path):
                message = f"{path} is broken: it is no state of a monitor"
                raise NoLedger(message, remedy="the next monitor sets it aside, and begins anew")
            with closing(_connect(path)) as database:
                return Ledger(database).days()

    @contextmanager
    def _locked(self, target: str) -> Iterator[None]:
        self.directory.mkdir(parents=True, exist_ok=True)
        lock = self.directory / f"{target}.lock"
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            poll(lambda: _taken(handle), deadline=_PATIENCE_S, what="the lock of the monitor's state")
            yield
        finally:
            os.close(handle)


def _taken(handle: int) -> bool | None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    return True


def _connect(path: Path) -> sqlite3.Connection:
    """Open a file that there is. Transactions are begun by hand."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_PATIENCE_S)


def _broken(path: Path) -> bool:
    """Whether there is a file that is no state of a monitor, or not a whole one. Raises NoLedger if newer."""
    if not path.exists():
        return False
    try:
        with closing(_connect(path)) as database:
            ours = database.execute("pragma application_id").fetchone()[0]
            version = database.execute("pragma user_version").fetchone()[0]
            if ours == _OURS and version > SCHEMA:
                message = f"{path} was written by a newer backstop (schema {version}, this one has {SCHEMA})"
                raise NoLedger(message, remedy="use that version here too; the file is left as it is")
            well = database.execute("pragma quick_check(1)").fetchone()[0] == "ok"
            return ours != _OURS or version != SCHEMA or not well
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return True


def _set_aside(path: Path) -> str:
    """Rename a broken file, with what SQLite keeps beside it; the sentence to be said."""
    now = datetime.now(UTC)
    aside = path.with_name(f"{path.name}.broken-{now:%Y%m%dT%H%M%S%fZ}")
    path.rename(aside)
    with suppress(FileNotFoundError):
        path.with_name(f"{path.name}-journal").rename(aside.with_name(f"{aside.name}-journal"))
    return f"what monitors remembered was broken: it is set aside as {aside}, and begun anew"


def _begin(path: Path) -> None:
    """Make the file where there is none, whole from the first moment on."""
    if path.exists():
        return
    made = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        made.unlink(missing_ok=True)
        with closing(sqlite3.connect(made)) as database:
            database.executescript(
                f"pragma application_id = {_OURS}; pragma user_version = {SCHEMA}; begin;{_TABLES} commit;"
            )
        made.rename(path)
    finally:
        made.unlink(missing_ok=True)


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """Turn what SQLite and the operating system say into one sentence."""
    again = "the look itself counts; alerts and availability miss it"
    try:
        yield
    except PollTimedOut as error:
        message = f"{path} is in use by another run for more than {_PATIENCE_S:g} s: {again}"
        raise NoLedger(message, remedy="see which monitor hangs") from error
    except sqlite3.Error as error:
        message = f"{path} can't be used ({error}): {again}"
        raise NoLedger(
            message, remedy="see that the disk has room, and that this user may write there"
        ) from error
    except (OSError, CannotWrite) as error:
        message = f"{path} can't be used ({getattr(error, 'strerror', error)}): {again}"
        raise NoLedger(
            message, remedy="see that the disk has room, and that this user may write there"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        message = f"{path} holds what no monitor wrote ({error!r}): {again}"
        raise NoLedger(message, remedy="move it away: the next monitor begins anew") from error
