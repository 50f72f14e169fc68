"""Feeding a program and reading what it writes, both at once, up to a deadline."""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from collections.abc import Callable
from typing import IO

from backstop.bounded import Bounded

_CHUNK = 64 * 1024
# How late, in seconds, an exit is noticed when a grandchild keeps the pipes open.
_TICK = 0.2


class Pipes:
    """The pipes of one running program; close them in the end.

    Its input is ``stdin`` and then ends; None leaves a pipe open, if there is one, until the end.
    """

    def __init__(self, process: subprocess.Popen[bytes], stdin: bytes | None) -> None:
        self.stdout = Bounded()
        self.stderr = Bounded()
        self._process = process
        self._input = memoryview(stdin or b"")
        self._selector = selectors.DefaultSelector()
        self._reading = 0
        self._register_output(process.stdout, self.stdout)
        self._register_output(process.stderr, self.stderr)
        if process.stdin is not None and stdin is not None:
            os.set_blocking(process.stdin.fileno(), False)
            self._selector.register(process.stdin, selectors.EVENT_WRITE, self._write)

    def serve(self, seconds: float) -> bool:
        """Serve the pipes until the program has ended; False when it has not within ``seconds``."""
        deadline = time.monotonic() + seconds
        while self._reading and self._process.poll() is None:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._turn(min(left, _TICK))
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return False
        return True

    def drain(self, seconds: float) -> None:
        """Read what is left once the program is gone, for ``seconds`` at most: somebody may hold a pipe."""
        deadline = time.monotonic() + seconds
        while self._reading and (left := deadline - time.monotonic()) > 0:
            self._turn(left)

    def close(self) -> None:
        """Let go of everything."""
        self._selector.close()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def _turn(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            serve: Callable[[], None] = key.data
            serve()

    def _register_output(self, pipe: IO[bytes] | None, buffer: Bounded) -> None:
        if pipe is None:
            return
        self._reading += 1
        self._selector.register(pipe, selectors.EVENT_READ, lambda: self._read(pipe, buffer))

    def _read(self, pipe: IO[bytes], buffer: Bounded) -> None:
        chunk = os.read(pipe.fileno(), _CHUNK)
        buffer.feed(chunk)
        if not chunk:
            self._selector.unregister(pipe)
            self._reading -= 1

    def _write(self) -> None:
        pipe = self._process.stdin
        if pipe is None:
            return
        try:
            self._input = self._input[os.write(pipe.fileno(), self._input[:_CHUNK]) :]
        except BrokenPipeError:
            self._input = self._input[:0]
        if not self._input:
            self._selector.unregister(pipe)
            pipe.close()
