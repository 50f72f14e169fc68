"""The words in which a check and a session end."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, IntEnum


class Outcome(Enum):
    """What one check says of the bot."""

    PASS = "pass"
    FAIL = "fail"
    DEGRADED = "degraded"
    INCONCLUSIVE = "inconclusive"
    ACCEPTED = "accepted"
    NOT_APPLICABLE = "n/a"


class Verdict(Enum):
    """What a whole session says."""

    VERIFIED = "verified"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    UNRESTORED = "unrestored"
    ROLLED_BACK = "rolled_back"


class Ending(IntEnum):
    """The exit codes of a session. Scripts rely on the numbers: never reuse one."""

    VERIFIED = 0
    FAILED = 1
    INTERRUPTED = 2
    INTERNAL_ERROR = 3
    USAGE = 4
    INCONCLUSIVE = 20
    REFUSED = 21
    UNCONFIRMED = 22
    UNRESTORED = 23
    ROLLED_BACK = 24

    @property
    def verdict(self) -> Verdict:
        """The word for this exit code; an ending that says nothing of the bot is inconclusive."""
        return _VERDICTS.get(self, Verdict.INCONCLUSIVE)


_VERDICTS = {
    Ending.VERIFIED: Verdict.VERIFIED,
    Ending.FAILED: Verdict.FAILED,
    Ending.REFUSED: Verdict.REFUSED,
    Ending.UNCONFIRMED: Verdict.UNCONFIRMED,
    Ending.UNRESTORED: Verdict.UNRESTORED,
    Ending.ROLLED_BACK: Verdict.ROLLED_BACK,
}

WORST_FIRST = (
    Ending.UNRESTORED,
    Ending.UNCONFIRMED,
    Ending.INTERNAL_ERROR,
    Ending.INTERRUPTED,
    Ending.REFUSED,
    Ending.USAGE,
    Ending.FAILED,
    Ending.ROLLED_BACK,
    Ending.INCONCLUSIVE,
    Ending.VERIFIED,
)


def worst(endings: Iterable[Ending]) -> Ending:
    """The ending that wins when several are true of one session; verified when there is none."""
    return min(endings, key=WORST_FIRST.index, default=Ending.VERIFIED)
