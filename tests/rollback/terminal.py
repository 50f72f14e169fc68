"""A session at a terminal, with somebody who types."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.drill.conftest import LIMIT, ROOT, by_itself, temporary_of
from tests.rollback.sessions import Ended, ended

_CHUNK = 65536
# The first terminal that the leader of a session opens becomes its controlling one: /dev/tty.
_SIT_DOWN = """
import fcntl, os, sys, termios
terminal = os.open(sys.argv[1], os.O_RDWR)
fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
os.write(1, b"!")
for number in (0, 1, 2):
    os.dup2(terminal, number)
os.execv(sys.argv[2], sys.argv[2:])
"""


def typed_at(folder: Path, argv: Sequence[str], question: str, answer: str) -> Ended:
    """Run a session at a terminal of its own, and type ``answer`` when it asks ``question``."""
    ours, theirs = pty.openpty()
    with closing_descriptor(ours):
        with closing_descriptor(theirs):
            process = _seated(os.ttyname(theirs), argv, temporary_of(folder))
        with process:
            try:
                screen = _read(ours, question)
                os.write(ours, f"{answer}\n".encode())
                screen += _read(ours)
                return ended(folder, process.wait(LIMIT), screen)
            finally:
                process.kill()


@contextmanager
def closing_descriptor(descriptor: int) -> Iterator[None]:
    """Close it in the end."""
    try:
        yield
    finally:
        os.close(descriptor)


def _seated(terminal: str, argv: Sequence[str], temporary: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", _SIT_DOWN, terminal, *argv],
        cwd=ROOT,
        env=by_itself() | {"TMPDIR": str(temporary)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout
    with process.stdout as pipe:
        pipe.read(1)  # it sits there; only now may the terminal be let go here
    return process


def _read(terminal: int, until: str = "") -> str:
    """What is on the screen, until it shows these words, or to the end."""
    screen = b""
    deadline = time.monotonic() + LIMIT
    while not until or until.encode() not in screen:
        ready, _, _ = select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"nothing more in {LIMIT:g} s after {screen!r}"
        try:
            shown = os.read(terminal, _CHUNK)
        except OSError:  # so a terminal ends when nobody has it open any more
            shown = b""
        if not shown:
            break
        screen += shown
    return screen.decode()
