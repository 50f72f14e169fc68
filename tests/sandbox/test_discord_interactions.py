"""The double sends interactions, tests endpoints and takes follow-ups as Discord does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from sandbox.discord.forms import payload_of
from tests.sandbox.discord_clients import Client, discord

Handler = Callable[[web.Request], Awaitable[web.Response]]
_PING = {"type": 1}
_COMMAND = {"type": 2, "data": {"name": "register"}}


@asynccontextmanager
async def _bot(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


def _verifying(client: Client, reply: dict[str, object]) -> Handler:
    """A bot that answers what is signed with the application's key, and 401 to the rest."""
    key = VerifyKey(bytes.fromhex(client.service.credentials.public_key))

    async def handle(request: web.Request) -> web.Response:
        signed = request.headers["X-Signature-Timestamp"].encode() + await request.read()
        try:
            key.verify(signed, bytes.fromhex(request.headers["X-Signature-Ed25519"]))
        except BadSignatureError:
            return web.Response(status=401)
        return web.json_response(reply)

    return handle


def _answering(status: int, text: str) -> Handler:
    async def handle(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=text)

    return handle


def test_an_interaction_is_signed_and_identified() -> None:
    """A bot that verifies accepts it; id, token and application are filled in."""
    seen: list[dict[str, object]] = []

    async def scenario() -> None:
        async with discord() as client:
            verify = _verifying(client, {"type": 4, "data": {"content": "done"}})

            async def handle(request: web.Request) -> web.Response:
                seen.append(json.loads(await request.read()))
                return await verify(request)

            async with _bot(handle) as url:
                delivery = await client.service.interact(url, _COMMAND)

            assert (delivery.status, delivery.problem) == (200, "")
            assert seen[0]["application_id"] == client.service.credentials.application_id
            assert seen[0]["id"]
            assert seen[0]["token"]

    asyncio.run(scenario())


def test_an_answer_that_discord_would_not_accept_is_a_problem() -> None:
    """A wrong status, no JSON, and no answer at all are told apart."""

    async def scenario() -> None:
        async with discord() as client:
            async with _bot(_answering(500, "oops")) as url:
                broken = await client.service.interact(url, _PING)
            async with _bot(_answering(200, "hello")) as url:
                vague = await client.service.interact(url, _PING)
            gone = await client.service.interact(url, _PING)

            assert broken.problem == "status 500 instead of 200"
            assert vague.problem == "the body is not an interaction response"
            assert (gone.status, gone.problem.startswith("no answer")) == (None, True)

    asyncio.run(scenario())


def test_a_reply_with_a_file_is_a_form() -> None:
    """The response stands in one of its fields; a form without it is none."""

    async def handle(request: web.Request) -> web.Response:
        sent = json.loads(await request.read())["data"]["name"]
        body = f'--x\r\nContent-Disposition: form-data; name="{sent}"\r\n\r\n{{"type":4}}\r\n--x--\r\n'
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        return web.Response(body=body.encode(), headers=headers)

    async def scenario() -> None:
        async with discord() as client, _bot(handle) as url:
            good = await client.service.interact(url, {"type": 2, "data": {"name": "payload_json"}})
            vague = await client.service.interact(url, {"type": 2, "data": {"name": "payload"}})

            assert good.problem == ""
            assert vague.problem == "the body is not an interaction response"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "part",
    [
        "Content-Disposition: form-data; name*1*=x; name*=\r\n\r\n{}\r\n",
        "".join(f"Content-Type: multipart/mixed; boundary=b{at}\r\n\r\n--b{at}\r\n" for at in range(2000)),
    ],
)
def test_a_form_that_no_parser_can_follow_holds_nothing(part: str) -> None:
    """It is the bot's fault, and breaks nothing here."""
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    assert "" == payload_of(headers, f"--x\r\n{part}--x--\r\n")


def test_three_seconds_and_no_longer() -> None:
    """A bot that thinks too long has not answered."""

    async def scenario() -> None:
        release = asyncio.Event()

        async def handle(_request: web.Request) -> web.Response:
            await release.wait()
            return web.json_response({"type": 1})

        async with discord() as client, _bot(handle) as url:
            delivery = await client.service.interact(url, _PING)
            release.set()

            assert delivery.status is None
            assert "did not respond within 3 s" in delivery.problem
            assert 2.9 <= delivery.seconds < 6  # the machine may be busy

    asyncio.run(scenario())


def test_a_good_endpoint_is_accepted_and_shown() -> None:
    """One that answers a PING and rejects a bad signature."""

    async def scenario() -> None:
        async with discord() as client, _bot(_verifying(client, {"type": 1})) as url:
            answer = await client.ask("PATCH", "/applications/@me", json={"interactions_endpoint_url": url})
            shown = await client.ask("GET", "/applications/@me")

            assert answer.status == 200
            assert shown.json["interactions_endpoint_url"] == url

    asyncio.run(scenario())


def test_a_pong_may_have_other_members() -> None:
    """Libraries write that there is no data; Discord does not mind."""

    async def scenario() -> None:
        async with discord() as client, _bot(_verifying(client, {"type": 1, "data": None})) as url:
            answer = await client.ask("PATCH", "/applications/@me", json={"interactions_endpoint_url": url})

            assert answer.status == 200

    asyncio.run(scenario())


def test_an_endpoint_that_does_not_verify_is_refused() -> None:
    """It answers PINGs, but the forged one too; the old address stays."""

    async def scenario() -> None:
        async with discord() as client, _bot(_answering(200, '{"type": 1}')) as url:
            answer = await client.ask("PATCH", "/applications/@me", json={"interactions_endpoint_url": url})
            reason = answer.json["errors"]["interactions_endpoint_url"]["_errors"][0]

            assert (answer.status, answer.json["code"]) == (400, 50035)
            assert reason["code"] == "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID"
            assert client.service.state.endpoint_url is None

    asyncio.run(scenario())


def test_a_deferred_reply_is_followed_up() -> None:
    """There is no message to read before the follow-up, and one after it, without a bot token."""

    async def scenario() -> None:
        async with discord() as client:
            async with _bot(_verifying(client, {"type": 5})) as url:
                await client.service.interact(url, {**_COMMAND, "token": "abc"})
            path = f"/webhooks/{client.service.credentials.application_id}/abc"
            before = await client.ask("GET", f"{path}/messages/@original", authorization=None)
            await client.ask("PATCH", f"{path}/messages/@original", json={"content": "late"})
            await client.ask("POST", path, json={"content": "more"}, authorization=None)
            after = await client.ask("GET", f"{path}/messages/@original", authorization=None)

            assert (before.status, before.json["code"]) == (404, 10008)
            assert (after.status, after.json["content"]) == (200, "late")
            assert [one["content"] for one in client.service.followups()] == ["late", "more"]

    asyncio.run(scenario())


def test_a_first_new_message_takes_the_place_of_a_deferred_reply() -> None:
    """As Discord does for old bots; the next one is a message of its own."""

    async def scenario() -> None:
        async with discord() as client:
            async with _bot(_verifying(client, {"type": 5})) as url:
                await client.service.interact(url, {**_COMMAND, "token": "abc"})
            path = f"/webhooks/{client.service.credentials.application_id}/abc"
            for content in ("late", "more"):
                await client.ask("POST", path, json={"content": content}, authorization=None)
            shown = await client.ask("GET", f"{path}/messages/@original", authorization=None)

            assert (shown.status, shown.json["content"]) == (200, "late")

    asyncio.run(scenario())


def test_follow_ups_need_a_living_answered_interaction() -> None:
    """An unknown token and one whose interaction failed are refused alike."""

    async def scenario() -> None:
        async with discord() as client:
            async with _bot(_answering(500, "")) as url:
                await client.service.interact(url, {**_COMMAND, "token": "failed"})
            base = f"/webhooks/{client.service.credentials.application_id}"
            answers = [
                await client.ask("POST", f"{base}/{token}", json={"content": "x"})
                for token in ("unknown", "failed")
            ]

            assert [(answer.status, answer.json["code"]) for answer in answers] == [(404, 10015)] * 2

    asyncio.run(scenario())


def test_the_first_answer_can_come_by_request_once() -> None:
    """A second one is refused as already acknowledged, an unknown interaction as unknown."""

    async def scenario() -> None:
        async with discord() as client:
            client.service.state.interactions.begin({"id": "1", "token": "abc"})
            reply = {"type": 4, "data": {"content": "hello"}}
            first = await client.ask("POST", "/interactions/1/abc/callback", json=reply, authorization=None)
            second = await client.ask("POST", "/interactions/1/abc/callback", json=reply)
            unknown = await client.ask("POST", "/interactions/2/abc/callback", json=reply)

            assert first.status == 204
            assert (second.status, second.json["code"]) == (400, 40060)
            assert (unknown.status, unknown.json["code"]) == (404, 10062)

    asyncio.run(scenario())
