"""``pytest -m pre_rollback``: is it ours, how bad, whom does it hit, what to do, and the command to type."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

import pytest

from tests.ready.desk import Desk, outcomes, said
from tests.rollback.sessions import Ended
from tests.unit.loopback import RawServer, api, stalling

LOOK = ("-m", "pre_rollback")
WELL = {"status": {"indicator": "none", "description": "All Systems Operational"}}
OUT = {"status": {"indicator": "critical", "description": "Major Service Outage"}}
DISCORD, CLOUDFLARE = "DISCORD_STATUS_BASE_URL", "CLOUDFLARE_STATUS_BASE_URL"


def _page(content: object, status: int = 200) -> dict[str, tuple[int, object]]:
    return {"GET /status.json": (status, content)}


def _outside(ended: Ended) -> Mapping[str, str]:
    return {line["who"]: line["state"] for line in ended.lines("outside-seen")}


def test_an_incident(desk: Desk) -> None:
    """What is wrong, how sure, what to do, by when; each item of the checklists with what proves it.

    The page and the incident report have it too.
    """
    ended = desk.session(*LOOK)

    assert 1 == ended.code, ended.output
    assert ("critical", "roll back at once (within 2 min)") == (
        ended.verdict["severity"],
        ended.verdict["decision"],
    )
    assert "health" in [row["row"] for row in ended.verdict["policy"]["fired"]]
    assert {"network": "well", "discord": "well", "cloudflare": "well"} == _outside(ended)
    assert "✓ Verify issue is deployment-related (not external)" in ended.output
    assert "✓ Check if issue affects all users or subset: some: " in ended.output
    assert f"✓ Previous deployment version identified: {desk.incident.good}" in ended.output
    assert "CRITICAL: health is down or unhealthy" in ended.output
    assert [] == ended.lines("mutation-armed")
    assert desk.incident.bad == desk.incident.served()
    latest = desk.folder / "reports" / "latest"
    page, incident = (latest / "report.html").read_text(), (latest / "incident.md").read_text()
    assert "The first minute" in page
    assert "Decision</h2>" in page
    assert "- [x] Previous deployment version identified" in incident
    assert "- [ ] Stakeholders notified" in incident
    assert "--rollback --reason 'health is down or unhealthy" in incident


def test_the_command_that_it_ends_with_mends_it(desk: Desk) -> None:
    """It is typed as it stands there, and the bot is well again."""
    looked = desk.session(*LOOK)
    (line,) = [line for line in looked.output.splitlines() if line.startswith("type:")]
    words = shlex.split(line.removeprefix("type:"))

    mended = desk.session(*words[words.index("-m") :])

    assert "pytest" == words[0]
    assert 0 == mended.code, mended.output
    assert desk.incident.good == desk.incident.served()


def test_nothing_is_wrong(desk: Desk) -> None:
    """No rollback is called for where all holds."""
    desk.incident.deploy_by_hand(desk.incident.good)

    ended = desk.session(*LOOK)

    assert 0 == ended.code, ended.output
    assert "nothing" == ended.verdict["decision"]
    assert "do not roll back; if users say otherwise" in ended.output
    assert "--rollback --reason" not in ended.output


@pytest.mark.parametrize(("page", "who"), [(DISCORD, "discord"), (CLOUDFLARE, "cloudflare")])
def test_an_outage_outside(desk: Desk, page: str, who: str) -> None:
    """It is said, and a rollback is advised against."""
    with api(_page(OUT)) as reporting:
        desk.env[page] = reporting.url
        ended = desk.session(*LOOK)

    assert 1 == ended.code, ended.output
    assert "out" == _outside(ended)[who]
    assert "wait, and do not roll back" in ended.verdict["decision"]
    assert [who] == ended.verdict["policy"]["outside"]
    assert f"external ({who.capitalize()})" in ended.output
    assert "--rollback --reason" not in ended.output


@pytest.mark.parametrize(
    ("answer", "status"),
    [({"maintenance": True}, 503), (b"<html>", 200), ({"status": {"indicator": "purple"}}, 200)],
)
def test_status_pages_that_say_nothing(desk: Desk, answer: object, status: int) -> None:
    """One clear line for each of them, and the verdict is that of the bot."""
    desk.incident.deploy_by_hand(desk.incident.good)
    with api(_page(answer, status)) as silent:
        desk.env |= {DISCORD: silent.url, CLOUDFLARE: silent.url}
        ended = desk.session(*LOOK)

    assert 0 == ended.code, ended.output
    assert ("degraded", "degraded") == (
        outcomes(ended)["discord.status"],
        outcomes(ended)["triage.cloudflare"],
    )
    assert "nothing" == ended.verdict["decision"]


def test_a_status_page_that_hangs(desk: Desk) -> None:
    """It is waited for beside all else, and no outage."""
    with RawServer(stalling) as hanging:
        desk.env |= {DISCORD: hanging.url, CLOUDFLARE: hanging.url}
        ended = desk.session(*LOOK)

    assert 1 == ended.code, ended.output
    assert "which is no outage" in said(ended, "triage.cloudflare")
    assert {"network": "well", "discord": "unseen", "cloudflare": "unseen"} == _outside(ended)
    assert "roll back at once (within 2 min)" == ended.verdict["decision"]
    assert "not quite sure" in ended.output


def test_a_status_page_that_lies(desk: Desk) -> None:
    """It says that all is well while Discord's API answers 503: the API is believed."""
    desk.incident.deploy_by_hand(desk.incident.good)
    with api(_page(WELL)) as lying, api({"GET /applications/@me": (503, {"message": "503"})}) as failing:
        desk.env |= {DISCORD: lying.url, "DISCORD_API_BASE_URL": failing.url}
        ended = desk.session(*LOOK)

    assert "contradicted" == _outside(ended)["discord"]
    assert "while its API fails" in said(ended, "discord.status")
    assert "answered 503" in said(ended, "discord.status")


@pytest.mark.parametrize(
    ("headline", "conditions", "state", "told"),
    [
        (WELL, {"API": "major_outage", "Gateway": "operational"}, "unseen", "it contradicts itself"),
        (OUT, {"API": "operational", "Gateway": "operational"}, "unseen", "it contradicts itself"),
        (
            OUT,
            {"API": "operational", "Gateway": "major_outage"},
            "troubled",
            "what a bot needs is operational",
        ),
    ],
)
def test_a_status_page_that_contradicts_itself(
    desk: Desk, headline: Mapping[str, object], conditions: Mapping[str, str], state: str, told: str
) -> None:
    """Its parts are said beside its headline, and it neither hides what is wrong with a bot nor blames it."""
    parts = [{"name": name, "status": condition} for name, condition in conditions.items()]
    answers = {**_page(headline), "GET /summary.json": (200, {**headline, "components": parts})}
    with api(answers) as torn:
        desk.env[DISCORD] = torn.url
        bad = desk.session(*LOOK)
        desk.incident.deploy_by_hand(desk.incident.good)
        good = desk.session(*LOOK)

    assert (1, 0) == (bad.code, good.code), bad.output + good.output
    assert state == _outside(bad)["discord"] == _outside(good)["discord"]
    assert told in said(bad, "discord.status")
    assert ("roll back at once (within 2 min)", "nothing") == (
        bad.verdict["decision"],
        good.verdict["decision"],
    )


def test_a_status_page_of_cloudflare_s_that_lies(desk: Desk) -> None:
    """Its API answers 503: what is deployed is not known, and the bot is judged all the same."""
    desk.incident.misbehave(
        {"method": "GET", "path": "/deployments", "times": 100, "answer": {"status": 503, "body": {}}}
    )

    ended = desk.session(*LOOK)

    assert 1 == ended.code, ended.output
    assert "contradicted" == _outside(ended)["cloudflare"]
    assert "inconclusive" == outcomes(ended)["triage.rollback"]
    assert "roll back at once (within 2 min)" == ended.verdict["decision"]


def test_a_part_of_the_users(desk: Desk) -> None:
    """A split: which version fails, and that the others are served."""
    shares = {str(desk.incident.good): 50.0, str(desk.incident.bad): 50.0}
    desk.incident.sandbox.deploy(desk.incident.worker, shares)

    ended = desk.session(*LOOK)
    (impact,) = ended.lines("impact-seen")

    assert "some" == impact["who"]
    assert f"{desk.incident.bad[:8]} failed" in impact["text"]
    assert f"{desk.incident.good[:8]} failed 0 of" in impact["text"]


def test_a_rollback_that_would_be_refused_is_a_finding(desk: Desk) -> None:
    """The session is about the bot: it does not end with 21 for a plan."""
    ended = desk.session(*LOOK, f"--expect-live={desk.incident.good}")

    assert 1 == ended.code, ended.output
    assert "degraded" == outcomes(ended)["triage.rollback"]
    assert ended.lines("rollback-planned")[0]["refusals"]
    assert "a rollback would not go ahead" in ended.output
    assert "--rollback --reason" not in ended.output


def test_our_own_network(desk: Desk) -> None:
    """Where no independent address answers, that is said before anything is concluded."""
    with RawServer(lambda _: None) as dead:
        desk.control = dead.url
        ended = desk.session(*LOOK)

    assert "inconclusive" == outcomes(ended)["triage.network"]
    assert "out" == _outside(ended)["network"]
    assert "✗ Verify issue is deployment-related (not external)" in ended.output


def test_a_worker_that_is_gone(desk: Desk) -> None:
    """The account has none of that name: red, with what to correct, and no fault of this tool."""
    no_such = {"success": False, "errors": [{"code": 10007, "message": "This Worker does not exist."}]}
    answer = {"status": 404, "body": no_such}
    desk.incident.misbehave({"method": "GET", "path": "/scripts/", "times": 100, "answer": answer})

    ended = desk.session(*LOOK)

    assert 1 == ended.code, ended.output
    assert "fail" == outcomes(ended)["deployment.authenticated"]
    assert "degraded" == outcomes(ended)["triage.rollback"]
    assert "there is nothing to roll back" in said(ended, "triage.rollback")
