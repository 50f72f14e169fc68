"""A plan of a rollback in words, as a person reads it before saying yes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from backstop.journal.events import RollbackPlanned, VersionSeen
from backstop.report.text import age

_LISTS = (
    ("changes", "changes as well"),
    ("stays", "will not be undone"),
    ("warnings", "mind"),
    ("refusals", "refused, because"),
)


def plan_in_words(
    planned: RollbackPlanned, seen: Mapping[str, VersionSeen], now: datetime
) -> tuple[str, ...]:
    """The lines of a plan; ``seen`` are the versions that it names, as far as they are known."""
    return tuple(_lines(planned, seen, now))


def _lines(planned: RollbackPlanned, seen: Mapping[str, VersionSeen], now: datetime) -> Iterator[str]:
    yield f"from    {_version(planned.from_version, seen, now)}"
    yield f"to      {_version(planned.to_version, seen, now)}"
    yield f"why     {planned.why}"
    if planned.reason:
        yield f"reason  {planned.reason}"
    for name, heading in _LISTS:
        entries: tuple[str, ...] = getattr(planned, name)
        if entries:
            yield f"{heading}:"
            yield from (f"  - {entry}" for entry in entries)


def _version(version: str, seen: Mapping[str, VersionSeen], now: datetime) -> str:
    known = seen.get(version)
    if known is None:
        return version
    named = " ".join(part for part in (known.tag, f"“{known.message}”" if known.message else "") if part)
    made = ", ".join(part for part in (known.author, _age(known.created, now)) if part)
    return " · ".join(part for part in (version, named, made) if part)


def _age(created: str, now: datetime) -> str:
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return ""
    return age((now - moment.replace(tzinfo=moment.tzinfo or UTC)).total_seconds())
