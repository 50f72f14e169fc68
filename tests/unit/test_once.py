"""A look is made once, whether something was seen or not."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from backstop.model.errors import CouldNotLook
from backstop.observe.once import once

PATIENCE_S = 10.0


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


def test_who_asks_meanwhile_waits_for_the_look() -> None:
    """Two checks' looks may be had at the same time; what they share is looked at once."""
    begun, go_on = threading.Event(), threading.Event()

    class Slow(Eye):
        @once
        def see(self, what: str) -> str:
            """Something, after a while."""
            self.looks += 1
            begun.set()
            assert go_on.wait(PATIENCE_S)
            return what

    eye = Slow()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(eye.see, "a")
        assert begun.wait(PATIENCE_S)
        second = pool.submit(eye.see, "a")
        go_on.set()

        assert [first.result(PATIENCE_S), second.result(PATIENCE_S)] == ["a", "a"]
    assert eye.looks == 1
