"""An alert as text and back."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from typing import Any

from backstop.model.severity import Severity
from backstop.monitor.alert import Alert, Seen


def to_text(alert: Alert) -> str:
    """One line of JSON."""
    found = {field.name: _plain(getattr(alert, field.name)) for field in fields(alert)}
    return json.dumps(found)


def from_text(subject: str, text: str) -> Alert:
    """Read it back. Raises ValueError, KeyError or TypeError for what is none."""
    raw: dict[str, Any] = json.loads(text)
    return Alert(
        subject,
        failures=int(raw["failures"]),
        passes=int(raw["passes"]),
        looks=int(raw["looks"]),
        severity=Severity(raw["severity"]),
        since=_moment(raw["since"]),
        raised=_moment(raw["raised"]),
        told=_moment(raw["told"]),
        last=_moment(raw["last"]),
        seen=Seen(raw["seen"]),
        flapping=bool(raw["flapping"]),
        failed=tuple(map(datetime.fromisoformat, raw["failed"])),
        turned=tuple(map(datetime.fromisoformat, raw["turned"])),
    )


def _moment(raw: str | None) -> datetime | None:
    return datetime.fromisoformat(raw) if raw else None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Severity | Seen):
        return value.value
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
