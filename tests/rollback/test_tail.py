"""A bot that does not show its version: the tail tells, and where that fails nothing is claimed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from backstop.model.target import HealthExpectation
from backstop.model.verdict import Ending
from tests.rollback.attempt import SHORT_S, attempt, hold
from tests.rollback.incident import Incident
from tests.rollback.misdeeds import NO_ANSWER, REFUSALS, TRUNCATED, Answer, Call

TAIL = Call("POST", "/tails$")
ANSWERS = {**NO_ANSWER, **REFUSALS, "truncated": TRUNCATED}


@pytest.fixture
def silent(incident: Incident) -> Incident:
    """The same bot, looked at where its answer holds no version."""
    elsewhere = HealthExpectation(path="/nowhere", status=404)
    return replace(incident, target=replace(incident.target, health=elsewhere))


def test_a_tail(silent: Incident, tmp_path: Path) -> None:
    """It names the version that served each probe: done."""
    ended = attempt(silent, tmp_path)

    hold(silent, ended)
    assert Ending.VERIFIED == ended.ending


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_no_tail(silent: Incident, tmp_path: Path, answer: Answer) -> None:
    """It does not hold up the act; that it worked nobody has seen: unconfirmed."""
    ended = attempt(silent, tmp_path, TAIL.met_with(answer, silent), within=SHORT_S)

    hold(silent, ended)
    assert Ending.UNCONFIRMED == ended.ending
    assert silent.good == silent.served()
