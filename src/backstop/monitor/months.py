"""What was watched, in a file for each month: what looks are folded up into when they are forgotten.

Files are named by what is in them and never changed. Joining two of one month makes a third, and whoever
joins the same comes to the same; so machines that fold up at once lose nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from backstop.model.errors import CouldNotLook
from backstop.monitor.availability import Day
from backstop.monitor.codec import NOT_OURS
from backstop.monitor.pages import SCHEMA, Newer, load
from backstop.monitor.stretches import Watched, by_month, joined, members, read_watched
from backstop.monitor.stretches import days as by_day
from backstop.storage import write_atomic

_KEPT = 37  # months: this year, the last one, and the one before
_FORMER = "former-"  # days of which an older backstop kept only the sums


class NoLedger(CouldNotLook):
    """Raised when what monitors remember can't be read or written; the look itself is as good as ever."""


@dataclass(frozen=True, slots=True)
class Months:
    """Those of one directory."""

    directory: Path

    def add(self, watched: Watched) -> None:
        """Fold in what was watched; what is too old is dropped. Raises CannotWrite.

        A file that can't be read stays beside the new one.
        """
        for month, part in by_month(watched).items():
            known = {path: found for path in self._files(month) if (found := _readable(path)) is not None}
            whole = self._write(month, joined((part, *known.values())))
            for path in known:
                if path != whole:
                    path.unlink(missing_ok=True)
        self._drop()

    def days(self, more: Iterable[Watched] = ()) -> tuple[Day, ...]:
        """Every day of which something was watched, oldest first; ``more`` is not folded in yet.

        Raises NoLedger where a file can't be read: it may be the one that says that the bot was down.
        """
        files = [path for path in self._files() if not path.name.startswith(_FORMER)]
        found = {day.day: day for day in by_day(joined((*map(_watched, files), *more)))}
        for day, former in self._former().items():
            now = found.get(day, Day(day, 0.0, 0.0))
            found[day] = Day(day, now.watched + former.watched, now.down + former.down)
        return tuple(found[day] for day in sorted(found))

    def take_over(self, days: Iterable[Day]) -> None:
        """Keep what an older backstop knew, as it knew it. Raises CannotWrite."""
        rows = [[day.day.isoformat(), day.watched, day.down] for day in days]
        if rows:
            self._keep(_FORMER, {"schema": SCHEMA, "days": rows})

    def _former(self) -> dict[date, Day]:
        """Of each day what the machine knew that had watched it longest."""
        found: dict[date, Day] = {}
        for path in self._files(_FORMER):
            for day in _former_days(path):
                if day.day not in found or day.watched > found[day.day].watched:
                    found[day.day] = day
        return found

    def _write(self, month: str, watched: Watched) -> Path:
        return self._keep(f"{month}-", {"schema": SCHEMA, **members(watched)})

    def _keep(self, name: str, content: dict[str, object]) -> Path:
        text = json.dumps(content) + "\n"
        path = self.directory / f"{name}{hashlib.sha256(text.encode()).hexdigest()[:12]}.json"
        if not path.exists():
            write_atomic(path, text)
        return path

    def _drop(self) -> None:
        """By their number: a clock that is years ahead must not make history of all that there is."""
        months = sorted({path.name[:7] for path in self._files() if not path.name.startswith(_FORMER)})
        for month in months[:-_KEPT]:
            for path in self._files(month):
                path.unlink(missing_ok=True)

    def _files(self, name: str = "") -> list[Path]:
        return sorted(self.directory.glob(f"{name}*.json")) if self.directory.is_dir() else []


def _readable(path: Path) -> Watched | None:
    try:
        return _watched(path)
    except NoLedger:
        return None


def _watched(path: Path) -> Watched:
    try:
        return read_watched(load(path))
    except FileNotFoundError:
        return Watched()  # another machine has just joined it with others
    except (Newer, *NOT_OURS) as error:
        raise _unread(path, error) from error


def _former_days(path: Path) -> tuple[Day, ...]:
    try:
        rows = load(path)["days"]
        return tuple(Day(date.fromisoformat(day), float(seen), float(down)) for day, seen, down in rows)
    except (Newer, *NOT_OURS) as error:
        raise _unread(path, error) from error


def _unread(path: Path, error: Exception) -> NoLedger:
    if isinstance(error, Newer):
        message = f"{path} was written by a newer backstop (schema {error}, this one has {SCHEMA})"
        return NoLedger(message, remedy="use that version here too; the file is left as it is")
    message = f"{path} is broken ({type(error).__name__}): how long the bot was up is not known"
    return NoLedger(message, remedy="bring it back from another machine, or move it away")
