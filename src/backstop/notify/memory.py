"""What was told of an incident that is still open, so that the next session updates it and repeats nothing.

A small file for each target and channel. Whoever tells holds its lock, from reading what is known to writing
what was sent: two sessions at once make one message.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backstop.notify.notifier import Known
from backstop.polling import SYSTEM, Clock, poll
from backstop.storage import CannotWrite, write_atomic

_ID = re.compile(r"[A-Za-z0-9_-]{0,64}")  # it becomes a part of an address
_LARGEST = 16 * 1024  # bytes; an entry has some hundred
_AHEAD = timedelta(minutes=5)  # by which another machine's clock may be
FRESH = timedelta(hours=24)  # what was told before that belongs to another incident
_LONGEST = timedelta(hours=1)  # no rollback takes as long; a session that was killed says no more
_MOST_ALERTS = 50


@dataclass(frozen=True, slots=True)
class Memory:
    """What one channel of one target was told, in a file of ``directory``; known for as long as ``fresh``."""

    directory: Path
    target: str
    channel: str
    clock: Clock = SYSTEM
    fresh: timedelta = FRESH

    @contextmanager
    def held(self, seconds: float) -> Iterator[None]:
        """Keep other sessions from telling this channel meanwhile.

        Raises CouldNotLook when another one does so for longer than ``seconds``, CannotWrite.
        """
        path = self._path(".lock")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise CannotWrite(f"{path} can't be made: {error.strerror}") from error
        try:
            what = "the end of another session's message"
            poll(lambda: _taken(handle), deadline=seconds, what=what, clock=self.clock)
            yield
        finally:
            os.close(handle)

    def known(self, now: datetime) -> Known | None:
        """The incident that the channel knows of; None where it knows of none that is still open.

        What can't be read is nothing known: the channel is then told anew.
        """
        try:
            with self._path(".json").open("rb") as file:
                members = json.loads(file.read(_LARGEST))
            at = datetime.fromisoformat(members.pop("at"))
            found = Known(**{**members, "alerts": tuple(map(str, members["alerts"]))})
            told_ago = now - at
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None
        words = all(isinstance(each, str) for each in (found.id, found.incident, found.mark))
        sound = words and _ID.fullmatch(found.id)
        if not sound or not timedelta(0) <= told_ago + _AHEAD < self.fresh:
            return None
        return replace(found, under_way=found.under_way is True and told_ago < _LONGEST)

    def keep(self, known: Known, now: datetime) -> None:
        """Remember what the channel knows now. Raises CannotWrite."""
        members = {**asdict(known), "alerts": list(known.alerts[:_MOST_ALERTS])}
        if not known.mark:  # an older release knows of no such thing, and would take the file for broken
            del members["mark"]
        text = json.dumps({**members, "at": now.astimezone(UTC).isoformat(timespec="seconds")}, indent=2)
        write_atomic(self._path(".json"), text + "\n")

    def forget(self) -> None:
        """The incident is over."""
        with suppress(OSError):
            self._path(".json").unlink(missing_ok=True)

    @property
    def file(self) -> Path:
        """Where it lies."""
        return self._path(".json")

    def _path(self, suffix: str) -> Path:
        return self.directory / self.target / f"{self.channel}{suffix}"


def _taken(handle: int) -> bool | None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    return True
