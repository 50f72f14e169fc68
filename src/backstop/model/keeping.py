"""How long the reports of sessions are kept."""

from __future__ import annotations

from dataclasses import dataclass

DAY_S = 86400.0


@dataclass(frozen=True, slots=True)
class Keeping:
    """The newest ``sessions`` are kept, and none for more than ``days``."""

    sessions: int = 200
    days: int = 400
