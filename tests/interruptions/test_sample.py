"""A sample of what ``make soak`` does two hundred times: rollbacks that are cut short."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from soak.plan import Interruption, interruptions
from soak.rounds import Round

SEED = 10694
SAMPLE = 6  # each way of interrupting comes once, before the act and after it


@pytest.mark.parametrize("planned", interruptions(SEED, SAMPLE), ids=str)
def test_an_interrupted_rollback_leaves_nothing_unknown(
    planned: Interruption, cut_short: Callable[[Interruption], Round]
) -> None:
    """No lock, no process, no state that nobody tells of, whatever the moment and the signal."""
    found = cut_short(planned)

    assert () == found.wrong, found.details()
