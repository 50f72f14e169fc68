"""What this process itself prints, without secrets: its standard streams, and the traceback it ends with."""

from __future__ import annotations

import resource
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from threading import RLock
from types import TracebackType
from typing import Any, TextIO

from backstop.redaction import REDACTOR

_STREAMS = ("stdout", "stderr")
_MOST_KEPT = 64 * 1024  # characters of one line that wait for its end


class RedactedStream:
    """A text stream in front of another one; everything passes the redactor on its way.

    An unfinished line waits for its end, or until somebody flushes: what is written in two parts is one
    secret to whoever reads it. What its encoding has no sign for is written as a number: a verdict must not
    fail over an arrow. All else that a stream can do is done by the other one.
    """

    def __init__(self, inner: TextIO) -> None:
        self._inner = inner
        self._errors = inner.errors if isinstance(inner, TextIOWrapper) else None
        self._on_no_sign("backslashreplace")
        self._clean: Callable[[str], str] = REDACTOR.redact
        self._waiting = ""
        self._lock = RLock()

    def write(self, text: str) -> int:
        """Pass on all lines that are whole; the number of characters taken."""
        with self._lock:
            whole, end, rest = (self._waiting + text).rpartition("\n")
            self._waiting = rest
            if end:
                self._inner.write(self._clean(whole + end))
            if len(rest) > _MOST_KEPT:
                self.flush()
        return len(text)

    def writelines(self, lines: Iterator[str]) -> None:
        """Write each of them."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Pass on what waits as well."""
        with self._lock:
            waiting, self._waiting = self._waiting, ""
            if waiting:
                self._inner.write(self._clean(waiting))
            self._inner.flush()

    def write_openly(self, text: str) -> None:
        """Pass on text as it is."""
        self.flush()
        self._inner.write(text)

    def let_through(self) -> TextIO:
        """Redact nothing from here on; the stream behind."""
        self.flush()
        self._clean = str
        if self._errors is not None:
            self._on_no_sign(self._errors)
        return self._inner

    def _on_no_sign(self, errors: str) -> None:
        if isinstance(self._inner, TextIOWrapper):
            self._inner.reconfigure(errors=errors)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def redact_from_here_on() -> None:
    """Put the redactor before both standard streams of this process and before its last traceback.

    Nor is the memory of a crash written down, where all secrets stand as they are.
    """
    for name in _STREAMS:
        stream = getattr(sys, name)
        if not isinstance(stream, RedactedStream):
            _put(name, RedactedStream(stream))
    sys.excepthook = _show
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def as_before() -> None:
    """Take it away again: what is printed is somebody else's."""
    for name in _STREAMS:
        stream = getattr(sys, name)
        if isinstance(stream, RedactedStream):
            _put(name, stream.let_through())
    sys.excepthook = sys.__excepthook__


def _put(name: str, stream: TextIO | RedactedStream) -> None:
    """In the place of a standard stream, and of that which Python remembers as it, where it is the same."""
    remembered = f"__{name}__"
    if getattr(sys, remembered) is getattr(sys, name):
        setattr(sys, remembered, stream)
    setattr(sys, name, stream)


def print_openly(text: str) -> None:
    """Print credentials that were made up for whoever asks for them, and that are good for nothing else."""
    if isinstance(sys.stdout, RedactedStream):
        sys.stdout.write_openly(f"{text}\n")
    else:
        sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextmanager
def redacted_output() -> Iterator[None]:
    """The same for a while. An error that leaves it is printed without secrets too."""
    before = {name: getattr(sys, name) for each in _STREAMS for name in (each, f"__{each}__")}
    redact_from_here_on()
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for name, stream in before.items():
            setattr(sys, name, stream)


def _show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.stderr.write(REDACTOR.redact("".join(traceback.format_exception(kind, error, trace))))
