"""What people read in the end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.target import Target
from backstop.observe.looks import Looks
from backstop.observe.said import written
from backstop.observe.slips import doubtful, slip
from fixtures.state import NotApplicable


@pytest.mark.check(
    "discord.replies.readable", severity="medium", step="2. Discord integration failures, step 5"
)
def test_readable(looks: Looks, target: Target, degraded: Callable[[str], None]) -> None:
    """No reply shows [object Object], or what else a program writes by mistake"""
    if not target.commands:
        message = f"{target.name} declares no commands"
        raise NotApplicable(message)
    read = [each for each in written(looks) if each[1]]
    for what, text, meant in read:
        found = slip(text, meant)
        assert not found, (
            f"{what}: found {found!r} in {text[:160]!r}, wanted a text for people\n"
            "→ see which value was missing, or was no text, when it was written"
        )
        if doubt := doubtful(text, meant):
            degraded(f"{what}: {doubt!r} in {text[:160]!r}; is that meant?")
    if not read:
        message = "no reply to a declared command holds a text"
        raise NotApplicable(message)
