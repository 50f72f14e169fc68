"""What a team's own rollback command turned out to have done, by the witnesses of a drill."""

from __future__ import annotations

from enum import Enum


class CommandOutcome(Enum):
    """Each reads on from "the rollback command …"."""

    DONE = "done"
    DID_NOTHING = "did nothing"
    LIED = "lied"
    WRONG_VERSION = "went to the wrong version"
    ANEW = "deployed the good code anew"
    HUNG = "hung"
    MISREPORTED = "rolled back and said that it had failed"
    UNCONFIRMED = "unconfirmed"
