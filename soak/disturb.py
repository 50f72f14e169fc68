"""What cuts a session short: a signal, a disk that is full, a network that is lost."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable
from contextlib import suppress

import psutil

from backstop.polling import PollTimedOut, poll
from backstop.running import Running
from soak.network import Network
from soak.plan import Interruption, Way

GLANCE = 0.005  # seconds between two looks at a journal or a process
_BETWEEN = 0.05  # seconds between two signals of somebody impatient
_SIGNALS = {
    Way.ONCE: signal.SIGINT,
    Way.TWICE: signal.SIGINT,
    Way.TERM: signal.SIGTERM,
    Way.KILL: signal.SIGKILL,
}


def disturb(running: Running, planned: Interruption, network: Network) -> None:
    """Do it, now. A network that is lost has come back, or the session has ended, when this returns."""
    if planned.way is Way.DISK:
        _fill_disk(running.pid)
    elif planned.way is Way.NETWORK:
        with network.lost():
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


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]
