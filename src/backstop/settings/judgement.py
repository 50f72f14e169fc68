"""Which findings a target lives with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from backstop.model.target import Acceptance
from backstop.settings.table import Table, shown

_PATTERN = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?:\.?\*)?")
_UNTIL = re.compile(r"[\s,;(]*\buntil\s+(?P<day>\d[\d-]*)\)?\.?\s*$", re.IGNORECASE)


def read_accept(table: Table) -> tuple[Acceptance, ...]:
    """The ``accept`` of a target: a reason for each pattern, with an optional ``until YYYY-MM-DD``."""
    accept = table.table("accept", 'a table of reasons, such as "security.csp" = "it serves no pages"')
    if accept is None:
        return ()
    return tuple(_acceptance(accept, pattern, reason) for pattern, reason in _flat(dict(accept.items())))


def _flat(values: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Unquoted, TOML reads ``security.csp`` as a table in a table; both spellings mean the check."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _acceptance(accept: Table, pattern: str, reason: object) -> Acceptance:
    if not _PATTERN.fullmatch(pattern):
        accept.fault(pattern, "no check id; wanted one such as security.csp, or discord.signed.*")
    if not isinstance(reason, str) or not _UNTIL.sub("", reason).strip():
        accept.fault(pattern, f"found {shown(reason)}, wanted the reason why it is accepted")
        return Acceptance(pattern, "")
    return Acceptance(pattern, _UNTIL.sub("", reason).strip(), _until(accept, pattern, reason))


def _until(accept: Table, pattern: str, reason: str) -> date | None:
    match = _UNTIL.search(reason)
    if match is None:
        return None
    try:
        return date.fromisoformat(match["day"])
    except ValueError:
        wanted = '"until YYYY-MM-DD" with a day that exists'
        accept.fault(pattern, f'found "until {match["day"]}", wanted {wanted}')
        return None
