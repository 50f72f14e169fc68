"""After a deploy the edge follows late: what it answers until then is no reason to roll anything back."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstop.model.version import VersionId
from tests.contract.support import eventually
from tests.rollback.incident import Incident
from tests.rollback.sessions import Ended, as_deployed, session
from tests.unit.loopback import api

SWITCH_S = 20.0


def _deployed(
    incident: Incident, folder: Path, version: VersionId, *arguments: str, late: float
) -> tuple[Ended, int]:
    """A session right after a deploy that the edge follows late; and how many deployments came since."""
    incident.follow_after(late)
    incident.deploy_by_hand(version)
    before = len(incident.history())
    ended = session(
        folder,
        *("-m", "post_deploy", "--rollback-on=critical,high", f"--expect-live={version}", *arguments),
        targets=as_deployed(incident, folder),
    )
    return ended, len(incident.history()) - before


def test_a_fix_is_not_rolled_back_for_what_it_mends(incident: Incident, tmp_path: Path) -> None:
    """The broken version is still served for a moment."""
    ended, made = _deployed(incident, tmp_path, incident.good, late=3.0)

    assert 0 == ended.code, ended.output
    assert 0 == made
    assert incident.good == incident.served()
    assert "not rolled back: no check" in ended.output


def test_a_bad_deploy_is_rolled_back_once_it_serves(incident: Incident, tmp_path: Path) -> None:
    """And not believed to be good for what served before it."""
    incident.deploy_by_hand(incident.good)
    eventually(lambda: incident.served() == incident.good, seconds=SWITCH_S)

    ended, made = _deployed(incident, tmp_path, incident.bad, late=2.0)

    assert 24 == ended.code, ended.output
    assert 1 == made
    assert incident.good == incident.served()


def test_an_edge_that_does_not_follow_proves_nothing(incident: Incident, tmp_path: Path) -> None:
    """Nothing is rolled back, and nothing is verified."""
    ended, made = _deployed(incident, tmp_path, incident.good, "--confirm-within=1", late=40.0)

    assert 1 == ended.code, ended.output  # what it still serves is bad
    assert 0 == made
    assert "the edge still serves" in ended.output
    assert "not rolled back: the session went wrong" in ended.output


@pytest.mark.parametrize(
    ("who", "indicator", "waits"),
    [("discord", "critical", True), ("cloudflare", "major", True), ("discord", "minor", False)],
)
def test_an_outage_outside_is_waited_for(
    incident: Incident, tmp_path: Path, who: str, indicator: str, *, waits: bool
) -> None:
    """What people are told and what is done is one decision; a small incident elsewhere explains nothing."""
    page = {"status": {"indicator": indicator, "description": "as the page says"}}
    with api({"GET /status.json": (200, page)}) as reporting:
        targets = as_deployed(incident, tmp_path)
        with (tmp_path / ".env").open("a") as env:
            env.write(f"{who.upper()}_STATUS_BASE_URL={reporting.url}\n")
        before = len(incident.history())

        ended = session(tmp_path, *("-m", "post_deploy", "--rollback-on=critical,high"), targets=targets)

    assert (1 if waits else 24) == ended.code, ended.output
    assert (0 if waits else 1) == len(incident.history()) - before
    assert waits == ended.verdict["decision"].startswith("wait, and do not roll back")
    assert waits == ("not rolled back: external: health.healthy (critical)" in ended.output)
    page_of_it = (tmp_path / "reports" / "latest" / "report.html").read_text()
    assert waits == ("not rolled back: external" in page_of_it)


def test_what_was_deployed_over_is_let_be(incident: Incident, tmp_path: Path) -> None:
    """The version that is expected is not what serves: somebody else's deploy is theirs."""
    incident.deploy_by_hand(incident.good, incident.bad)
    before = incident.history()

    ended = session(
        tmp_path,
        *("-m", "post_deploy", "--rollback-on=critical,high", f"--expect-live={incident.good}"),
        targets=as_deployed(incident, tmp_path),
    )

    assert 21 == ended.code, ended.output
    assert before == incident.history()
