"""The doubles of Slack's and Discord's webhooks and of Statuspage: they refuse what the real ones refuse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from sandbox.channels.slack import Hook, Slack
from sandbox.channels.statuspage import Statuspage
from sandbox.discord.incoming import new_webhook
from tests.sandbox.discord_clients import discord


@dataclass
class Services:
    """Slack and Statuspage on one listener of their own."""

    session: aiohttp.ClientSession
    slack: Slack = field(default_factory=Slack)
    statuspage: Statuspage = field(default_factory=Statuspage)
    url: str = ""

    async def post(self, path: str, body: str) -> tuple[int, str]:
        """What Slack says to a body."""
        async with self.session.post(f"{self.url}/slack{path}", data=body) as answer:
            return answer.status, await answer.text()

    async def get(self, path: str, key: str) -> tuple[int, Any]:
        """What Statuspage says to a read."""
        headers = {"Authorization": f"OAuth {key}"} if key else {}
        async with self.session.get(f"{self.url}/v1{path}", headers=headers) as answer:
            return answer.status, await answer.json()


@asynccontextmanager
async def services() -> AsyncIterator[Services]:
    """Both doubles without the rest of the sandbox."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        found, app = Services(session), web.Application()
        found.slack.bind(app, "/slack")
        found.statuspage.bind(app, "/v1")
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield found
        finally:
            await runner.cleanup()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"text": "hello"}', (200, "ok")),
        ('{"blocks": [{"type": "divider"}]}', (200, "ok")),
        ("{}", (400, "no_text")),
        ('{"text": ""}', (400, "no_text")),
        ('{"username": "bot"}', (400, "no_text")),
        ("text", (400, "invalid_payload")),
        ("[]", (400, "invalid_payload")),
        ("", (400, "invalid_payload")),
    ],
)
def test_slack_takes_messages_only(body: str, expected: tuple[int, str]) -> None:
    """With its words as plain text; everything that came is kept, with what was said to it."""

    async def scenario() -> None:
        async with services() as found:
            hook = found.slack.new_hook()

            assert expected == await found.post(hook.path, body)
            kept = {"service": hook.service, "body": body, "answer": expected[1], "acts": []}
            assert [kept] == [*found.slack.received]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("no_service", 404),
        ("channel_not_found", 404),
        ("action_prohibited", 403),
        ("channel_is_archived", 410),
    ],
)
def test_a_hook_of_slack_s_that_takes_nothing(condition: str, status: int) -> None:
    """Neither a message nor what is none."""

    async def scenario() -> None:
        async with services() as found:
            hook = found.slack.new_hook(condition)

            assert (status, condition) == await found.post(hook.path, '{"text": "hello"}')
            assert (status, condition) == await found.post(hook.path, "{}")

    asyncio.run(scenario())


def test_slack_knows_its_own_hooks_only() -> None:
    """Another workspace, another webhook, and another end of the address are told apart."""

    async def scenario() -> None:
        async with services() as found:
            hook = found.slack.new_hook()
            others = (
                Hook("T0", hook.service, hook.token),
                Hook(hook.team, "B0", hook.token),
                Hook(hook.team, hook.service, "x"),
            )

            assert [(404, "no_team"), (404, "no_service"), (403, "invalid_token")] == [
                await found.post(other.path, '{"text": "hello"}') for other in others
            ]

    asyncio.run(scenario())


def test_slack_has_no_such_condition() -> None:
    """A test that asks for one is told."""
    with pytest.raises(ValueError, match="found tired"):
        Slack().new_hook("tired")


def test_statuspage_shows_a_page_and_its_component_to_its_key() -> None:
    """What it has not is not found; a page of another key is not either."""

    async def scenario() -> None:
        async with services() as found:
            page, other = found.statuspage.new_page(), found.statuspage.new_page()
            paths = (f"/pages/{page.id}", f"/pages/{page.id}/components/{page.component}")
            shown = [await found.get(path, page.key) for path in paths]

            assert [(200, page.id), (200, page.component)] == [(status, body["id"]) for status, body in shown]
            assert (404, {"error": "Not found"}) == await found.get(f"{paths[0]}/components/x", page.key)
            assert (404, {"error": "Not found"}) == await found.get(paths[0], other.key)

    asyncio.run(scenario())


@pytest.mark.parametrize("key", ["", "nobody-has-it"])
def test_statuspage_refuses_who_has_no_key(key: str) -> None:
    """Whatever they ask for; what was asked is kept, without a key."""

    async def scenario() -> None:
        async with services() as found:
            path = f"/pages/{found.statuspage.new_page().id}"

            assert (401, {"error": "Could not authenticate"}) == await found.get(path, key)
            assert [{"asked": f"GET /v1{path}", "answer": 401}] == [*found.statuspage.received]

    asyncio.run(scenario())


def test_discord_shows_a_webhook_to_who_knows_its_address() -> None:
    """No bot token is needed; another id is gone, another token is refused."""

    async def scenario() -> None:
        async with discord() as client:
            webhook = new_webhook(client.service.state)
            paths = (f"{webhook.id}/{webhook.token}", f"{webhook.id}/another", f"1/{webhook.token}")
            found = [await client.ask("GET", f"/webhooks/{path}", authorization=None) for path in paths]

            assert [(200, None), (401, 50027), (404, 10015)] == [
                (each.status, each.json.get("code")) for each in found
            ]
            assert (webhook.id, 1) == (found[0].json["id"], found[0].json["type"])
            assert [] == client.service.unknown_requests

    asyncio.run(scenario())
