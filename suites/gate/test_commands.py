"""What a team itself wants to hold before a deploy."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.observe.gate import CommandRan


@pytest.mark.check("gate.commands", severity="high", step="Pre-deployment validation: quality-check")
def test_commands(own_commands: tuple[CommandRan, ...], remark: Callable[[str], None]) -> None:
    """The target's own commands end well"""
    last = own_commands[-1]

    assert last.returncode == 0, (
        f"{last.shown} ended with exit code {last.returncode} after {last.seconds:.1f} s, wanted 0\n"
        f"{last.last or 'it wrote nothing'}\n→ mend that before anything is deployed"
    )
    remark("; ".join(f"{each.shown} in {each.seconds:.1f} s" for each in own_commands))
