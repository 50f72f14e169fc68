"""The doubles of the channels refuse what the real services refuse, and see what acts in a message."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from sandbox.channels.incidents import Unprocessable, begun, changed
from sandbox.channels.slack import Slack
from sandbox.channels.slack_form import unfit
from sandbox.channels.trouble import Troubles
from sandbox.discord.incoming import new_webhook
from tests.sandbox.discord_clients import Client, discord
from tests.sandbox.test_channels import services


def _header(text: str) -> dict[str, Any]:
    return {"type": "header", "text": {"type": "plain_text", "text": text}}


def _section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def _fields(*texts: str) -> dict[str, Any]:
    return {"type": "section", "fields": [{"type": "mrkdwn", "text": text} for text in texts]}


@pytest.mark.parametrize(
    ("blocks", "word"),
    [
        ([_header("h" * 150), _section("s" * 3_000), _fields(*["f" * 2_000] * 10)], ""),
        ([_header("h" * 151)], "invalid_blocks"),
        ([_header("")], "invalid_blocks"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "h"}}], "invalid_blocks"),
        ([_section("s" * 3_001)], "invalid_blocks"),
        ([{"type": "section"}], "invalid_blocks"),
        ([_fields(*["f"] * 11)], "invalid_blocks"),
        ([_fields("f" * 2_001)], "invalid_blocks"),
        ([_fields()], "invalid_blocks"),
        ([{"type": "divider"}] * 50, ""),
        ([{"type": "divider"}] * 51, "invalid_blocks"),
        ([{"type": "poem"}], "invalid_blocks"),
        ([{"type": "context", "elements": []}], "invalid_blocks"),
        ("none", "invalid_blocks"),
    ],
)
def test_slack_s_limits(blocks: Any, word: str) -> None:
    """Those of Block Kit, each by one too many."""
    assert word == unfit(json.dumps({"text": "x", "blocks": blocks}))


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ({"text": "x" * 40_000}, ""),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": ["x"]}, "invalid_payload"),
        ({"attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
    ],
)
def test_slack_s_text(message: Any, word: str) -> None:
    """It has a length, and is a text."""
    assert word == unfit(json.dumps(message))


def test_slack_takes_about_one_message_a_second() -> None:
    """A short burst goes through; a second later there is room for one more."""
    now = [0.0]
    slack = Slack(clock=lambda: now[0])
    hasty = [slack._haste("B1") for _ in range(4)]
    now[0] += 1.0

    assert ["", "", "", "rate_limited"] == hasty
    assert ["", "rate_limited"] == [slack._haste("B1"), slack._haste("B1")]
    assert "" == slack._haste("B2")


async def _hook(client: Client, wait: str = "?wait=true") -> str:
    webhook = new_webhook(client.service.state)
    return f"/webhooks/{webhook.id}/{webhook.token}{wait}"


MESSAGE = {"content": "hello", "allowed_mentions": {"parse": []}}


def test_discord_keeps_a_message_and_its_changes() -> None:
    """Under the id that it answers with; without ``wait`` it answers nothing."""

    async def scenario() -> None:
        async with discord() as client:
            hook = await _hook(client)
            made = await client.ask("POST", hook, json=MESSAGE, authorization=None)
            bare = hook.partition("?")[0]
            change = f"{bare}/messages/{made.json['id']}"
            changed_ = await client.ask("PATCH", change, json={"content": "bye"}, authorization=None)
            silent = await client.ask("POST", bare, json=MESSAGE, authorization=None)
            kept = [each.as_kept() for each in client.service.state.announcements.values()]

            assert [200, 200, 204] == [made.status, changed_.status, silent.status]
            assert made.json["id"] == changed_.json["id"]
            assert [["hello", "bye"], ["hello"]] == [each["said"] for each in kept]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("message", "status", "code"),
    [
        ({**MESSAGE, "content": "x" * 2_001}, 400, 50035),
        ({"content": ""}, 400, 50006),
        ({**MESSAGE, "allowed_mentions": {"parse": ["all"]}}, 400, 50035),
        ({**MESSAGE, "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, 400, 50035),
        ({**MESSAGE, "allowed_mentions": []}, 400, 50035),
        ({**MESSAGE, "flags": 1}, 400, 50035),
        ({"embeds": [{"title": "x" * 257}]}, 400, 50035),
        ({"embeds": [{"description": "x" * 4_097}]}, 400, 50035),
        ({"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}, 400, 50035),
        ({"embeds": [{"fields": [{"name": "n", "value": "v" * 1_025}]}]}, 400, 50035),
        ({"embeds": [{"description": "x" * 4_000}] * 2}, 400, 50035),
        ({"embeds": [{"title": "x"}] * 11}, 400, 50035),
    ],
)
def test_discord_s_limits(message: Any, status: int, code: int) -> None:
    """Those of messages and embeds, and what may be said of mentions."""

    async def scenario() -> None:
        async with discord() as client:
            found = await client.ask("POST", await _hook(client), json=message, authorization=None)

            assert (status, code) == (found.status, found.json["code"])

    asyncio.run(scenario())


def test_discord_has_no_such_webhook_or_message() -> None:
    """Another end of the address, a webhook that was removed, a message of another's."""

    async def scenario() -> None:
        async with discord() as client:
            hook, other = await _hook(client, ""), await _hook(client, "")
            made = await client.ask("POST", f"{hook}?wait=true", json=MESSAGE, authorization=None)
            asked = [
                ("PATCH", f"{other}/messages/{made.json['id']}"),
                ("PATCH", f"{hook}/messages/1"),
                ("POST", f"{hook}x"),
                ("DELETE", hook),
                ("POST", hook),
            ]
            found = [await client.ask(*each, json=MESSAGE, authorization=None) for each in asked]

            assert [10008, 10008, 50027, None, 10015] == [each.json and each.json["code"] for each in found]

    asyncio.run(scenario())


INCIDENT: dict[str, Any] = {"name": "n", "status": "investigating", "body": "b", "component_ids": ["c"]}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"name": ""}, "blank"),
        ({"name": "x" * 256}, "Name is too long"),
        ({"body": "x" * 25_001}, "Body is too long"),
        ({"status": "wondering"}, "Status"),
        ({"impact_override": "huge"}, "Impact"),
        ({"components": {"c": "tired"}}, "Component status"),
        ({"components": {"other": "operational"}}, "Components"),
        ({"component_ids": ["other"]}, "Components"),
        ({"deliver_notifications": "no"}, "notifications"),
        ({"metadata": {"mark": "flat"}}, "Metadata"),
    ],
)
def test_statuspage_s_rules(changes: dict[str, Any], complaint: str) -> None:
    """Its words, its lengths, and the components that there are."""
    with pytest.raises(Unprocessable, match=complaint):
        begun({**INCIDENT, **changes}, "c")
    assert "investigating" == begun(INCIDENT, "c").status


def test_statuspage_mails_unless_it_is_told_not_to() -> None:
    """That is the API's own default, for a drill to trip over."""
    incident = begun(INCIDENT, "c")
    changed(incident, {"status": "identified", "deliver_notifications": False}, "c")
    changed(incident, {"status": "resolved"}, "c")

    assert 2 == incident.mails
    assert ["investigating", "identified", "resolved"] == [each["status"] for each in incident.updates]


def test_statuspage_over_http() -> None:
    """201, 200, 422, 404, 401, 400; past a request a second, over a minute, 420."""

    async def scenario() -> None:
        async with services() as found:
            page = found.statuspage.new_page()
            incident = {**INCIDENT, "component_ids": [page.component]}
            path = f"{found.url}/v1/pages/{page.id}/incidents"

            async def ask(method: str, path: str, body: str, key: str = page.key) -> tuple[int, Any]:
                headers = {"Authorization": f"OAuth {key}"}
                async with found.session.request(method, path, data=body, headers=headers) as answer:
                    return answer.status, await answer.json()

            sent = json.dumps({"incident": {**incident, "components": {page.component: "major_outage"}}})
            status, made = await ask("POST", path, sent)
            more = [
                await ask("PATCH", f"{path}/{made['id']}", json.dumps({"incident": {"status": "resolved"}})),
                await ask("PATCH", f"{path}/{made['id']}", json.dumps({"incident": {"status": "bad"}})),
                await ask("PATCH", f"{path}/none", json.dumps({"incident": {"status": "resolved"}})),
                await ask("POST", path, sent, "another"),
                await ask("POST", path, "{"),
            ]
            listed = await ask("GET", f"{path}?limit=1", "")
            many = [(await ask("GET", f"{path}/{made['id']}", ""))[0] for _ in range(60)]

            assert 201 == status
            assert [200, 422, 404, 401, 400] == [each for each, _ in more]
            assert "major_outage" == page.status
            assert {200, 420} == set(many)
            assert 60 - 6 == many.count(200)
            assert (200, [made["id"]]) == (listed[0], [each["id"] for each in listed[1]])

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "members", [{"kind": "tired"}, {"kind": "slow", "colour": 1}, {}, {"times": 1}], ids=str
)
def test_trouble_that_there_is_not(members: dict[str, Any]) -> None:
    """A test that asks for it is told."""
    with pytest.raises(ValueError, match=r"wanted|argument"):
        Troubles().put("slack", members)
    with pytest.raises(ValueError, match="wanted a service"):
        Troubles().put("email", {"kind": "slow"})
