"""One event of a tail."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from backstop.model.http import Headers
from backstop.model.strict_json import parse_json
from backstop.model.version import VersionId, version_id

_MOST = 200
_LONGEST = 2000
OVERLOAD, OVERLOAD_STOP = "overload", "overload-stop"
NOTICES = frozenset({OVERLOAD, OVERLOAD_STOP})


@dataclass(frozen=True, slots=True)
class TailEvent:
    """One invocation of a worker. ``outcome`` is Cloudflare's word (ok, exception, exceededCpu …).

    ``version`` is None where the event does not tell; ``method`` and ``url`` are empty for what was
    no request; ``status`` is None when nothing was answered. ``notice`` is what Cloudflare says of the tail
    itself, as that it leaves events out ("overload") and no longer does ("overload-stop"); empty elsewhere.
    """

    version: VersionId | None
    outcome: str
    url: str = ""
    method: str = ""
    status: int | None = None
    headers: Headers = ()
    logs: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    at: datetime | None = None
    notice: str = ""


def read_event(frame: str | bytes) -> TailEvent | None:
    """The event of one frame, or None when it holds none; what is missing or odd is left out."""
    try:
        found = parse_json(frame)
    except ValueError:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("outcome"), str):
        return None
    event = _members(found.get("event"))
    request = _members(event.get("request"))
    status = _members(event.get("response")).get("status")
    return TailEvent(
        version=_version(_members(found.get("scriptVersion")).get("id")),
        outcome=found["outcome"],
        url=_text(request.get("url")),
        method=_text(request.get("method")),
        status=status if isinstance(status, int) else None,
        headers=tuple((name, _text(value)) for name, value in _members(request.get("headers")).items()),
        logs=tuple(_log(entry) for entry in _entries(found.get("logs"))),
        exceptions=tuple(_exception(entry) for entry in _entries(found.get("exceptions"))),
        at=_time(found.get("eventTimestamp")),
        notice=_notice(event.get("type")),
    )


def _members(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _entries(value: Any) -> list[dict[str, Any]]:
    return [_members(entry) for entry in value[:_MOST]] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value[:_LONGEST] if isinstance(value, str) else ""


def _version(value: Any) -> VersionId | None:
    try:
        return version_id(_text(value))
    except ValueError:
        return None


def _log(entry: dict[str, Any]) -> str:
    message = entry.get("message")
    parts = message[:_MOST] if isinstance(message, list) else [message]
    shown = " ".join(part if isinstance(part, str) else json.dumps(part) for part in parts)
    return shown[:_LONGEST]


def _exception(entry: dict[str, Any]) -> str:
    return f"{_text(entry.get('name'))}: {_text(entry.get('message'))}"


def _notice(value: Any) -> str:
    """Cloudflare's word where the event is about the tail; a queue's event has a type too."""
    return value if isinstance(value, str) and value in NOTICES else ""


def _time(value: Any) -> datetime | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
