"""The two bots answer as the suites expect of a good bot."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from sandbox.discord.signing import SIGNATURE_HEADER, TIMESTAMP_HEADER, badly_signed_headers, signed_headers
from tests.sandbox.bot_peers import PROTECTION, peer_of
from tests.sandbox.bot_workers import BOTS, REFERENCE, Bot

_PROFILE = "https://rocketleague.tracker.network/rocket-league/profile/steam/76561198000000000/overview"


def _register(channel: str, *values: object, name: str = "register") -> dict[str, Any]:
    options = [{"name": f"tracker{at}", "type": 3, "value": value} for at, value in enumerate(values, 1)]
    return {"type": 2, "channel_id": channel, "data": {"name": name, "type": 1, "options": options}}


@pytest.mark.parametrize("bot", BOTS, ids=lambda bot: bot.name)
def test_signed_requests_are_answered(bot: Bot, tmp_path: Path) -> None:
    """PING gets PONG in any spelling of the signature, junk 400; nothing of it is a server error."""

    async def scenario() -> None:
        async with peer_of(bot, tmp_path) as peer:
            ping = b'{"type": 1}'
            good = signed_headers(peer.service.credentials.signing_key, ping)
            other = b'{"type":1}'
            lower = signed_headers(peer.service.credentials.signing_key, other)
            upper = {**lower, SIGNATURE_HEADER: lower[SIGNATURE_HEADER].upper()}
            pongs = [await peer.post(ping, good), await peer.post(other, upper)]
            junk = [
                await peer.signed(body)
                for body in (b"not json", b"", b"[]", b"null", b'{"type": 99}', b"\xff")
            ]

            assert [(answer.status, json.loads(answer.text)) for answer in pongs] == [(200, {"type": 1})] * 2
            assert all(answer.headers["Content-Type"].startswith("application/json") for answer in pongs)
            if bot is REFERENCE:
                assert [answer.status for answer in junk] == [400] * len(junk)
            assert all(400 <= answer.status < 500 for answer in junk)

    asyncio.run(scenario())


def test_the_reference_bot_takes_a_request_once(tmp_path: Path) -> None:
    """A genuine request that is sent again is refused."""

    async def scenario() -> None:
        async with peer_of(REFERENCE, tmp_path) as peer:
            ping = b'{"type": 1}'
            good = signed_headers(peer.service.credentials.signing_key, ping)

            assert [(await peer.post(ping, good)).status for _ in range(2)] == [200, 401]

    asyncio.run(scenario())


def _bad_signatures(good: Mapping[str, str], ping: bytes) -> dict[str, dict[str, str]]:
    signature, timestamp = good[SIGNATURE_HEADER], good[TIMESTAMP_HEADER]
    changed = {
        "63 bytes": signature[:-2],
        "65 bytes": signature + "00",
        "odd length": signature[:-1],
        "not hex": "zz" + signature[2:],
        "lenient hex": "0x" + signature,
        "zeros": "0" * 128,
        "small order": "01" + "0" * 126,
        "empty": "",
        "twice": f"{signature}, {signature}",
    }
    cases = {name: {**good, SIGNATURE_HEADER: value} for name, value in changed.items()}
    return cases | {
        "none": {},
        "no signature": {TIMESTAMP_HEADER: timestamp},
        "no timestamp": {SIGNATURE_HEADER: signature},
        "empty timestamp": {**good, TIMESTAMP_HEADER: ""},
        "other timestamp": {**good, TIMESTAMP_HEADER: str(int(timestamp) - 1)},
        "wrong key": badly_signed_headers(ping),
    }


@pytest.mark.parametrize("bot", BOTS, ids=lambda bot: bot.name)
def test_bad_signatures_are_rejected(bot: Bot, tmp_path: Path) -> None:
    """Forged, of the wrong length, malformed or absent: always 401, and never 500."""

    async def scenario() -> None:
        async with peer_of(bot, tmp_path) as peer:
            ping = b'{"type": 1}'
            good = signed_headers(peer.service.credentials.signing_key, ping)
            cases = _bad_signatures(good, ping)
            found = {name: (await peer.post(ping, headers)).status for name, headers in cases.items()}
            found["other body"] = (await peer.post(b'{"type": 2}', good)).status
            found["white space"] = (await peer.post(b'{"type":1}', good)).status
            found["unsigned empty"] = (await peer.post(b"", {})).status

            assert found == dict.fromkeys(found, 401)

    asyncio.run(scenario())


@pytest.mark.parametrize("bot", BOTS, ids=lambda bot: bot.name)
def test_discord_accepts_the_endpoint(bot: Bot, tmp_path: Path) -> None:
    """Discord's own validation of an interactions address passes."""

    async def scenario() -> None:
        async with peer_of(bot, tmp_path) as peer:
            change = {"interactions_endpoint_url": peer.url + bot.interactions}
            answer = await peer.client.ask("PATCH", "/applications/@me", json=change)

            assert answer.status == 200

    asyncio.run(scenario())


@pytest.mark.parametrize("bot", BOTS, ids=lambda bot: bot.name)
def test_every_kind_of_answer_is_protected(bot: Bot, tmp_path: Path) -> None:
    """200, 401, 404 and 405 carry the required headers, and a 405 says what is allowed."""

    async def scenario() -> None:
        async with peer_of(bot, tmp_path) as peer:
            answers = {
                200: await peer.ask("GET", bot.health),
                401: await peer.post(b"{}", {}),
                404: await peer.ask("GET", "/nothing/here"),
                405: await peer.ask("PUT", bot.interactions),
                400: await peer.signed(b"junk"),
            }
            bare = [
                (status, name)
                for status, one in answers.items()
                for name in PROTECTION
                if name not in one.headers
            ]

            assert {status: answer.status for status, answer in answers.items()} == {
                each: each for each in answers
            }
            assert bare == []
            assert "POST" in answers[405].headers["Allow"]

    asyncio.run(scenario())


def test_the_reference_bot_tells_its_health(tmp_path: Path) -> None:
    """Status, a timestamp of now, checks, environment and version; HEAD and OPTIONS fit to it."""

    async def scenario() -> None:
        async with peer_of(REFERENCE, tmp_path) as peer:
            answer = await peer.ask("GET", "/")
            head, options = await peer.ask("HEAD", "/"), await peer.ask("OPTIONS", "/")
            health = json.loads(answer.text)

            assert (health["status"], health["environment"], health["version"]) == (
                "healthy",
                "test",
                "version-1",
            )
            assert set(health["checks"].values()) == {"ok"}
            assert health["timestamp"].startswith(time.strftime("%Y-%m-%dT", time.gmtime()))
            assert (head.status, head.text) == (200, "")
            assert (options.status, "GET" in options.headers["Allow"]) == (204, True)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("name", "value", "check", "found"),
    [
        ("DISCORD_TOKEN", None, "discord_token", "missing"),
        ("DISCORD_PUBLIC_KEY", None, "discord_public_key", "missing"),
        ("DISCORD_PUBLIC_KEY", "short", "discord_public_key", "malformed"),
        ("DISCORD_APPLICATION_ID", "", "discord_application_id", "missing"),
        ("REGISTER_CHANNEL_ID", None, "register_channel", "missing"),
    ],
)
def test_the_reference_bot_misses_what_is_missing(
    name: str, value: str | None, check: str, found: str, tmp_path: Path
) -> None:
    """503 and unhealthy, and the check says which; interactions never end in a stack trace."""

    async def scenario() -> None:
        async with peer_of(REFERENCE, tmp_path, changed={name: value}) as peer:
            answer = await peer.ask("GET", "/")
            health = json.loads(answer.text)
            ping = await peer.signed(b'{"type": 1}')

            assert (answer.status, health["status"], health["checks"][check]) == (503, "unhealthy", found)
            assert ping.status == (503 if name == "DISCORD_PUBLIC_KEY" else 200)

    asyncio.run(scenario())


def test_register_answers_and_posts(tmp_path: Path) -> None:
    """The user is told at once and alone; the profile appears in the channel."""

    async def scenario() -> None:
        async with peer_of(REFERENCE, tmp_path) as peer:
            reply = await peer.interact(_register(peer.service.credentials.channel, _PROFILE))
            posted = await _until(peer.service.messages)

            assert (reply["type"], reply["data"]["flags"]) == (4, 64)
            assert "Registration received" in reply["data"]["content"]
            assert _PROFILE in posted["content"]

    asyncio.run(scenario())


async def _until(kept: Callable[[], list[dict[str, Any]]]) -> dict[str, Any]:
    """The one thing that is kept, once it has arrived."""
    async with asyncio.timeout(5):
        while not kept():  # noqa: ASYNC110 - the double is looked at from outside
            await asyncio.sleep(0.02)
    (one,) = kept()
    return one


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ((), "at least tracker1"),
        (("https://example.org/rocket-league/profile/steam/1",), "not a Rocket League tracker profile"),
        (("javascript:alert(1)",), "not a Rocket League tracker profile"),
        ((_PROFILE, 7), "tracker2 is not"),
        ((_PROFILE, _PROFILE), "tracker2 is given twice"),
        ((_PROFILE,) * 5, "twice"),
    ],
)
def test_register_says_what_is_wrong(values: tuple[object, ...], says: str, tmp_path: Path) -> None:
    """A private message, and nothing is posted."""

    async def scenario() -> None:
        async with peer_of(REFERENCE, tmp_path) as peer:
            reply = await peer.interact(_register(peer.service.credentials.channel, *values))

            assert (reply["type"], reply["data"]["flags"]) == (4, 64)
            assert says in reply["data"]["content"]
            assert peer.service.messages() == []

    asyncio.run(scenario())


def test_other_interactions_of_the_reference_bot(tmp_path: Path) -> None:
    """A wrong channel, an unknown command, a button, a form and typing each get a valid answer."""

    async def scenario() -> None:
        async with peer_of(REFERENCE, tmp_path) as peer:
            channel = peer.service.credentials.channel
            wrong = await peer.interact(_register("200000000000000002", _PROFILE))
            unknown = await peer.interact(_register(channel, name="toString"))
            button = await peer.interact({"type": 3, "data": {"custom_id": "x", "component_type": 2}})
            typing = await peer.interact({"type": 4, "data": {"name": "register"}})
            form = await peer.interact({"type": 5, "data": {"custom_id": "x"}})

            assert f"<#{channel}>" in wrong["data"]["content"]
            assert "do not know" in unknown["data"]["content"]
            assert [one["type"] for one in (wrong, unknown, button, typing, form)] == [4, 4, 4, 8, 4]
            assert peer.service.messages() == []

    asyncio.run(scenario())


def test_limits_of_the_reference_bot(tmp_path: Path) -> None:
    """Another content type, an oversize body and a stale timestamp are refused, protected like the rest."""

    async def scenario() -> None:
        async with peer_of(REFERENCE, tmp_path) as peer:
            seed = peer.service.credentials.signing_key
            big = b'{"type": 1, "x": "' + b"x" * 300_000 + b'"}'
            oversize = await peer.signed(big)
            other = await peer.ask(
                "POST", "/", b"{}", {"content-type": "text/plain", **signed_headers(seed, b"{}")}
            )

            assert [oversize.status, other.status] == [413, 415]
            assert all(name in one.headers for one in (oversize, other) for name in PROTECTION)

    asyncio.run(scenario())


def test_the_rate_limit_spares_discord(tmp_path: Path) -> None:
    """Over the limit others get 429 and are told when to come back; what Discord signed is still served."""

    async def scenario() -> None:
        async with peer_of(REFERENCE, tmp_path, changed={"RATE_LIMIT_PER_MINUTE": "3"}) as peer:
            looks = [await peer.ask("GET", "/") for _ in range(4)]
            forged = await peer.post(b"{}", {})
            ping = await peer.signed(b'{"type": 1}')

            assert [answer.status for answer in looks] == [200, 200, 200, 429]
            assert 1 <= int(looks[-1].headers["Retry-After"]) <= 60
            assert all(name in looks[-1].headers for name in PROTECTION)
            assert (forged.status, ping.status) == (429, 200)

    asyncio.run(scenario())


def test_the_second_bots_commands(tmp_path: Path) -> None:
    """One answers directly; one is deferred and followed up at Discord."""

    async def scenario() -> None:
        async with peer_of(BOTS[1], tmp_path) as peer:
            direct = await peer.interact({"type": 2, "data": {"name": "ping"}})
            deferred = await peer.interact({"type": 2, "data": {"name": "slowping"}, "token": "abc"})
            await _until(peer.service.followups)

            assert (direct["type"], direct["data"]["content"]) == (4, "Pong!")
            assert deferred == {"type": 5}
            assert [one["content"] for one in peer.service.followups()] == ["Pong, at last."]
            assert peer.service.unknown_requests == []

    asyncio.run(scenario())
