"""What the decision policy has people do about what was found."""

from __future__ import annotations

from enum import Enum

from backstop.model.severity import Severity


class Decision(Enum):
    """In the policy's own words."""

    NOTHING = "nothing"
    WATCH = "watch, roll back if it grows (within 1 h)"
    INVESTIGATE = "investigate, roll back if needed (within 15 min)"
    ASSESS = "assess quickly, roll back (within 5 min)"
    AT_ONCE = "roll back at once (within 2 min)"
    ROTATE = "rotate the secret first, then roll back"
    MEND = "mend it where it is: it is no part of a version, so no rollback mends it"
    WAIT = "wait, and do not roll back: what is wrong is not the bot's, or may well not be"


BY_SEVERITY = {
    Severity.NONE: Decision.NOTHING,
    Severity.LOW: Decision.WATCH,
    Severity.MEDIUM: Decision.INVESTIGATE,
    Severity.HIGH: Decision.ASSESS,
    Severity.CRITICAL: Decision.AT_ONCE,
}
