"""The checks that there are."""

from __future__ import annotations

import pytest

from tools.checks_table import Line, listed


@pytest.fixture(scope="session")
def checks() -> tuple[Line, ...]:
    """Every check, as ``pytest --list-checks`` prints it."""
    return listed()
