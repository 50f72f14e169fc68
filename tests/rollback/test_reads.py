"""Reads of a rollback that the API fails at: nothing is changed, or nothing is claimed."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstop.model.verdict import Ending
from tests.rollback.attempt import SHORT_S, attempt, hold
from tests.rollback.incident import Incident
from tests.rollback.misdeeds import (
    CONFIRMS,
    GOES_WITHOUT,
    HISTORY,
    NO_ANSWER,
    READS,
    REFUSALS,
    STALE,
    TRUNCATED,
    Answer,
    Call,
)

ANSWERS = {**NO_ANSWER, **REFUSALS, "truncated": TRUNCATED}
answers = pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)


@answers
@pytest.mark.parametrize("call", READS.values(), ids=READS)
def test_what_a_plan_needs(incident: Incident, tmp_path: Path, call: Call, answer: Answer) -> None:
    """Without it nobody knows enough to act: inconclusive, nothing changed."""
    ended = attempt(incident, tmp_path, call.met_with(answer, incident))

    hold(incident, ended)
    assert Ending.INCONCLUSIVE == ended.ending


@answers
@pytest.mark.parametrize("call", GOES_WITHOUT.values(), ids=GOES_WITHOUT)
def test_what_a_plan_goes_without(incident: Incident, tmp_path: Path, call: Call, answer: Answer) -> None:
    """It would have told more, and does not hold up a rescue."""
    ended = attempt(incident, tmp_path, call.met_with(answer, incident))

    hold(incident, ended)
    assert Ending.VERIFIED == ended.ending


@answers
def test_what_confirms(incident: Incident, tmp_path: Path, answer: Answer) -> None:
    """Acted once, and nobody says that it worked: unconfirmed, although it did."""
    ended = attempt(incident, tmp_path, CONFIRMS.met_with(answer, incident), within=SHORT_S)

    hold(incident, ended)
    assert Ending.UNCONFIRMED == ended.ending
    assert incident.good == incident.served()


@answers
def test_what_confirms_at_the_second_look(incident: Incident, tmp_path: Path, answer: Answer) -> None:
    """A look that fails is followed by another, not by another act."""
    ended = attempt(incident, tmp_path, CONFIRMS.met_with(answer, incident, times=1))

    hold(incident, ended)
    assert Ending.VERIFIED == ended.ending


@pytest.mark.parametrize("name", ["drop", "500", "502 HTML"])
def test_every_read_stumbles_once(incident: Incident, tmp_path: Path, name: str) -> None:
    """Quick trouble is asked about once more; the rollback is done."""
    reads = [*GOES_WITHOUT.values(), *(call for call in READS.values() if call.skip == 0), CONFIRMS]
    faults = [call.met_with(NO_ANSWER[name], incident, times=1) for call in reads]

    ended = attempt(incident, tmp_path, *faults)

    hold(incident, ended)
    assert Ending.VERIFIED == ended.ending


def test_a_stale_history(incident: Incident, tmp_path: Path) -> None:
    """It ends with a rollback by hand, which is left alone, while the bad version serves again."""
    incident.deploy_by_hand(incident.good, incident.bad)

    ended = attempt(incident, tmp_path, HISTORY.met_with(STALE, incident))

    hold(incident, ended)
    assert (Ending.VERIFIED, None) == (ended.ending, ended.confirmation)


def test_two_histories_that_differ(incident: Incident, tmp_path: Path) -> None:
    """The second is stale: that is taken for a deployment in between, and refused."""
    stale = READS["history under the lock"].met_with(STALE, incident)

    ended = attempt(incident, tmp_path, stale)

    hold(incident, ended)
    assert Ending.REFUSED == ended.ending


def test_a_history_that_stays_stale_after_the_act(incident: Incident, tmp_path: Path) -> None:
    """Ours is not in it: unconfirmed, although it serves."""
    ended = attempt(incident, tmp_path, CONFIRMS.met_with(STALE, incident), within=SHORT_S)

    hold(incident, ended)
    assert Ending.UNCONFIRMED == ended.ending


def test_a_history_that_is_stale_for_a_moment(incident: Incident, tmp_path: Path) -> None:
    """It is looked at until it shows ours."""
    ended = attempt(incident, tmp_path, CONFIRMS.met_with(STALE, incident, times=3))

    hold(incident, ended)
    assert Ending.VERIFIED == ended.ending
