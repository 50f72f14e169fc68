"""The end of a session's timeline, on a disk that gives out just then."""

from __future__ import annotations

from pathlib import Path

from backstop.conductor import Conductor
from backstop.journal.events import Event, Problem
from backstop.model.errors import Unrestored
from backstop.model.target import Target
from backstop.rollback.responder import Safeguards
from backstop.storage import CannotWrite


def test_what_could_not_be_put_back_is_told_on_a_full_disk_too(
    tmp_path: Path,
) -> None:
    """The journal refuses the line that tells of it, and keeps it in memory: that is no traceback."""
    told: list[Event] = []

    def record(event: Event) -> None:
        told.append(event)
        if len(told) == 1:
            message = "the disk is full"
            raise CannotWrite(message, remedy="make room")

    def act() -> None:
        message = "a fault still serves"
        raise Unrestored(message, remedy="roll it back")

    conductor = Conductor("run1", Target("t", sandbox=True), Safeguards.beneath(tmp_path), record)
    conductor.at_the_end(act)

    conductor.close()

    assert [Problem(23, "a fault still serves", "roll it back")] == told
