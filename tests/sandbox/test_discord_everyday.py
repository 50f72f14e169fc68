"""What bots ask of Discord beside their replies: roles, direct messages, threads, edits, other versions."""

from __future__ import annotations

import asyncio

import pytest

from tests.sandbox.discord_clients import Client, discord

_MEMBER = "/guilds/100000000000000002/members/100000000000000004"
_ROLE = f"{_MEMBER}/roles/100000000000000005"


async def _posted(client: Client, content: str = "one") -> str:
    """The path of a message that was just posted."""
    made = await client.ask("POST", client.messages_path, json={"content": content})
    return f"{client.messages_path}/{made.json['id']}"


def test_a_role_is_given_and_taken() -> None:
    """The member has it in between, and the server knows it."""

    async def scenario() -> None:
        async with discord() as client:
            given = await client.ask("PUT", _ROLE)
            between = (await client.ask("GET", _MEMBER)).json
            roles = (await client.ask("GET", "/guilds/100000000000000002/roles")).json
            taken = await client.ask("DELETE", _ROLE)
            after = (await client.ask("GET", _MEMBER)).json

            assert [204, 204] == [given.status, taken.status]
            assert ["100000000000000005"] == between["roles"]
            assert "100000000000000005" in {role["id"] for role in roles}
            assert [] == after["roles"]
            assert [] == client.service.unknown_requests

    asyncio.run(scenario())


def test_a_role_that_is_no_id_is_refused() -> None:
    """With the member that is wrong."""

    async def scenario() -> None:
        async with discord() as client:
            answer = await client.ask("PUT", f"{_MEMBER}/roles/admin")

            assert (400, 50035) == (answer.status, answer.json["code"])

    asyncio.run(scenario())


def test_a_direct_message() -> None:
    """It goes to a channel that is opened for it, and to no other."""

    async def scenario() -> None:
        async with discord() as client:
            opened = await client.ask("POST", "/users/@me/channels", json={"recipient_id": "4"})
            path = f"/channels/{opened.json['id']}/messages"
            sent = await client.ask("POST", path, json={"content": "hello"})
            nobody = await client.ask("POST", "/users/@me/channels", json={})

            assert (1, 200) == (opened.json["type"], sent.status)
            assert ["hello"] == [each["content"] for each in (await client.ask("GET", path)).json]
            assert [] == (await client.ask("GET", client.messages_path)).json
            assert 400 == nobody.status

    asyncio.run(scenario())


def test_a_message_is_edited_and_removed() -> None:
    """What the edit does not name stays; what is removed is not there any more."""

    async def scenario() -> None:
        async with discord() as client:
            path = await _posted(client)
            await client.ask("PATCH", path, json={"content": "two"})
            edited = (await client.ask("GET", path)).json
            removed = await client.ask("DELETE", path)
            gone = await client.ask("GET", path)

            assert "two" == edited["content"]
            assert 204 == removed.status
            assert (404, 10008) == (gone.status, gone.json["code"])

    asyncio.run(scenario())


@pytest.mark.parametrize("what", ["reactions/%F0%9F%94%A5/@me", "pins"])
def test_reactions_and_pins(what: str) -> None:
    """Of a message that is there; of another one they are refused."""

    async def scenario() -> None:
        async with discord() as client:
            path = await _posted(client)
            channel, _, message = path.rpartition("/messages/")
            there = f"{path}/{what}" if what != "pins" else f"{channel}/pins/{message}"
            answers = [await client.ask("PUT", each) for each in (there, there.replace(message, "7"))]

            assert [204, 404] == [answer.status for answer in answers]

    asyncio.run(scenario())


def test_a_thread() -> None:
    """It is a channel that can be posted to; one without a name is none."""

    async def scenario() -> None:
        async with discord() as client:
            path = await _posted(client)
            made = await client.ask("POST", f"{path}/threads", json={"name": "more"})
            sent = await client.ask("POST", f"/channels/{made.json['id']}/messages", json={"content": "x"})
            nameless = await client.ask("POST", f"{path}/threads", json={})

            assert (201, 200, 400) == (made.status, sent.status, nameless.status)

    asyncio.run(scenario())


def test_follow_ups_are_edited_and_removed() -> None:
    """Each by its id; the first answer goes by its own name."""

    async def scenario() -> None:
        async with discord() as client:
            interaction = client.service.state.interactions.begin({})
            interaction.acknowledge({"type": 4, "data": {"content": "first"}})
            hook = f"/webhooks/{client.service.credentials.application_id}/{interaction.token}"
            made = await client.ask("POST", hook, json={"content": "second"})
            path = f"{hook}/messages/{made.json['id']}"
            edited = await client.ask("PATCH", path, json={"content": "third"})
            shown = await client.ask("GET", path)
            removed = [await client.ask("DELETE", each) for each in (path, f"{hook}/messages/@original")]
            gone = [await client.ask("GET", each) for each in (path, f"{hook}/messages/@original")]

            assert ["third", "third"] == [edited.json["content"], shown.json["content"]]
            assert [204, 204] == [answer.status for answer in removed]
            assert [404, 404] == [answer.status for answer in gone]

    asyncio.run(scenario())


def test_one_command_is_changed_and_removed() -> None:
    """Under its id, which stays."""

    async def scenario() -> None:
        async with discord() as client:
            made = await client.ask("POST", client.commands_path, json={"name": "old", "description": "x"})
            path = f"{client.commands_path}/{made.json['id']}"
            await client.ask("PATCH", path, json={"name": "new"})
            listed = (await client.ask("GET", client.commands_path)).json
            removed = await client.ask("DELETE", path)

            assert [("new", made.json["id"])] == [(each["name"], each["id"]) for each in listed]
            assert 204 == removed.status
            assert [] == (await client.ask("GET", client.commands_path)).json

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [("/api/users/@me", 200, None), ("/api/v8/users/@me", 200, None), ("/api/v5/users/@me", 400, 50041)],
)
def test_versions_of_the_api(path: str, status: int, code: int | None) -> None:
    """Old ones are taken still, and so is none; those that are gone are refused."""

    async def scenario() -> None:
        async with discord() as client:
            root = client.service.rest_url.removesuffix("/api/v10")
            token = client.service.credentials.token
            answer = await client.get(f"{root}{path}", authorization=f"Bot {token}")

            assert (status, code) == (answer.status, answer.json.get("code"))
            assert [] == client.service.unknown_requests

    asyncio.run(scenario())


def test_what_discord_does_not_have_either() -> None:
    """A bot that asks for it is wrong, and hears what it would hear from Discord."""

    async def scenario() -> None:
        async with discord() as client:
            answer = await client.ask("GET", "/chanels/100000000000000001")

            assert (404, "404: Not Found") == (answer.status, answer.json["message"])
            assert [] == client.service.unknown_requests

    asyncio.run(scenario())
