"""Whether what was cut short, on whichever machine, has left anything, by what a stage saw."""

from __future__ import annotations

from collections.abc import Callable

from backstop.model.errors import CouldNotLook
from backstop.observe.looks import Looks
from backstop.rollback.leftovers import Leftovers


def look_for_remains(looks: Looks, left: Leftovers, say: Callable[[str], object]) -> None:
    """Tell of a faulty upload, and of a rehearsal. Raises Unrestored where a fault serves.

    What could not be read is left.
    """
    try:
        head, listed = looks.deployed.head, looks.deployed.listed
    except (CouldNotLook, AssertionError):
        return
    left.refuse_fault(head)
    for told in filter(None, (left.uploaded(listed), left.beside(head))):
        say(told)
