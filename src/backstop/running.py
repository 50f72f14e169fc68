"""A program that runs beside us: its lines are read in the background, so that it never blocks."""

from __future__ import annotations

import os
import subprocess
import threading
from collections import deque
from contextlib import suppress
from types import TracebackType
from typing import IO, Self

from backstop.bounded import Bounded
from backstop.model.errors import CouldNotLook
from backstop.redaction import REDACTOR

_MOST_LINES = 1000
_LONGEST_LINE = 64 * 1024
_LAST_CHARACTERS = 1000
_READERS_END = 1.0


class NoLine(CouldNotLook):
    """Raised when a program ended, or kept silent for too long, instead of writing a line."""


class Running:
    """Its pipes and state. Of lines that nobody reads only the newest thousand are kept."""

    def __init__(self, process: subprocess.Popen[bytes], name: str) -> None:
        self._process = process
        self._name = name
        self._lines: deque[str] = deque(maxlen=_MOST_LINES)
        self._stderr = Bounded()
        self._news = threading.Condition()
        self._ended = False
        self._readers = [
            threading.Thread(target=self._read_lines, args=(process.stdout,), daemon=True),
            threading.Thread(target=self._read_stderr, args=(process.stderr,), daemon=True),
        ]

    def __enter__(self) -> Self:
        for reader in self._readers:
            reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        for reader in self._readers:
            reader.join(_READERS_END)

    @property
    def pid(self) -> int:
        """The process id, which is also that of its group."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._process.poll()

    def read_line(self, limit: float) -> str:
        """The next line that it wrote, without the line break.

        Raises NoLine when there is none within ``limit`` seconds, or when it has ended.
        """
        with self._news:
            self._news.wait_for(lambda: self._lines or self._ended, limit)
            if self._lines:
                return self._lines.popleft()
            ended = self._ended
        raise self._no_line(ended=ended, limit=limit)

    def _no_line(self, *, ended: bool, limit: float) -> NoLine:
        if ended:
            self._readers[1].join(_READERS_END)
        how = "ended without a word" if ended else f"wrote no line within {limit:g} s"
        last = self.stderr()[-_LAST_CHARACTERS:].strip()
        message = f"{self._name} {how}; {f'its errors: {last}' if last else 'it wrote no errors'}"
        return NoLine(REDACTOR.redact(message))

    def stderr(self) -> str:
        """What it wrote to its standard error until now, within bounds."""
        with self._news:
            return self._stderr.text()

    def write(self, text: str) -> None:
        """Send text to its input. Does nothing when it reads no more."""
        if self._process.stdin is not None:
            with suppress(BrokenPipeError, ValueError):
                self._process.stdin.write(text.encode())
                self._process.stdin.flush()

    def close_stdin(self) -> None:
        """Let it read the end of its input: for many programs the sign to stop."""
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()

    def _read_lines(self, pipe: IO[bytes]) -> None:
        with pipe:
            while line := pipe.readline(_LONGEST_LINE):
                with self._news:
                    self._lines.append(line.decode("utf-8", errors="replace").rstrip("\r\n"))
                    self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _read_stderr(self, pipe: IO[bytes]) -> None:
        with pipe:
            while chunk := os.read(pipe.fileno(), _LONGEST_LINE):
                with self._news:
                    self._stderr.feed(chunk)
