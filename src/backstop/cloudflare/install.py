"""Installs wrangler and workerd for an installed backstop, from the lock file that it brings.

Into a folder of its own, which has its name only once it is whole: whoever sees it can use it.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backstop.model.errors import CouldNotLook, UsageError
from backstop.polling import PollTimedOut, poll
from backstop.process import start
from backstop.running import Running

_FILES = ("package.json", "package-lock.json", ".npmrc")
_PROOFS = ("node_modules/wrangler/bin/wrangler.js", "node_modules/@cloudflare/workerd-*/bin/workerd")
_COMPLAINT = re.compile(r"^npm error(?! (?:code|syscall|errno|path) ) +(\S.{,200})", re.MULTILINE)
_PROGRESS_S = 5.0  # between two lines that say how far it is
_LIMIT_S = 1800.0
_REMEDY = "check the network and npm's registry setting, then run backstop setup again"

Say = Callable[[str], object]


class CannotInstall(CouldNotLook):
    """Raised when wrangler could not be installed; nothing is left of the attempt."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Wrangler in ``directory``, as the lock file in ``source`` has it; ``npm`` is the command of npm.

    ``limit`` is in seconds, for npm and for another installation that is at work.
    """

    source: Path
    directory: Path
    npm: Sequence[str]
    environment: Mapping[str, str]
    limit: float = _LIMIT_S

    def is_done(self) -> bool:
        """Whether it is there, whole."""
        return _missing(self.directory) is None

    def make(self, say: Say) -> None:
        """Install it, unless it is there, and say how far it is. Raises CannotInstall, UsageError."""
        if self.is_done():
            say(f"up to date: {self.directory}")
            return
        with _writable(self.directory.parent), self._alone(say):
            if not self.is_done():
                self._install(say)
        say(f"ready: {self.directory}")

    def _install(self, say: Say) -> None:
        unfinished = self.directory.with_name(f"{self.directory.name}.unfinished")
        try:
            for old in (unfinished, self.directory):  # what was cut short, or has been taken apart since
                shutil.rmtree(old, ignore_errors=True)
            unfinished.mkdir(parents=True)
            for name in _FILES:
                shutil.copyfile(self.source / name, unfinished / name)
            say("installing wrangler and workerd from the lock file (some 200 MB) …")
            self._run_npm(unfinished, say)
            unfinished.rename(self.directory)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def _run_npm(self, directory: Path, say: Say) -> None:
        command = [*self.npm, "ci", "--ignore-scripts", "--prefer-offline", "--include=dev"]
        with start(command, env=self.environment, cwd=directory) as npm:
            code = self._await(npm, directory, say)
        said = npm.stderr()  # all of it: at the end of the context it was read to its end
        if code != 0:
            found = _COMPLAINT.search(said)
            why = found[1].rstrip(".") if found else said.strip()[-400:]
            raise CannotInstall(f"npm ended with {code}: {why}", remedy=_REMEDY)
        if missing := _missing(directory):
            raise CannotInstall(f"npm ended well, but left no {missing}", remedy=_REMEDY)

    def _await(self, npm: Running, directory: Path, say: Say) -> int:
        """Npm's exit code; until it has one, how much there is, now and then."""
        waited = 0.0
        while waited < self.limit:
            patience = min(_PROGRESS_S, self.limit - waited)
            try:
                return poll(lambda: npm.returncode, deadline=patience, what="the end of npm")
            except PollTimedOut:
                waited += patience
                say(f"  {_megabytes(directory)} MB …")
        message = f"npm was not done after {self.limit:g} s"
        raise CannotInstall(message, remedy=_REMEDY)

    @contextmanager
    def _alone(self, say: Say) -> Iterator[None]:
        """Wait until no other set-up of this user is at work. The lock goes with its process."""
        self.directory.parent.mkdir(parents=True, exist_ok=True)
        with (self.directory.parent / "setup.lock").open("w", encoding="utf-8") as held:
            if not _take(held.fileno()):
                say("another set-up is at work; waiting for it …")
                poll(
                    lambda: _take(held.fileno()) or None,
                    deadline=self.limit,
                    what="the end of another set-up",
                )
            yield


def _take(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _writable(directory: Path) -> Iterator[None]:
    """Turn what the operating system says into something a person can act on."""
    try:
        yield
    except OSError as error:
        message = f"{error.filename or directory} can't be written: {error.strerror}"
        remedy = "make room, or name another folder with XDG_CACHE_HOME, then run backstop setup again"
        raise UsageError(message, remedy=remedy) from error


def _missing(directory: Path) -> str | None:
    return next((proof for proof in _PROOFS if not any(directory.glob(proof))), None)


def _megabytes(directory: Path) -> int:
    """What lies in a folder that somebody is writing to."""
    size = 0
    for folder, _, names in os.walk(directory):
        for name in names:
            try:
                size += (Path(folder) / name).lstat().st_size
            except FileNotFoundError:
                continue
    return size // 1_000_000
