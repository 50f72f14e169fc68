"""How fast a bot must serve again: the recovery time objective of the procedure that is replaced."""

from __future__ import annotations

RTO = 300.0  # seconds; "RTO: < 5 minutes"
RTO_CRITICAL = 120.0  # seconds; "Critical: < 2 minutes"
