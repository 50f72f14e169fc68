"""What monitors remember, as members of JSON and back. What is none raises one of ``NOT_OURS``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from backstop.model.severity import Severity
from backstop.monitor.alert import Alert, Seen, Sight
from backstop.monitor.availability import Bot
from backstop.monitor.sequence import Known, Look

NOT_OURS = (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError)


def alert_members(alert: Alert) -> dict[str, Any]:
    """An alert, without its subject."""
    found = {field.name: _plain(getattr(alert, field.name)) for field in fields(alert)}
    del found["subject"]
    return found


def read_alert(subject: str, raw: Mapping[str, Any]) -> Alert:
    """Read it back."""
    return Alert(
        subject,
        failures=int(raw["failures"]),
        passes=int(raw["passes"]),
        looks=int(raw["looks"]),
        severity=Severity(raw["severity"]),
        since=_perhaps(raw["since"]),
        raised=_perhaps(raw["raised"]),
        told=_perhaps(raw["told"]),
        last=_perhaps(raw["last"]),
        seen=Seen(raw["seen"]),
        flapping=bool(raw["flapping"]),
        failed=tuple(map(read_moment, raw["failed"])),
        turned=tuple(map(read_moment, raw["turned"])),
    )


def look_members(look: Look) -> dict[str, Any]:
    """One look at one subject."""
    before = None if look.before is None else [_plain(look.before[0]), look.before[1].value]
    return {
        "began": _plain(look.began),
        "ended": _plain(look.sight.at),
        "seen": _plain(look.sight.seen),
        "severity": _plain(look.sight.severity),
        "before": before,
        "told": look.told,
        "known": {field.name: _plain(getattr(look.known, field.name)) for field in fields(look.known)},
        "alert": alert_members(look.alert),
    }


def read_look(subject: str, raw: Mapping[str, Any]) -> Look:
    """Read it back."""
    before, known = raw["before"], raw["known"]
    return Look(
        began=read_moment(raw["began"]),
        sight=Sight(read_moment(raw["ended"]), Seen(raw["seen"]), Severity(raw["severity"])),
        alert=read_alert(subject, raw["alert"]),
        known=Known(bool(known["raised"]), bool(known["flapping"]), Severity(known["severity"])),
        told=bool(raw["told"]),
        before=None if before is None else (read_moment(before[0]), Bot(before[1])),
    )


def _perhaps(raw: str | None) -> datetime | None:
    return read_moment(raw) if raw else None


def read_moment(raw: str) -> datetime:
    """A time with its zone. Raises ValueError for one that names none."""
    moment = datetime.fromisoformat(raw)
    if moment.tzinfo is None:
        message = f"the time {raw!r} names no zone"
        raise ValueError(message)
    return moment.astimezone(UTC)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Severity | Seen):
        return value.value
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
