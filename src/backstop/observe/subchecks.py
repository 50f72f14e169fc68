"""The ``checks`` object of a health answer: what each part of the bot says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_WELL = frozenset(
    {
        *("ok", "okay", "pass", "passed", "passing", "healthy", "up", "good", "green", "success", "true"),
        *(
            "connected",
            "available",
            "ready",
            "operational",
            "present",
            "configured",
            "set",
            "valid",
            "online",
        ),
        *("enabled", "alive", "running", "normal", "skipped", "n/a"),
    }
)
_UNWELL = frozenset(
    {
        *(
            "fail",
            "failed",
            "failing",
            "failure",
            "error",
            "unhealthy",
            "down",
            "bad",
            "red",
            "false",
            "critical",
        ),
        *(
            "disconnected",
            "unavailable",
            "not ready",
            "missing",
            "malformed",
            "invalid",
            "offline",
            "unknown",
        ),
        *(
            "not set",
            "not configured",
            "timeout",
            "timed out",
            "dead",
            "stopped",
            "degraded",
            "warn",
            "warning",
        ),
    }
)
_SAYS = ("status", "state", "ok", "healthy", "result", "outcome")


@dataclass(frozen=True, slots=True)
class SubChecks:
    """What is not well, and what nobody but its author can tell; each as ``name: value``."""

    unwell: tuple[str, ...]
    unclear: tuple[str, ...]


def read_subchecks(checks: Mapping[str, object]) -> SubChecks:
    """Read every member. A number is a measure and says nothing."""
    said = {name: (value, _judged(value)) for name, value in checks.items()}
    return SubChecks(
        tuple(f"{name}: {value}" for name, (value, well) in said.items() if well is False),
        tuple(f"{name}: {value}" for name, (value, well) in said.items() if well is None),
    )


def _judged(value: object) -> bool | None:
    """Whether a value says that all is well; None where it can't be told."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return True
    if isinstance(value, str):
        word = value.strip().lower()
        return True if word in _WELL else False if word in _UNWELL else None
    if isinstance(value, dict):
        return next((_judged(value[name]) for name in _SAYS if name in value), None)
    return None
