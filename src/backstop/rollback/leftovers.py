"""What an earlier session left, on this machine or another: told, and never built upon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backstop.cloudflare.api import CloudflareApi
from backstop.model.errors import Unrestored
from backstop.model.target import Target
from backstop.model.version import Deployment, Version
from backstop.rollback.lock import Locks
from backstop.rollback.marker import Part, mark_of
from backstop.rollback.remains import fault_that_serves, faulty_upload
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
        if _is_past(note, head):
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
            raise Unrestored(left, remedy=f"unless that drill still runs: {self._restore}")

    def uploaded(self, listed: Sequence[Version]) -> str:
        """That the newest upload is the fault of another run's drill, and what to do; nothing if not.

        ``listed`` is newest first.
        """
        faulty = faulty_upload(listed)
        mark = mark_of(faulty.message) if faulty else None
        if faulty is None or mark is None or mark.run == self.run:
            return ""
        return (
            f"the newest upload, {faulty.label}, is one that the drill of run {mark.run} left; it breaks the "
            f"bot for whoever deploys it. To upload a good build: {self._restore}"
        )

    def beside(self, head: Deployment) -> str:
        """That another run's rehearsal left a version beside the one that serves; nothing if not."""
        mark = mark_of(head.message)
        if mark is None or mark.part is not Part.REHEARSAL or mark.run == self.run or head.alone:
            return ""
        left = f"the rehearsal of run {mark.run} left {mark.to_version} beside {mark.from_version}, at 0 %"
        return f"{left}; nobody is served by it. Unless that run is at work, end it: {self._restore}"

    def refuse_drill(self, api: CloudflareApi) -> None:
        """Raise Unrestored where a drill would begin with what another one left.

        What was in a sandbox is gone with it; what is known to be put right is forgotten.
        """
        if not self.target.sandbox:
            self.refuse_left(api)
        note = self.notes.pending(self.target.name)
        if self.target.sandbox or (note is not None and not note.meant):
            self.notes.clear(self.target.name)

    def refuse_left(self, api: CloudflareApi) -> None:
        """Raise Unrestored where another drill has left something, from whichever machine; forget nothing."""
        head = api.deployments(self.target.worker)[0]
        self.refuse_fault(head)
        note = self.notes.pending(self.target.name)
        if note is None or note.meant or _is_past(note, head):
            return
        message = f"run {note.run} was cut short and may have left something: {note.what}"
        path = self.notes.path(note.target)
        raise Unrestored(message, remedy=f"see what serves (wrangler deployments list), then remove {path}")

    @property
    def _restore(self) -> str:
        return f"pytest -m post_rollback --target {self.target.name} --restore"


def what_became_of(note: UndoNote, head: Deployment) -> str:
    """Whether a session that was cut short did what it began, and what to do."""
    begun = f"run {note.run} was to {note.what}, and did not see it through"
    if not note.meant:
        return f"{begun}: {_what_a_drill_left(note, head)}"
    if _made_by(head, note.run):
        return f"{begun}: it was done; what follows looks whether the bot is well"
    if head.only_version == note.restore:
        return f"{begun}: it was not done so far, {note.restore} still serves; ask for it again"
    return f"{begun}: since then {head.author or 'somebody'} deployed {head.shown}"


def _what_a_drill_left(note: UndoNote, head: Deployment) -> str:
    if head.alone == note.restore:
        return f"{note.restore} serves, as before it"
    if not _is_past(note, head):
        return f"{head.shown} serves; --restore puts {note.restore} back"
    return f"since then {head.author or 'somebody'} deployed {head.shown}"


def _is_past(note: UndoNote, head: Deployment) -> bool:
    """Whether nothing of it serves any more: of a drill it may be our own deployment that put it right."""
    if not note.meant and head.alone == note.restore:
        return True
    return not _made_by(head, note.run)


def _made_by(head: Deployment, run: str) -> bool:
    mark = mark_of(head.message)
    return mark is not None and mark.run == run


def left_by_a_drill(head: Deployment, run: str) -> str:
    """That the fault of another run's drill serves, all or a part; nothing where none does."""
    mark = fault_that_serves(head)
    if mark is None or mark.run == run:
        return ""
    part = "" if head.only_version else f" a part of the traffic ({head.shown})"
    return (
        f"the fault {mark.to_version} that the drill of run {mark.run} deployed still serves{part}, in place "
        f"of {mark.from_version}"
    )
