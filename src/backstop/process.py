"""The one runner of other programs.

Every program gets a process group of its own, and at the end, however that comes about, nothing of
the group is left. Output is read as it comes and kept within bounds.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from backstop.deadline import DEADLINE
from backstop.model.errors import CouldNotLook, UsageError
from backstop.pipes import Pipes
from backstop.redaction import REDACTOR
from backstop.root import set_up
from backstop.running import Running

GRACE = 2.0
_STRAGGLERS = 0.5
_KILLED = 5.0
_SHOWN_ARGUMENTS = 6
_LAST_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Completed:
    """A program that has ended. ``returncode`` is negative for a signal; ``seconds`` is wall time."""

    argv: tuple[str, ...]
    returncode: int
    stdout: str
    stderr: str
    seconds: float


class Input(Enum):
    """What a program reads where it is given no bytes."""

    EMPTY = "nothing"
    TIED = "a pipe that ends when we do, even when we are killed, so that it can end with us"


class ProcessMissing(UsageError):
    """Raised when a program or its working directory isn't there, or may not be executed."""


class ProcessTimedOut(CouldNotLook):
    """Raised when a program outlived its limit, in seconds; it is gone. What it wrote is kept."""

    def __init__(self, argv: Sequence[str], limit: float, stdout: str, stderr: str) -> None:
        wrote = (stderr.strip() or stdout.strip())[-_LAST_CHARACTERS:]
        said = f"it last wrote: {wrote}" if wrote else "it wrote nothing"
        message = f"{_shown(argv)} did not end within {round(limit, 2):g} s and was stopped; {said}"
        super().__init__(REDACTOR.redact(message))
        self.argv = tuple(argv)
        self.limit = limit
        self.stdout = stdout
        self.stderr = stderr


def run(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path | None = None,
    limit: float,
    stdin: bytes | Input = Input.EMPTY,
) -> Completed:
    """Run a program to its end. ``env`` is all of its environment, ``limit`` is in seconds.

    It never outlives the time in which the session must have its answers. Any exit code is a result;
    nothing is raised for it. What the program itself started ends with it. Raises ProcessTimedOut,
    ProcessMissing.
    """
    limit = min(limit, DEADLINE.left())
    began = time.monotonic()
    process = _spawn(argv, env, cwd, subprocess.DEVNULL if stdin is Input.EMPTY else subprocess.PIPE)
    try:
        with closing(Pipes(process, None if isinstance(stdin, Input) else stdin)) as pipes:
            ended = pipes.serve(limit)
            _end_group(process)
            pipes.drain(_STRAGGLERS)
    finally:
        _end_group(process)
        _close_pipes(process)
    stdout, stderr = pipes.stdout.text(), pipes.stderr.text()
    if not ended:
        raise ProcessTimedOut(argv, limit, stdout, stderr)
    return Completed(tuple(argv), process.returncode, stdout, stderr, time.monotonic() - began)


@contextmanager
def start(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path | None = None,
    grace: float = GRACE,
) -> Iterator[Running]:
    """Run a program beside us for as long as the context lasts. ``env`` is all of its environment.

    At the end its input is closed, it gets SIGTERM, and what is left of its group after ``grace``
    seconds is killed. Raises ProcessMissing.
    """
    process = _spawn(argv, env, cwd, subprocess.PIPE)
    try:
        with Running(process, _shown(argv)) as running:
            try:
                yield running
            finally:
                running.close_stdin()
                _end_leader(process, grace)
    finally:
        _kill_group(process)
        _close_pipes(process)


def _spawn(
    argv: Sequence[str], env: Mapping[str, str], cwd: Path | None, stdin: int
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            list(argv),
            env=dict(env),
            cwd=cwd,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        message = f"{_shown(argv)} can't be started: {error.strerror} ({error.filename})"
        remedy = f"see that the path is right, and that what {set_up()} installs is there"
        raise ProcessMissing(message, remedy=remedy) from error


def _end_leader(process: subprocess.Popen[bytes], grace: float) -> None:
    """Ask the program itself to end, and give it time to end what it started; then kill all of it."""
    try:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(grace)
    finally:
        _kill_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Leave nothing of the group, also when this is interrupted itself."""
    try:
        if process.poll() is None:
            _signal_group(process, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)
    finally:
        _kill_group(process)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    _signal_group(process, signal.SIGKILL)
    process.wait(_KILLED)


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # macOS answers EPERM for a group of which only zombies are left.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _shown(argv: Sequence[str]) -> str:
    words = " ".join(argv[:_SHOWN_ARGUMENTS])
    return REDACTOR.redact(f"{words} …" if len(argv) > _SHOWN_ARGUMENTS else words)
