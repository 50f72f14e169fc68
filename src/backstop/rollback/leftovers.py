"""What an earlier session left, on this machine or another: told before anything else is done."""

from __future__ import annotations

from backstop.model.version import Deployment
from backstop.rollback.marker import Part, mark_of
from backstop.rollback.undo import UndoNote


def what_became_of(note: UndoNote, head: Deployment) -> str:
    """Of a rollback that was cut short on this machine: whether it was done, and what to do."""
    mark = mark_of(head.message)
    begun = f"run {note.run} was cut short while it was to {note.what}"
    if mark is not None and mark.run == note.run:
        return f"{begun}: it was done, and never proven; what follows looks whether the bot is well"
    if head.only_version == note.restore:
        return f"{begun}: it was not done, {note.restore} still serves; ask for it again"
    shares = ", ".join(f"{share.version} at {share.percentage:g} %" for share in head.shares)
    return f"{begun}: since then {head.author or 'somebody'} deployed {shares}"


def left_by_a_drill(head: Deployment, run: str) -> str:
    """That the fault of another run's drill serves, from whichever machine; nothing where none does."""
    mark = mark_of(head.message)
    if mark is None or mark.part is not Part.FAULT or mark.run == run or mark.from_version is None:
        return ""
    if head.only_version != mark.to_version:
        return ""
    return (
        f"the fault {mark.to_version} that the drill of run {mark.run} deployed still serves, in place of "
        f"{mark.from_version}"
    )
