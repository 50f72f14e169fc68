"""What somebody asks of a rollback, before anything was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Via(Enum):
    """What makes the deployment: real wrangler, or one request where Node or wrangler is broken."""

    WRANGLER = "wrangler"
    API = "api"


class Aim(Enum):
    """How the version to go to is chosen."""

    BACK = "the version that served before"
    NAMED = "the version that was named"
    UNDO = "the version that a run rolled back from"
    RESTORE = "the version that a drill began with"


@dataclass(frozen=True, slots=True)
class RollbackRequest:
    """``name`` is an id, the beginning of one, or a tag with Aim.NAMED, a run with Aim.UNDO.

    ``accept_secrets``: go back over changed secrets. ``expect_live`` is the id of the version that must
    serve now, empty for any. ``consented``: nobody need be asked. ``fresh``: a deployment that was made a
    moment ago is known to be the one that is meant.
    """

    reason: str
    aim: Aim = Aim.BACK
    name: str = ""
    via: Via = Via.WRANGLER
    accept_secrets: bool = False
    expect_live: str = ""
    consented: bool = False
    fresh: bool = False
