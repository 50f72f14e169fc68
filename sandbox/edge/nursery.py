"""Starts child processes that cannot outlive us, however we end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_GUARD = Path(__file__).with_name("guard.py")
_END_S = 5.0


class Nursery:
    """Spawns each child in a process group of its own, under the eyes of one small guard process.

    The guard sees our end as the end of its stdin, on every system and whatever kills us. Asking the
    kernel for the same (prctl) would need code between fork and exec, which makes Python copy itself:
    24 ms instead of 4 for each child, with all requests standing still.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._guard: Process | None = None

    @property
    def guard_pid(self) -> int | None:
        """The guard's number, while there is one."""
        return self._guard.pid if self._guard else None

    async def start(self) -> None:
        """Start the guard, which will also remove the directory."""
        self._guard = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(_GUARD), str(self._directory)),
            stdin=PIPE,
            stdout=DEVNULL,
            stderr=DEVNULL,
            process_group=0,
        )

    async def stop(self) -> None:
        """End the guard; children that are still there end with it."""
        guard, self._guard = self._guard, None
        if guard is None or guard.stdin is None:
            return
        guard.stdin.close()
        async with asyncio.timeout(_END_S):
            await guard.wait()

    async def spawn(self, argv: Sequence[str], *, pass_fds: Sequence[int] = ()) -> Process:
        """Start a child without stdin and stdout; its stderr is a pipe. Raises OSError."""
        process = await asyncio.create_subprocess_exec(
            *argv, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, pass_fds=tuple(pass_fds), process_group=0
        )
        self._tell(f"+{process.pid}")
        return process

    def kill(self, process: Process) -> None:
        """End a child and whatever it started; one that is gone is ignored."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)

    def buried(self, process: Process) -> None:
        """The child was waited for, so its number may soon be somebody else's."""
        self._tell(f"-{process.pid}")

    def _tell(self, line: str) -> None:
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.write(f"{line}\n".encode())
