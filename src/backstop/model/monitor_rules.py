"""When a monitor tells people, and when it stops."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MonitorRules:
    """Raised after ``raise_after`` failures in a row, or ``often`` of them in ``often_s`` seconds.

    Resolved after ``resolve_after`` good looks in a row, and told again every ``remind_s`` seconds.
    With ``changes`` of raised and resolved within ``flapping_s`` seconds it is flapping: told once.
    ``unauthorised`` is how many requests a minute may be answered 401 or 403; None watches none.
    """

    raise_after: int = 3
    often: int = 5
    often_s: float = 3600.0
    resolve_after: int = 2
    remind_s: float = 3600.0
    changes: int = 4
    flapping_s: float = 3600.0
    unauthorised: float | None = None
