"""A JSON API over a prober: what is no usable answer is an error that says so."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from backstop.model.errors import CouldNotLook, Unconfirmed
from backstop.model.http import Answer, Exchange, Headers, NoAnswer, Request, Silence
from backstop.probes.prober import SERVER_ERROR, Prober, worth_another

TOO_MANY = 429
_UNAUTHORISED = frozenset({401, 403})
_EXCERPT = 200
_LONG_S = 300.0  # what is longer is said in minutes
_DAY_S = 86_400.0
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class RateLimited(CouldNotLook):
    """Raised when an API answers 429; ``retry_after`` is in seconds, None when it does not say.

    ``answer`` is None where the API was not asked, since it had said to wait.
    """

    def __init__(
        self, message: str, retry_after: float | None, answer: Answer | None = None, otherwise: str = ""
    ) -> None:
        wait = f"wait {_in_words(retry_after)} and start again"
        super().__init__(message, remedy=f"{wait}; {otherwise}" if otherwise else wait)
        self.retry_after = retry_after
        self.answer = answer


class ServerFailed(CouldNotLook):
    """Raised when an API answers a read with 5xx: the trouble is its own."""


class OutcomeUnknown(Unconfirmed, CouldNotLook):
    """Raised when a write was sent and nothing tells whether it was done: look before trying again."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with its JSON; ``content`` is None where a refusal carries no JSON."""

    status: int
    content: Any
    answer: Answer


class Rest:
    """One API; ``who`` is its name in messages, ``otherwise`` what to do while it does not answer."""

    def __init__(self, who: str, prober: Prober, otherwise: str = "look at its status page") -> None:
        self._who = who
        self._prober = prober
        self._otherwise = otherwise

    def close(self) -> None:
        """Close every connection."""
        self._prober.close()

    def call(
        self, method: str, path: str, body: object = None, content_type: str = "application/json"
    ) -> Reply:
        """Ask once and return what came, 4xx included; a read is repeated once after quick trouble.

        Raises CouldNotLook for silence, 5xx, and what is no JSON; RateLimited for 429;
        OutcomeUnknown for silence or 5xx after a write.
        """
        sent = b"" if body is None else json.dumps(body).encode()
        headers: Headers = (("Accept", "application/json"),)
        if sent:
            headers += (("Content-Type", content_type),)
        exchange = self._asked(Request(method, path, headers, sent))
        answer = self._usable(exchange)
        return Reply(answer.status, self._content(exchange.request, answer), answer)

    def _asked(self, request: Request) -> Exchange:
        """A time-out is not repeated: it has used up the patience already."""
        exchange = self._prober.ask(request)
        result = exchange.result
        if request.method in _WRITES or not worth_another(exchange):
            return exchange
        if isinstance(result, NoAnswer) and result.silence is Silence.TIMED_OUT:
            return exchange
        return self._prober.ask_cold(request)

    def _usable(self, exchange: Exchange) -> Answer:
        result, what = exchange.result, self._named(exchange.request)
        if isinstance(result, NoAnswer):
            message = f"{what}: no answer ({result.silence.value}: {result.detail})"
            raise self._lost(exchange.request, message)
        if result.status == TOO_MANY:
            message = f"{what} answered 429: too many requests"
            raise RateLimited(message, asked_to_wait(result), result, self._otherwise)
        if result.status >= SERVER_ERROR:
            message = f"{what} answered {result.status}: {excerpt(result)}"
            raise self._lost(exchange.request, message, ServerFailed)
        return result

    def _content(self, request: Request, answer: Answer) -> Any:
        if answer.truncated:
            message = f"{self._named(request)} answered more than {len(answer.body)} bytes"
            raise CouldNotLook(message, remedy=self._otherwise)
        try:
            return answer.json() if answer.body else None
        except ValueError as error:
            if answer.status in _UNAUTHORISED:
                return None
            found = f"answered {answer.status} with what is no JSON: {excerpt(answer)}"
            message = f"{self._named(request)} {found}"
            remedy = f"is that the address of the API? If it is, {self._otherwise}"
            raise CouldNotLook(message, remedy=remedy) from error

    def _lost(self, request: Request, message: str, kind: type[CouldNotLook] = CouldNotLook) -> CouldNotLook:
        if request.method in _WRITES:
            remedy = "it may have been done: look at the deployments before trying again"
            return OutcomeUnknown(message, remedy=remedy)
        return kind(message, remedy=f"try again; if it stays so, {self._otherwise}")

    def _named(self, request: Request) -> str:
        return f"{self._who}: {request.method} {request.url}"


def retry_after(answer: Answer) -> float | None:
    """The seconds of a ``Retry-After`` header; None without one, or when it holds nothing of use.

    A date is so far away as it is from the answer's own ``Date``, whatever our clock says (RFC 9110, 10.2.3).
    """
    said = answer.header("retry-after") or ""
    try:
        seconds = float(said)
    except ValueError:
        return _until(said, answer.header("date") or "")
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _until(then: str, now: str) -> float | None:
    try:
        return max(0.0, (parsedate_to_datetime(then) - parsedate_to_datetime(now)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _in_words(seconds: float | None) -> str:
    if seconds is None:
        return "a few minutes"
    return f"{seconds / 60:.0f} min" if seconds >= _LONG_S else f"{seconds:g} s"


def asked_to_wait(answer: Answer) -> float | None:
    """For how many seconds a service wants to be left alone, at most a day; None where it does not say.

    That is the longer of its ``Retry-After`` header, in whole seconds, and the ``retry_after`` of Discord's
    JSON, to the millisecond: a proxy may have taken the header away, or rounded it down.
    """
    said = [seconds for seconds in (retry_after(answer), _in_body(answer)) if seconds is not None]
    return min(max(said), _DAY_S) if said else None


def _in_body(answer: Answer) -> float | None:
    seconds = (answer.members() or {}).get("retry_after")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    return float(min(max(seconds, 0.0), _DAY_S)) if seconds == seconds else None  # noqa: PLR0124 - NaN is no wait


def excerpt(answer: Answer) -> str:
    """The beginning of a body on one line."""
    line = " ".join(answer.text[: _EXCERPT * 4].split())
    return repr(line[:_EXCERPT]) if line else "an empty body"
