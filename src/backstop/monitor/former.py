"""What older releases kept: one SQLite file for each target on each machine. It is taken over once."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from backstop.monitor.alert import Alert
from backstop.monitor.availability import Day
from backstop.monitor.codec import NOT_OURS, read_alert

_OURS = 0x62636B73  # "bcks", in the head of the file
_SCHEMA = 1
_PATIENCE_S = 1.0  # for a run of the older release to end
_TAKEN = ".taken-over"
_BROKEN = ".broken"


@dataclass(frozen=True, slots=True)
class Former:
    """What such a file said."""

    alerts: tuple[Alert, ...] = ()
    days: tuple[Day, ...] = ()


class NotTaken(Exception):
    """Raised for a file that can't be used, with the reason; ``broken``: nobody will ever read it."""

    def __init__(self, why: object, *, broken: bool) -> None:
        super().__init__(str(why))
        self.broken = broken


def read_former(path: Path) -> Former:
    """Read the file of an older release. Raises NotTaken."""
    where = f"{path.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(where, uri=True, timeout=_PATIENCE_S)) as file:
            head = (
                file.execute(f"pragma {name}").fetchone()[0] for name in ("application_id", "user_version")
            )
            if tuple(head) != (_OURS, _SCHEMA) or file.execute("pragma quick_check(1)").fetchone()[0] != "ok":
                raise NotTaken("it is no whole state of a monitor", broken=True)
            alerts = file.execute("select subject, state from alerts").fetchall()
            days = file.execute("select day, watched, down from days order by day").fetchall()
        return Former(
            tuple(read_alert(subject, json.loads(state)) for subject, state in alerts),
            tuple(Day(date.fromisoformat(day), float(seen), float(down)) for day, seen, down in days),
        )
    except sqlite3.OperationalError as error:
        raise NotTaken(error, broken=False) from error
    except (sqlite3.DatabaseError, *NOT_OURS) as error:
        raise NotTaken(error, broken=True) from error


def mark_taken(path: Path) -> Path:
    """Rename it, so that it is not read again; its new path. Raises OSError."""
    return path.rename(path.with_name(f"{path.name}{_TAKEN}"))


def mark_broken(path: Path) -> Path:
    """The same, for what nobody can read."""
    return path.rename(path.with_name(f"{path.name}{_BROKEN}"))
