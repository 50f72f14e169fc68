"""The edge follows later than the API says: a rollback waits just that long, and no longer than allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstop.journal.events import RollbackFinished
from backstop.model.verdict import Ending
from tests.rollback.attempt import SHORT_S, attempt, hold
from tests.rollback.incident import Incident

AT_MOST_S = 5.0  # longer than the edge took: a busy machine looks late; a fixed wait would be far later
WITHIN_S = 40.0


@pytest.mark.parametrize("delay", [0.0, 2.0, 20.0], ids="{:g} s".format)
def test_it_waits_just_that_long(incident: Incident, tmp_path: Path, delay: float) -> None:
    """There is no fixed wait: it is over when the edge has followed."""
    incident.follow_after(delay)

    ended = attempt(incident, tmp_path, within=WITHIN_S)

    hold(incident, ended)
    finished = next(each for each in ended.events if isinstance(each, RollbackFinished))
    assert Ending.VERIFIED == ended.ending
    assert delay <= finished.timings["serving"] <= delay + AT_MOST_S


def test_it_does_not_wait_for_ever(incident: Incident, tmp_path: Path) -> None:
    """Made, and not served in the time that it was given: unconfirmed."""
    incident.follow_after(30.0)

    ended = attempt(incident, tmp_path, within=SHORT_S)

    hold(incident, ended)
    assert Ending.UNCONFIRMED == ended.ending
    assert 1 == len(incident.made_by(ended.run))
    assert incident.bad == incident.served()
