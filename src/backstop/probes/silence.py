"""Exceptions of a request, read as the way in which there was no answer."""

from __future__ import annotations

import errno
import ssl

import h11
import httpcore

from backstop.model.http import NoAnswer, Silence
from backstop.probes.network import Call, Unresolved


class Unbearable(Exception):
    """Raised when an answer is HTTP in form, but beyond what any client bears."""


TROUBLE = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    h11.ProtocolError,
    OSError,
    Unbearable,
)


def no_answer(error: Exception, call: Call) -> NoAnswer:
    """Why ``error`` (one of TROUBLE) means that there was no usable answer."""
    seen = f"{call.received} bytes received in {call.spent():.1f} s"
    return NoAnswer(_silence(error, call), f"{_said(error)} ({seen})")


def _silence(error: Exception, call: Call) -> Silence:
    if isinstance(error, httpcore.TimeoutException):
        return Silence.TIMED_OUT
    if isinstance(error, Unresolved):
        return Silence.UNRESOLVED
    if isinstance(error, httpcore.ConnectError):
        return _connecting(_cause(error))
    if isinstance(error, httpcore.NetworkError | OSError):
        return Silence.RESET
    return Silence.BAD_HTTP if call.received else Silence.RESET


def _connecting(cause: BaseException | None) -> Silence:
    """A handshake that the peer breaks off shows as a TLS error or as a reset."""
    if isinstance(cause, ssl.SSLError):
        return Silence.TLS
    if isinstance(cause, ConnectionResetError | BrokenPipeError):
        return Silence.RESET
    if isinstance(cause, OSError) and cause.errno in {errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH}:
        return Silence.TIMED_OUT
    return Silence.REFUSED if isinstance(cause, ConnectionRefusedError) else Silence.RESET


def _cause(error: BaseException) -> BaseException | None:
    return error.__cause__ or error.__context__


def _said(error: Exception) -> str:
    cause = _cause(error)
    said = str(error) or (str(cause) if cause else "") or type(error).__name__
    return said[:300]
