"""What an earlier session left, on this machine or another: told, and never built upon."""

from __future__ import annotations

from dataclasses import dataclass

from backstop.cloudflare.api import CloudflareApi
from backstop.model.errors import Unrestored
from backstop.model.target import Target
from backstop.model.version import Deployment
from backstop.rollback.lock import Locks
from backstop.rollback.marker import Part, mark_of
from backstop.rollback.undo import UndoNote, UndoNotes


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Of one target, as seen by a session with the identity ``run``."""

    target: Target
    run: str
    notes: UndoNotes
    locks: Locks

    def told(self, api: CloudflareApi) -> str:
        """Of a session that was cut short on this machine: what became of it; nothing where none was.

        A session that is still at work is left alone. Raises Unrestored for a note that can't be read,
        CouldNotLook where the API gives no answer.
        """
        note = self.notes.pending(self.target.name)
        if note is None or not self.locks.free(self.target):
            return ""
        head = api.deployments(self.target.worker)[0]
        if note.meant and not _made_by(head, note.run):
            self.notes.clear(self.target.name)
        return what_became_of(note, head)

    def proven(self) -> None:
        """Forget a rollback that was cut short: the bot has been found well since."""
        note = self.notes.pending(self.target.name)
        if note is not None and note.meant and self.locks.free(self.target):
            self.notes.clear(self.target.name)

    def refuse_fault(self, head: Deployment) -> None:
        """Raise Unrestored where the fault of another run's drill serves, from whichever machine."""
        if left := left_by_a_drill(head, self.run):
            restore = f"pytest -m post_rollback --target {self.target.name} --restore"
            raise Unrestored(left, remedy=f"unless that drill still runs: {restore}")

    def refuse_drill(self, api: CloudflareApi) -> None:
        """Raise Unrestored where a drill would begin with what another one left.

        What was in a sandbox is gone with it.
        """
        note = self.notes.pending(self.target.name)
        if self.target.sandbox:
            self.notes.clear(self.target.name)
            return
        self.refuse_fault(api.deployments(self.target.worker)[0])
        if note is not None and not note.meant:
            message = f"run {note.run} was cut short and may have left something: {note.what}"
            path = self.notes.path(note.target)
            remedy = f"see what serves (wrangler deployments list), then remove {path}"
            raise Unrestored(message, remedy=remedy)


def what_became_of(note: UndoNote, head: Deployment) -> str:
    """Whether a session that was cut short did what it began, and what to do."""
    ours = _made_by(head, note.run)
    begun = f"run {note.run} was to {note.what}, and did not see it through"
    if ours and not note.meant:
        return f"{begun}: that serves; --restore puts {note.restore} back"
    if ours:
        return f"{begun}: it was done; what follows looks whether the bot is well"
    if head.only_version == note.restore:
        return f"{begun}: it was not done so far, {note.restore} still serves; ask for it again"
    return f"{begun}: since then {head.author or 'somebody'} deployed {head.shown}"


def _made_by(head: Deployment, run: str) -> bool:
    mark = mark_of(head.message)
    return mark is not None and mark.run == run


def left_by_a_drill(head: Deployment, run: str) -> str:
    """That the fault of another run's drill serves; nothing where none does."""
    mark = mark_of(head.message)
    if mark is None or mark.part is not Part.FAULT or mark.run == run or mark.from_version is None:
        return ""
    if head.only_version != mark.to_version:
        return ""
    return (
        f"the fault {mark.to_version} that the drill of run {mark.run} deployed still serves, in place of "
        f"{mark.from_version}"
    )
