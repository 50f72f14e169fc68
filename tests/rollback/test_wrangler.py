"""Real wrangler meets what the API can do to it: in the request that acts, and in its own reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from backstop.model.verdict import Ending
from backstop.rollback.request import Via
from tests.rollback.attempt import PATIENCE_S, SHORT_S, attempt, hold
from tests.rollback.incident import Incident
from tests.rollback.misdeeds import ACT, LIE, NO_ANSWER, REFUSALS, TRUNCATED, Answer, Call, done

LOST = {**NO_ANSWER, "lie": LIE}
DONE = {**{name: done(answer) for name, answer in NO_ANSWER.items()}, "truncated": TRUNCATED}
ACT_OR_FORCE = Call("POST", r"/deployments(\?force=true)?$")
# Ours come first and are alike. It asks in this order, and gives up at the first that fails.
HISTORY = Call("GET", "/deployments$", skip=2)
VERSION_FROM = Call("GET", "/versions/{bad}$", skip=1)
VERSION_TO = Call("GET", "/versions/{good}$", skip=1)
READS: Mapping[str, tuple[Call, Answer, Ending]] = {
    "history-hang": (HISTORY, NO_ANSWER["hang"], Ending.UNCONFIRMED),
    "history-401": (HISTORY, REFUSALS["401"], Ending.REFUSED),
    "version from-drop": (VERSION_FROM, NO_ANSWER["drop"], Ending.UNCONFIRMED),
    "version from-403": (VERSION_FROM, REFUSALS["403"], Ending.REFUSED),
    "version to-502 HTML": (VERSION_TO, NO_ANSWER["502 HTML"], Ending.UNCONFIRMED),
    "version to-truncated": (VERSION_TO, TRUNCATED, Ending.UNCONFIRMED),
}


@pytest.mark.parametrize("answer", LOST.values(), ids=LOST)
def test_lost_with_its_request(incident: Incident, tmp_path: Path, answer: Answer) -> None:
    """Nothing came of it, and wrangler is not started a second time: unconfirmed."""
    fault = ACT.met_with(answer, incident)

    ended = attempt(incident, tmp_path, fault, via=Via.WRANGLER, within=SHORT_S)

    hold(incident, ended)
    assert Ending.UNCONFIRMED == ended.ending
    assert incident.bad == incident.served()


@pytest.mark.parametrize("answer", DONE.values(), ids=DONE)
def test_lost_after_it_was_done(incident: Incident, tmp_path: Path, answer: Answer) -> None:
    """Whatever wrangler says, the history has our mark, and the edge follows: done, once."""
    ended = attempt(incident, tmp_path, ACT.met_with(answer, incident), via=Via.WRANGLER)

    hold(incident, ended)
    assert Ending.VERIFIED == ended.ending
    assert ended.confirmation is not None


@pytest.mark.parametrize("name", ["401", "403", "10220"])
def test_refused(incident: Incident, tmp_path: Path, name: str) -> None:
    """Nothing was changed, and that is said; 10220 is refused also when wrangler forces it."""
    fault = ACT_OR_FORCE.met_with(REFUSALS[name], incident)

    ended = attempt(incident, tmp_path, fault, via=Via.WRANGLER)

    hold(incident, ended)
    assert Ending.REFUSED == ended.ending
    assert ended.seconds < PATIENCE_S


def test_too_many_requests(incident: Incident, tmp_path: Path) -> None:
    """What wrangler writes of a 429 does not tell whether anything was made."""
    fault = ACT.met_with(REFUSALS["429"], incident)

    ended = attempt(incident, tmp_path, fault, via=Via.WRANGLER, within=SHORT_S)

    hold(incident, ended)
    assert Ending.UNCONFIRMED == ended.ending
    assert incident.bad == incident.served()


def test_forced_over_changed_secrets(incident: Incident, tmp_path: Path) -> None:
    """Wrangler answers its own question with yes, which nobody agreed to: done, and never verified."""
    ended = attempt(incident, tmp_path, ACT.met_with(REFUSALS["10220"], incident), via=Via.WRANGLER)

    hold(incident, ended)
    assert Ending.UNCONFIRMED == ended.ending
    assert incident.good == incident.served()
    assert "TOKEN" in str(ended.error)


@pytest.mark.parametrize(("call", "answer", "ending"), READS.values(), ids=READS)
def test_its_reads(incident: Incident, tmp_path: Path, call: Call, answer: Answer, ending: Ending) -> None:
    """It gives up before it acts; where its words don't tell that, it is unconfirmed."""
    fault = call.met_with(answer, incident, times=1)

    ended = attempt(incident, tmp_path, fault, via=Via.WRANGLER, within=SHORT_S)

    hold(incident, ended)
    assert ending == ended.ending
    assert incident.bad == incident.served()
