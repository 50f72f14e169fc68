"""The one request that acts, with an answer that is lost, a refusal, or a lie: done once, or said so."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstop.model.verdict import Ending
from tests.rollback.attempt import PATIENCE_S, SHORT_S, attempt, hold
from tests.rollback.incident import Incident
from tests.rollback.misdeeds import (
    ACT,
    CONFIRMS,
    LIE,
    NO_ANSWER,
    REFUSALS,
    STALE,
    TRUNCATED,
    Answer,
    done,
)

LOST = {**NO_ANSWER, "lie": LIE}
DONE = {
    **{f"{name}, done": done(answer) for name, answer in NO_ANSWER.items()},
    "truncated": TRUNCATED,
    "stale": STALE,
}
DENIED = {f"{name}, done": done(answer) for name, answer in REFUSALS.items()}


@pytest.mark.parametrize("answer", LOST.values(), ids=LOST)
def test_lost_with_its_request(incident: Incident, tmp_path: Path, answer: Answer) -> None:
    """Nothing came of it, and it is not given a second time: unconfirmed."""
    ended = attempt(incident, tmp_path, ACT.met_with(answer, incident), within=SHORT_S)

    hold(incident, ended)
    assert Ending.UNCONFIRMED == ended.ending
    assert incident.bad == incident.served()


@pytest.mark.parametrize("answer", DONE.values(), ids=DONE)
def test_lost_after_it_was_done(incident: Incident, tmp_path: Path, answer: Answer) -> None:
    """The history has our mark, and the edge follows: done, once."""
    ended = attempt(incident, tmp_path, ACT.met_with(answer, incident))

    hold(incident, ended)
    assert Ending.VERIFIED == ended.ending
    assert ended.confirmation is not None


@pytest.mark.parametrize("answer", REFUSALS.values(), ids=REFUSALS)
def test_refused(incident: Incident, tmp_path: Path, answer: Answer) -> None:
    """Nothing was changed: that is said, and nothing waited for."""
    ended = attempt(incident, tmp_path, ACT.met_with(answer, incident))

    hold(incident, ended)
    assert Ending.REFUSED == ended.ending
    assert ended.seconds < PATIENCE_S


@pytest.mark.parametrize("answer", DENIED.values(), ids=DENIED)
def test_refused_and_done(incident: Incident, tmp_path: Path, answer: Answer) -> None:
    """The answer denies what the history shows: they do not agree."""
    ended = attempt(incident, tmp_path, ACT.met_with(answer, incident))

    hold(incident, ended)
    assert Ending.UNCONFIRMED == ended.ending
    assert incident.good == incident.served()


DARK = {"500": NO_ANSWER["500"], "stale": STALE}


@pytest.mark.parametrize("name", ["drop", "502 HTML", "hollow success"])
@pytest.mark.parametrize("dark", DARK.values(), ids=DARK)
def test_lost_and_nobody_tells(incident: Incident, tmp_path: Path, name: str, dark: Answer) -> None:
    """The answer and every look after it are lost; it was done: unconfirmed, and done once."""
    faults = ACT.met_with(done(NO_ANSWER[name]), incident), CONFIRMS.met_with(dark, incident)

    ended = attempt(incident, tmp_path, *faults, within=SHORT_S)

    hold(incident, ended)
    assert Ending.UNCONFIRMED == ended.ending
    assert incident.good == incident.served()


@pytest.mark.parametrize("answer", REFUSALS.values(), ids=REFUSALS)
def test_refused_and_nobody_tells(incident: Incident, tmp_path: Path, answer: Answer) -> None:
    """A refusal is believed only where the history bears it out."""
    faults = ACT.met_with(answer, incident), CONFIRMS.met_with(NO_ANSWER["500"], incident)

    ended = attempt(incident, tmp_path, *faults, within=SHORT_S)

    hold(incident, ended)
    assert Ending.UNCONFIRMED == ended.ending


def test_typed_again_after_it_was_done(incident: Incident, tmp_path: Path) -> None:
    """What was done and not confirmed is not done a second time, further back."""
    first = attempt(incident, tmp_path, CONFIRMS.met_with(NO_ANSWER["500"], incident), within=SHORT_S)
    second = attempt(incident, tmp_path)

    assert Ending.UNCONFIRMED == first.ending
    assert (Ending.VERIFIED, None) == (second.ending, second.confirmation)
    assert [] == incident.made_by(second.run)
    assert incident.good == incident.served()


def test_typed_again_after_it_was_lost(incident: Incident, tmp_path: Path) -> None:
    """What never arrived is done by the next one."""
    first = attempt(incident, tmp_path, ACT.met_with(NO_ANSWER["drop"], incident), within=SHORT_S)
    second = attempt(incident, tmp_path)

    hold(incident, second)
    assert Ending.UNCONFIRMED == first.ending
    assert [] == incident.made_by(first.run)
    assert Ending.VERIFIED == second.ending
