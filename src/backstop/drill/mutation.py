"""What a drill has changed of a worker: noted before it is done, and how it is put back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from backstop.cloudflare.api import CloudflareApi
from backstop.drill.landing import landed
from backstop.drill.under_test import there
from backstop.journal.events import Event, MutationArmed, MutationDone, MutationUndone
from backstop.model.errors import CouldNotLook, Unconfirmed
from backstop.model.scenario import ALL_TRAFFIC
from backstop.model.target import Target
from backstop.model.version import Deployment, Share, VersionId
from backstop.polling import SYSTEM, Clock
from backstop.rollback.marker import Mark, Part, mark_of, marked
from backstop.rollback.undo import UndoNote, UndoNotes


@dataclass(slots=True)
class Mutation:
    """One for each drill, which makes one change after the other.

    ``good`` is the version to go back to, ``fault`` the one that was deployed in its place; None while there
    is none. ``record`` takes journal events.
    """

    run: str
    target: Target
    api: CloudflareApi
    notes: UndoNotes
    record: Callable[[Event], object]
    clock: Clock = SYSTEM
    good: VersionId | None = field(default=None, init=False)
    fault: VersionId | None = field(default=None, init=False)
    _id: str = field(default="", init=False)
    _count: int = field(default=0, init=False)
    _secret_changed: bool = field(default=False, init=False)
    _before_secret: str = field(default="", init=False)
    _landing: bool = field(default=False, init=False)
    _made_by_command: frozenset[str] = field(default=frozenset(), init=False)

    @property
    def pending(self) -> bool:
        """Whether there is something to put back."""
        return bool(self._id)

    @property
    def is_first(self) -> bool:
        """Whether this drill has changed nothing yet."""
        return self._count == 0

    def arm(self, what: str) -> None:
        """Note, on disk and in the journal, what is about to be changed."""
        good = self.back_to()
        self._count += 1
        self._id = f"m{self._count}"
        self.notes.arm(UndoNote(self.run, self.target.name, self.target.worker, good, what))
        self.record(MutationArmed(self._id, what, f"deploy {good} at 100 %"))

    def done(self, detail: str, took: float) -> None:
        """It was made; ``took`` are the seconds of the bare commands."""
        self.record(MutationDone(self._id, ok=True, detail=detail, took=round(took, 3)))

    def failed(self, why: str) -> None:
        """It was tried, and did not come to serve."""
        self.record(MutationDone(self._id, ok=False, detail=why))

    @contextmanager
    def landing(self) -> Iterator[None]:
        """While a deployment of ours is on its way: one that is cut off may land all the same."""
        self._landing = True
        yield
        self._landing = False

    @contextmanager
    def changing_a_secret(self) -> Iterator[None]:
        """While a secret is put, which deploys a version of its own, without our mark."""
        self._secret_changed, self._before_secret = True, self.head().id
        yield
        self.fault, self._before_secret = self.head().only_version or self.fault, ""

    def made_by_command(self, deployments: frozenset[str]) -> None:
        """These were made by the command under test: they are put back like our own."""
        self._made_by_command = deployments

    def put_back(self) -> None:
        """Have the good version serve. Raises CouldNotLook, and Unconfirmed where others have deployed."""
        good = self.back_to()
        awaited = self._by_secret if self._before_secret else self._ours if self._landing else None
        head = landed(self.head, awaited, self.clock) if awaited else self.head()
        if head.only_version == good:
            self.settle("the deployments API says that the good version serves")
            return
        if not self._ours(head):
            message = f"{self.target.worker} was deployed by {head.author or 'somebody else'} meanwhile"
            self.settle(f"{message}; left as it is")
            raise Unconfirmed(message, remedy="look at `wrangler deployments list` before anything else")
        shares, message = (Share(good, ALL_TRAFFIC),), marked("drill: restore", Mark(self.run, Part.DRILL))
        self.api.deploy_version(self.target.worker, shares, message, force=self._secret_changed)
        if self.head().only_version != good:
            message = f"the restore of {good} was accepted but does not serve"
            raise CouldNotLook(message)
        self.settle("the good version was deployed again")

    def settle(self, how: str) -> None:
        """Nothing is left of it; ``how`` is known, in words."""
        if self._id:
            self.record(MutationUndone(self._id, how))
        self.notes.clear(self.target.name)
        self._id = ""
        self._secret_changed = self._landing = False
        self.fault, self._before_secret = None, ""
        self._made_by_command = frozenset()

    def head(self) -> Deployment:
        """What is deployed now. Raises CouldNotLook."""
        return self.api.deployments(self.target.worker)[0]

    def back_to(self) -> VersionId:
        """The good version. Raises CouldNotLook while none is known."""
        return there(self.good, "the drill has no good version to go back to", "see the first stage")

    def _ours(self, head: Deployment) -> bool:
        mark = mark_of(head.message)
        marked_by_us = mark is not None and mark.run == self.run
        known = self.fault in head.versions or head.id in self._made_by_command
        return marked_by_us or known or self._by_secret(head)

    def _by_secret(self, head: Deployment) -> bool:
        """Whether putting a secret made it, which was cut off: it came right after what served then."""
        newest = [each.id for each in self.api.deployments(self.target.worker)[:2]]
        return newest == [head.id, self._before_secret]
