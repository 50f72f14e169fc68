"""What is changed, from before it is done until nothing of it is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from backstop.journal.events.base import Event


@dataclass(frozen=True, slots=True)
class MutationArmed(Event):
    """Something is about to be changed; ``undo`` is how it would be put back."""

    kind: ClassVar[str] = "mutation-armed"
    mutation: str
    what: str
    undo: str


@dataclass(frozen=True, slots=True)
class MutationDone(Event):
    """The change was made, or was tried and failed.

    ``took`` is how many seconds the bare commands of it were at work, its uploads and its deployment.
    """

    kind: ClassVar[str] = "mutation-done"
    mutation: str
    ok: bool
    detail: str = ""
    took: float = 0.0


@dataclass(frozen=True, slots=True)
class MutationUndone(Event):
    """Nothing of this change is left in place; ``how`` says why that is known."""

    kind: ClassVar[str] = "mutation-undone"
    mutation: str
    how: str
