"""What a target does with findings: those it accepts, and its own thresholds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from backstop.model.severity import Severity
from backstop.model.target import Acceptance, PolicyChange
from backstop.settings.faults import listed, nearest
from backstop.settings.table import Table, shown

_PATTERN = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?:\.?\*)?")
_UNTIL = re.compile(r"[\s,;(]*\buntil\s+(?P<day>\d[\d-]*)\)?\.?\s*$", re.IGNORECASE)
_SEVERITIES = tuple(each.value for each in Severity if each is not Severity.NONE)


def read_accept(table: Table) -> tuple[Acceptance, ...]:
    """The ``accept`` of a target: a reason for each pattern, with an optional ``until YYYY-MM-DD``."""
    accept = table.table("accept", 'a table of reasons, such as "security.csp" = "it serves no pages"')
    if accept is None:
        return ()
    return tuple(_acceptance(accept, pattern, reason) for pattern, reason in _flat(dict(accept.items())))


def read_policy(table: Table) -> tuple[PolicyChange, ...]:
    """The ``policy`` of a target: for each severity what differs from the defaults."""
    policy = table.table("policy")
    if policy is None:
        return ()
    return tuple(_change(policy, name) for name, _ in policy.items())


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


def _change(policy: Table, name: str) -> PolicyChange:
    changes = policy.table(name)
    if name not in _SEVERITIES:
        problem = f"unknown severity; wanted one of {listed(_SEVERITIES)}{nearest(name, _SEVERITIES)}"
        policy.fault(name, problem)
        return PolicyChange(Severity.NONE)
    if changes is None:
        return PolicyChange(Severity(name))
    change = PolicyChange(
        Severity(name),
        mean_ms=changes.number("mean_ms"),
        error_rate_percent=changes.number("error_rate_percent"),
        slower_percent=changes.number("slower_percent"),
        act_within_s=changes.number("act_within_s"),
        slower_min_ms=changes.number("slower_min_ms"),
    )
    changes.finish()
    return change
