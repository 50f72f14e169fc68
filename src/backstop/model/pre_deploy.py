"""What a target wants to be done before its next deploy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PreDeploy:
    """``commands`` are the target's own, each in words; ``limit_s`` is how long each may take, in seconds.

    ``to`` names the target that the deploy goes to, empty for this one.
    """

    commands: tuple[tuple[str, ...], ...] = ()
    limit_s: float = 600.0
    to: str = ""
