"""What was asked over HTTP and what came back, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from backstop.model.strict_json import parse_json

Headers = tuple[tuple[str, str], ...]


class Silence(Enum):
    """Why there was no usable HTTP answer."""

    REFUSED = "connection refused"
    RESET = "connection reset"
    TIMED_OUT = "timed out"
    BAD_HTTP = "not valid HTTP"
    UNRESOLVED = "name not resolved"
    TLS = "TLS handshake failed"
    NOT_ASKED = "not asked any more"
    OUT_OF_TIME = "the session's time was over"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it is sent. ``headers`` are those that matter to a reader."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. ``connect`` and ``tls`` are None on a warm connection.

    ``first_byte`` is from the send to the first byte of the content; to the end of the headers where there is
    no content, or where it came with them.
    """

    total: float
    first_byte: float | None = None
    connect: float | None = None
    tls: float | None = None

    @property
    def cold(self) -> bool:
        """Whether a new connection was opened for this request."""
        return self.connect is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; ``body`` is bounded and ``truncated`` says that more would have come."""

    status: int
    headers: Headers
    body: bytes
    truncated: bool = False

    def header(self, name: str) -> str | None:
        """The first value of a header, whatever its case, or None."""
        values = self.all(name)
        return values[0] if values else None

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a header, in the order received."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)

    @property
    def text(self) -> str:
        """The body as UTF-8; bytes that are not are shown as U+FFFD."""
        return self.body.decode("utf-8", errors="replace")

    def json(self) -> Any:
        """The body as JSON. Raises ValueError when it is none."""
        return parse_json(self.body)

    def members(self) -> dict[str, Any] | None:
        """The body as a JSON object; None where it is something else."""
        try:
            found = self.json()
        except ValueError:
            return None
        return found if isinstance(found, dict) else None


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """That nothing usable came back, and in which way."""

    silence: Silence
    detail: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with what it got. ``attempt`` counts from 1."""

    request: Request
    result: Answer | NoAnswer
    timing: Timing
    at: datetime
    attempt: int = 1
