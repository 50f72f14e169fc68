"""How bad a finding is."""

from __future__ import annotations

from enum import Enum
from functools import total_ordering


@total_ordering
class Severity(Enum):
    """Ordered from harmless to the bot being down; the words are those of the decision policy."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for none to 4 for critical."""
        return _RANKS[self]

    def __lt__(self, other: Severity) -> bool:
        return self.rank < other.rank


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
