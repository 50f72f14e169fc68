"""A look is made once, whether something was seen or not."""

from __future__ import annotations

import pytest

from backstop.model.errors import CouldNotLook
from backstop.observe.once import once


class Eye:
    """Counts how often it looks."""

    def __init__(self) -> None:
        self.looks = 0

    @once
    def see(self, what: str) -> str:
        """Something, or nothing."""
        self.looks += 1
        if what == "nothing":
            message = "it is dark"
            raise CouldNotLook(message)
        return what


def test_what_was_seen_is_kept() -> None:
    """One look for each thing."""
    eye = Eye()

    assert [eye.see("a"), eye.see("a"), eye.see("b")] == ["a", "a", "b"]
    assert eye.looks == 2


def test_why_nothing_was_seen_is_kept() -> None:
    """A service that hangs is not asked again by every check."""
    eye = Eye()

    for _ in range(2):
        with pytest.raises(CouldNotLook, match="dark"):
            eye.see("nothing")

    assert eye.looks == 1


def test_each_has_its_own() -> None:
    """What one eye saw is not another's."""
    first, second = Eye(), Eye()

    assert first.see("a") == second.see("a")
    assert (first.looks, second.looks) == (1, 1)
