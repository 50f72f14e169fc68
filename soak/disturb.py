"""What cuts a session short: a signal, a disk that is full, a network that is lost."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psutil

from backstop.polling import PollTimedOut, poll
from backstop.running import Running
from soak.plan import Interruption, Way

GLANCE = 0.005  # seconds between two looks at a journal or a process
_BETWEEN = 0.05  # seconds between two signals of somebody impatient
_SIGNALS = {
    Way.ONCE: signal.SIGINT,
    Way.TWICE: signal.SIGINT,
    Way.TERM: signal.SIGTERM,
    Way.KILL: signal.SIGKILL,
}


def disturb(running: Running, planned: Interruption) -> None:
    """Do it, now. A network that is lost has come back, or the session has ended, when this returns."""
    if planned.way is Way.DISK:
        _fill_disk(running.pid)
    elif planned.way is Way.NETWORK:
        with _no_network():
            watch(lambda: running.returncode is not None, planned.lasts)
    else:
        _signal(running, planned.way)


def watch(has_come: Callable[[], bool], seconds: float) -> None:
    """Look until it has come, or the time is up."""
    with suppress(PollTimedOut):
        poll(lambda: has_come() or None, deadline=seconds, what="it", every=GLANCE, most=GLANCE)


def _signal(running: Running, way: Way) -> None:
    os.kill(running.pid, _SIGNALS[way])
    if way is Way.TWICE:
        watch(lambda: running.returncode is not None, _BETWEEN)
        if running.returncode is None:
            os.kill(running.pid, _SIGNALS[way])


def _fill_disk(pid: int) -> None:
    """From now on no file of this process and of what it starts can grow.

    It is the file's size that is limited, so that it needs no privilege and no disk of its own: a write
    fails with EFBIG instead of ENOSPC, and both are an OSError.
    """
    with suppress(psutil.NoSuchProcess):
        for process in _family(psutil.Process(pid)):
            process.rlimit(resource.RLIMIT_FSIZE, (0, 0))


@contextmanager
def _no_network() -> Iterator[None]:
    """Nobody answers: what stands for Cloudflare, its edge and Discord is stopped, and takes up later."""
    stopped = [each for found in _sandboxes() for each in _family(found)]
    try:
        for process in stopped:
            process.suspend()
        yield
    finally:
        for process in stopped:
            with suppress(psutil.NoSuchProcess):
                process.resume()


def _sandboxes() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if each.cmdline()[-2:] == ["-m", "sandbox"]]


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]
