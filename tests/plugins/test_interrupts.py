"""An interrupt ends a session with the exit code of the table, wherever in pytest it falls."""

from __future__ import annotations

import pytest

from tests.plugins.conftest import SessionRunner

SUITE = """
import os, signal
import pytest

@pytest.mark.check("health.fine", severity="high", step="")
def test_fine(looks):
    "Somebody has pressed Ctrl-C while it looks"
    os.kill(os.getpid(), signal.SIGTERM)
"""
AGAIN = """
def pytest_keyboard_interrupt():
    raise KeyboardInterrupt
"""


@pytest.mark.parametrize("again", [False, True], ids=["once", "and pytest falls over it"])
def test_an_interrupt_has_a_code_of_the_table(
    session: SessionRunner, pytester: pytest.Pytester, again: bool
) -> None:
    """Also one that falls into what pytest does about the first: Python would end the process by a signal."""
    session.suite(SUITE)
    pytester.makepyfile(again=AGAIN if again else "")
    pytester.syspathinsert()

    ended = session.run("-p", "again")

    assert ended.code == 2, ended.output
    assert ended.verdict is not None
    assert ended.verdict["exit_code"] == 2
