"""How fast a bot must serve again: the recovery time objective of the procedure that is replaced."""

from __future__ import annotations

RTO = 300.0  # seconds; "RTO: < 5 minutes"
RTO_CRITICAL = 120.0  # seconds; "Critical: < 2 minutes"
# How long each phase of the procedure's checklist may take at most, in seconds.
PHASES = {
    "assessment": 60.0,  # "Assessment Phase (30-60 seconds)"
    "decision": 30.0,  # "Rollback Decision (30 seconds)"
    "execution": 120.0,  # "Execution Phase (1-2 minutes)"
    "validation": 300.0,  # "Post-Rollback Validation (2-5 minutes)"
}
