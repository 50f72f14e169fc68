"""The control endpoints: looking into the sandbox, and changing what its edge is like."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.contract.support import Sandbox, eventually, running_sandbox

PROPAGATION_S = 0.5
ENOUGH = 5
FAR_S = 0.2
PONG = """export default { async fetch(request) {
  return Response.json({ type: (await request.json()).type });
} };"""


@pytest.fixture
def usual_conditions(sandbox: Sandbox) -> Iterator[None]:
    """What a test changes of the edge is as before after it."""
    before = sandbox.control("GET", "conditions").json()
    yield
    sandbox.control("PUT", "conditions", json=before)


@pytest.mark.usefixtures("usual_conditions")
def test_the_edge_follows_after_the_propagation(sandbox: Sandbox, worker: str) -> None:
    """The API says at once what was deployed; the edge serves it later, at an address that stays."""
    old, new = sandbox.put(worker, "old"), sandbox.upload(worker, "new")
    address = sandbox.control("GET", f"workers/{worker}").json()["url"]
    changed = sandbox.control("PUT", "conditions", json={"propagation_s": PROPAGATION_S}).json()

    sandbox.deploy(worker, {new: 100})
    said, served = sandbox.deployments(worker)[0]["versions"][0]["version_id"], sandbox.live(worker)
    eventually(lambda: sandbox.live(worker) == {new: 100}, seconds=20 * PROPAGATION_S)

    assert {"propagation_s": PROPAGATION_S, "added_rtt_ms": 0} == changed
    assert (new, {old: 100}) == (said, served)
    assert address == sandbox.control("GET", f"workers/{worker}").json()["url"]


@pytest.mark.usefixtures("usual_conditions")
def test_clients_meet_the_old_version_for_that_long(sandbox: Sandbox, worker: str) -> None:
    """Until the propagation is over every request is answered by the old version, then by the new alone."""
    sandbox.put(worker, "old")
    new = sandbox.upload(worker, "new")
    address = sandbox.control("GET", f"workers/{worker}").json()["url"]
    sandbox.control("PUT", "conditions", json={"propagation_s": PROPAGATION_S})

    started, texts, seconds = time.monotonic(), list[str](), list[float]()
    sandbox.deploy(worker, {new: 100})
    while texts.count("new") < ENOUGH and time.monotonic() < started + 20 * PROPAGATION_S:
        texts.append(sandbox.http.get(address).json()["text"])
        seconds.append(time.monotonic() - started)

    old = texts.count("old")
    assert ["old"] * old + ["new"] * ENOUGH == texts
    assert old > 0
    assert seconds[old] >= PROPAGATION_S


@pytest.mark.usefixtures("usual_conditions")
def test_everything_is_as_far_away_as_it_is_told(sandbox: Sandbox, worker: str) -> None:
    """Edge, API and Discord; the control endpoints stay near."""
    sandbox.put(worker)
    sandbox.control("PUT", "conditions", json={"added_rtt_ms": 1000 * FAR_S})

    answers = [
        sandbox.ask(worker),
        sandbox.api("GET", f"{sandbox.script(worker)}/deployments"),
        sandbox.http.get(sandbox.ready["discord_status"] + "/status.json"),
    ]
    near = sandbox.control("GET", "conditions")

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [answer for answer in answers if answer.elapsed.total_seconds() < FAR_S] == []
    assert near.json()["added_rtt_ms"] == 1000 * FAR_S


@pytest.mark.parametrize(
    "body", ['{"no_such": 1}', '{"propagation_s": -1}', '{"propagation_s": "1"}', "[]", "{"]
)
def test_wrong_conditions_are_refused(sandbox: Sandbox, body: str) -> None:
    """With a sentence, and nothing changes."""
    answer = sandbox.control("PUT", "conditions", content=body)

    assert 400 == answer.status_code
    assert answer.json()["error"]
    assert {"propagation_s": 0, "added_rtt_ms": 0} == sandbox.control("GET", "conditions").json()


def test_discord_sends_an_interaction(sandbox: Sandbox, worker: str) -> None:
    """The payload reaches the worker and its answer comes back with the time that it took."""
    sandbox.put(worker, code=PONG)
    address = sandbox.control("GET", f"workers/{worker}").json()["url"]

    sent = sandbox.control(
        "POST", "discord/interactions", json={"url": address, "payload": {"type": 1}}
    ).json()

    assert (200, '{"type":1}') == (sent["status"], sent["body"])
    assert 0 < sent["seconds"] < 3
    assert sent["headers"]


def test_https_is_served_when_it_is_asked_for(sandbox: Sandbox, worker: str) -> None:
    """The worker's own address stays; the answer says where, and whom to trust."""
    sandbox.put(worker)
    before = sandbox.control("GET", f"workers/{worker}").json()

    made = sandbox.control("PUT", f"workers/{worker}/tls", json={"certificate": "expiring"}).json()
    after = sandbox.control("GET", f"workers/{worker}").json()
    trusting = ssl.create_default_context(cadata=made["authority"])

    assert (None, None) == (before["https_url"], before["plain_url"])
    assert {**before, "https_url": made["https_url"], "plain_url": made["plain_url"]} == after
    assert {"certificate": "expiring", "oldest": "1.2", "redirects": True} == made["conditions"]
    assert "one" == httpx.get(made["https_url"], verify=trusting).json()["text"]
    assert made["https_url"] + "/x" == httpx.get(made["plain_url"] + "/x").headers["location"]
    assert "one" == httpx.get(after["url"]).json()["text"]


def test_discord_trusts_the_authority_of_the_run(sandbox: Sandbox, worker: str) -> None:
    """And nobody whose certificate has expired, as is Discord's way."""
    sandbox.put(worker, code=PONG)
    asked = []
    for certificate in ("valid", "expired"):
        conditions = {"certificate": certificate}
        made = sandbox.control("PUT", f"workers/{worker}/tls", json=conditions).json()
        body = {"url": made["https_url"], "payload": {"type": 1}}
        asked.append(sandbox.control("POST", "discord/interactions", json=body).json())

    assert [200, None] == [each["status"] for each in asked]
    assert "certificate has expired" in asked[1]["problem"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"no_such": 1}', "no_such"),
        ('{"certificate": "odd"}', "valid, expired, expiring, other-host, unknown-authority"),
        ('{"oldest": 1.2}', "1.0, 1.1, 1.2, 1.3"),
        ('{"redirects": "no"}', "true or false"),
        ("[]", "JSON object"),
    ],
)
def test_wrong_tls_conditions_are_refused(sandbox: Sandbox, worker: str, body: str, said: str) -> None:
    """With a sentence, and nothing is served."""
    sandbox.put(worker)

    answer = sandbox.control("PUT", f"workers/{worker}/tls", content=body)

    assert 400 == answer.status_code
    assert said in answer.json()["error"]
    assert sandbox.control("GET", f"workers/{worker}").json()["https_url"] is None


def test_https_is_for_workers_that_are_deployed(sandbox: Sandbox) -> None:
    """There is nobody else to serve."""
    assert 404 == sandbox.control("PUT", "workers/nobody/tls", json={}).status_code


def test_what_a_worker_sends_elsewhere_is_known() -> None:
    """A request to Discord's channel is kept; one to a host that nobody plays is an unknown request."""
    with running_sandbox() as sandbox:
        channel = sandbox.ready["channel"]
        code = f"""const AGENT = "DiscordBot (https://example.com, 1)";
        export default {{ async fetch(request, env) {{
          const sent = await fetch("https://discord.com/api/v10/channels/{channel}/messages", {{
            method: "POST",
            headers: {{
              Authorization: "Bot " + env.TOKEN,
              "Content-Type": "application/json",
              "User-Agent": AGENT,
            }},
            body: JSON.stringify({{ content: "hello" }}),
          }});
          const lost = await fetch("https://elsewhere.example.com/x");
          return Response.json([sent.status, lost.status]);
        }} }};"""
        token = {"name": "TOKEN", "type": "secret_text", "text": sandbox.ready["discord_token"]}
        sandbox.put("sender", code=code, bindings=[token])

        statuses = sandbox.ask("sender").json()
        kept = sandbox.control("GET", "discord/messages").json()
        unknown = sandbox.unknown_requests()

    assert [200, 502] == statuses
    assert ["hello"] == [each["content"] for each in kept["messages"]]
    assert ["GET https://elsewhere.example.com/x"] == unknown
