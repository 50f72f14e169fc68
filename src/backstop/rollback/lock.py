"""One mutation of a worker at a time on this machine.

The lock is one of the operating system's: it goes with the process, however that ends.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from backstop.model.errors import Refused
from backstop.model.target import Target
from backstop.storage import CannotWrite

_MOST = 2000  # bytes of what the holder wrote


@dataclass(frozen=True, slots=True)
class Locks:
    """The locks of one directory, one for each worker of each account."""

    directory: Path

    @contextmanager
    def held(self, target: Target, run: str) -> Iterator[None]:
        """Hold the lock of a target's worker. Raises Refused when another session does, CannotWrite.

        A sandbox is its session's own: nobody else can be there.
        """
        if target.sandbox:
            yield
            return
        handle = self._open(self._path(target))
        try:
            _take(handle, target.worker)
            _sign(handle, run)
            yield
        finally:
            os.close(handle)

    def refuse_taken(self, target: Target) -> None:
        """Raise Refused when a session holds it at this moment, and leave it as it is. Raises CannotWrite."""
        if target.sandbox:
            return
        handle = self._open(self._path(target))
        try:
            _take(handle, target.worker)
        finally:
            os.close(handle)

    def free(self, target: Target) -> bool:
        """Whether nobody holds it at this moment. Raises CannotWrite."""
        handle = self._open(self._path(target))
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(handle)
        return True

    def _open(self, path: Path) -> int:
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.directory.stat(follow_symlinks=False).st_uid != os.getuid():
                raise PermissionError(errno.EPERM, "its folder is somebody else's", str(path))
            return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            message = f"the lock {path} can't be made: {error.strerror}"
            raise CannotWrite(message, remedy="make that directory writable for this user") from error

    def _path(self, target: Target) -> Path:
        worker = f"{target.cloudflare_api} {target.cloudflare_account} {target.worker}"
        digest = hashlib.sha256(worker.encode()).hexdigest()[:24]
        return self.directory / f"{digest}.lock"


def _take(handle: int, worker: str) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        message = f"another session on this machine is changing {worker} at this moment: {_holder(handle)}"
        raise Refused(message, remedy="let it end, or end it, and look at what it left") from error


def _holder(handle: int) -> str:
    try:
        found = json.loads(os.pread(handle, _MOST, 0))
        return f"run {found['run']}, process {found['process']}, since {found['since']}"
    except (ValueError, KeyError, TypeError):
        return "it has not said which"


def _sign(handle: int, run: str) -> None:
    """Write who holds it; a full disk is no reason not to hold it."""
    since = datetime.now(UTC).isoformat(timespec="seconds")
    text = json.dumps({"run": run, "process": os.getpid(), "since": since}).encode()
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, text, 0)
    except OSError:
        os.ftruncate(handle, 0)
