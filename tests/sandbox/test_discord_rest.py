"""The double of Discord's REST API answers, keeps and refuses as Discord does."""

from __future__ import annotations

import asyncio
import base64

import pytest

from tests.sandbox.discord_clients import discord

_REGISTER = {"name": "register", "description": "Registers trackers"}


def test_credentials_are_shaped_like_real_ones() -> None:
    """A token starts with its application's id in base64, as redaction and clients expect."""

    async def scenario() -> None:
        async with discord() as client:
            credentials = client.service.credentials
            owner, time, signature = credentials.token.split(".")

            assert base64.b64decode(owner + "==").decode() == credentials.application_id
            assert (len(time), len(signature)) == (6, 38)
            assert len(bytes.fromhex(credentials.public_key)) == 32
            assert credentials.token not in repr(credentials)

    asyncio.run(scenario())


@pytest.mark.parametrize("path", ["/applications/@me", "/users/@me", "/gateway/bot"])
def test_reads_need_the_token(path: str) -> None:
    """The right token is accepted; a wrong one, a bare one and none are refused alike."""

    async def scenario() -> None:
        async with discord() as client:
            token = client.service.credentials.token
            good = await client.ask("GET", path)
            bad = [await client.ask("GET", path, authorization=value) for value in (token, "Bot x", None)]

            assert good.status == 200
            assert [answer.status for answer in bad] == [401, 401, 401]
            assert bad[0].json == {"message": "401: Unauthorized", "code": 0}
            assert client.service.invalid_requests == 3

    asyncio.run(scenario())


def test_the_application_shows_the_key_that_verifies() -> None:
    """`verify_key` is the public half of the key that signs."""

    async def scenario() -> None:
        async with discord() as client:
            shown = (await client.ask("GET", "/applications/@me")).json

            assert shown["verify_key"] == client.service.credentials.public_key
            assert shown["id"] == client.service.credentials.application_id
            assert shown["interactions_endpoint_url"] is None

    asyncio.run(scenario())


def test_a_client_without_user_agent_is_blocked() -> None:
    """Discord's firewall turns it away before any token is looked at."""

    async def scenario() -> None:
        async with discord() as client:
            answer = await client.ask("GET", "/users/@me", user_agent=None)

            assert (answer.status, answer.json["code"]) == (403, 40333)

    asyncio.run(scenario())


def test_posted_messages_are_kept() -> None:
    """What a bot posts can be read back by it and by the test, newest first there and oldest first here."""

    async def scenario() -> None:
        async with discord() as client:
            for content in ("one", "two", "three"):
                await client.ask("POST", client.messages_path, json={"content": content})
            read = await client.ask("GET", f"{client.messages_path}?limit=2")

            assert [message["content"] for message in read.json] == ["three", "two"]
            assert [message["content"] for message in client.service.messages()] == ["one", "two", "three"]
            assert client.service.messages()[0]["channel"] == client.service.credentials.channel

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"content": ""}, 50006),
        ({}, 50006),
        ({"content": "x" * 2001}, 50035),
        ({"content": 7}, 50035),
        (["content"], 50035),
    ],
)
def test_messages_that_discord_would_refuse(body: object, code: int) -> None:
    """They are refused with Discord's code, and nothing is kept."""

    async def scenario() -> None:
        async with discord() as client:
            answer = await client.ask("POST", client.messages_path, json=body)

            assert (answer.status, answer.json["code"]) == (400, code)
            assert client.service.messages() == []

    asyncio.run(scenario())


def test_a_too_long_message_names_the_member() -> None:
    """The path to the wrong member is spelled out under `errors`."""

    async def scenario() -> None:
        async with discord() as client:
            answer = await client.ask("POST", client.messages_path, json={"content": "x" * 2001})

            assert answer.json["errors"]["content"]["_errors"][0]["code"] == "BASE_TYPE_MAX_LENGTH"

    asyncio.run(scenario())


def test_unknown_and_impossible_channels() -> None:
    """An unknown channel is a 404 with its own code; something that is no id is a bad form."""

    async def scenario() -> None:
        async with discord() as client:
            unknown = await client.ask("POST", "/channels/999/messages", json={"content": "hello"})
            impossible = await client.ask("GET", "/channels/general/messages")

            assert (unknown.status, unknown.json["code"]) == (404, 10003)
            assert (impossible.status, impossible.json["code"]) == (400, 50035)

    asyncio.run(scenario())


def test_commands_are_created_replaced_and_listed() -> None:
    """A name is registered once; a bulk write keeps the ids of those that stay and drops the rest."""

    async def scenario() -> None:
        async with discord() as client:
            created = await client.ask("POST", client.commands_path, json=_REGISTER)
            again = await client.ask("POST", client.commands_path, json=_REGISTER)
            await client.ask("POST", client.commands_path, json={"name": "old", "description": "Goes away"})
            await client.ask("PUT", client.commands_path, json=[_REGISTER])
            listed = (await client.ask("GET", client.commands_path)).json

            assert (created.status, again.status) == (201, 200)
            assert [(one["name"], one["id"]) for one in listed] == [("register", created.json["id"])]

    asyncio.run(scenario())


def test_guild_commands_are_apart() -> None:
    """What is registered for a guild is not registered globally."""

    async def scenario() -> None:
        async with discord() as client:
            guild = client.commands_path.replace("/commands", "/guilds/42/commands")
            await client.ask("PUT", guild, json=[_REGISTER])

            assert (await client.ask("GET", client.commands_path)).json == []
            assert (await client.ask("GET", guild)).json[0]["guild_id"] == "42"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("command", "member"),
    [
        ({"description": "No name"}, "name"),
        ({"name": "Upper", "description": "Upper case"}, "name"),
        ({"name": "two words", "description": "A space"}, "name"),
        ({"name": "plain"}, "description"),
        ({"name": "plain", "description": "x" * 101}, "description"),
        ({"name": "plain", "description": "x", "type": 9}, "type"),
        ({"name": "plain", "description": "x", "options": [{}, {"required": True}]}, "options"),
    ],
)
def test_commands_that_discord_would_refuse(command: dict[str, object], member: str) -> None:
    """The wrong member is named, by its index in a bulk write."""

    async def scenario() -> None:
        async with discord() as client:
            answer = await client.ask("PUT", client.commands_path, json=[command])

            assert (answer.status, answer.json["code"]) == (400, 50035)
            assert member in answer.json["errors"]["0"]

    asyncio.run(scenario())


def test_commands_of_another_application_are_refused() -> None:
    """A token opens its own application only."""

    async def scenario() -> None:
        async with discord() as client:
            answer = await client.ask("GET", "/applications/123/commands")

            assert (answer.status, answer.json["code"]) == (403, 20012)

    asyncio.run(scenario())


def test_what_does_not_exist_is_refused_and_kept() -> None:
    """An unknown path and an unknown method of a known one are 501 and can be asked for afterwards."""

    async def scenario() -> None:
        async with discord() as client:
            answers = [
                await client.ask("GET", "/guilds/1/members"),
                await client.ask("DELETE", "/users/@me"),
            ]

            assert [answer.status for answer in answers] == [501, 501]
            assert client.service.unknown_requests == [
                "GET /api/v10/guilds/1/members",
                "DELETE /api/v10/users/@me",
            ]

    asyncio.run(scenario())
