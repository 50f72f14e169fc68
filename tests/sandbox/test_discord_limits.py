"""The double limits and bans as Discord does, and goes wrong when told to."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from sandbox.discord.faults import ApiFault
from sandbox.discord.limits import GLOBAL, INVALID_LIMIT, INVALID_WINDOW_S, POSTS, READS, Limits
from tests.sandbox.discord_clients import discord


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Now, in seconds."""
        return self.now


def test_answers_carry_the_state_of_their_bucket() -> None:
    """Each request takes one from what remains, in its own bucket."""

    async def scenario() -> None:
        async with discord() as client:
            first = (await client.ask("GET", "/users/@me")).headers
            second = (await client.ask("GET", "/users/@me")).headers
            other = (await client.ask("GET", "/applications/@me")).headers

            assert int(first["X-RateLimit-Limit"]) == READS.limit
            assert int(second["X-RateLimit-Remaining"]) == READS.limit - 2
            assert float(second["X-RateLimit-Reset-After"]) <= READS.per_s
            assert other["X-RateLimit-Bucket"] != first["X-RateLimit-Bucket"]

    asyncio.run(scenario())


def test_a_used_up_bucket_answers_429() -> None:
    """It says how long to wait, in a header and in the body, and that it is the user's own limit."""

    async def scenario() -> None:
        async with discord() as client:
            body = {"content": "hello"}
            answers = [
                await client.ask("POST", client.messages_path, json=body) for _ in range(POSTS.limit + 1)
            ]
            last = answers[-1]

            assert [answer.status for answer in answers[:-1]] == [200] * POSTS.limit
            assert last.status == 429
            assert last.headers["X-RateLimit-Scope"] == "user"
            assert 1 <= int(last.headers["Retry-After"]) <= POSTS.per_s
            assert (last.json["global"], last.json["retry_after"] <= POSTS.per_s) == (False, True)
            assert len(client.service.messages()) == POSTS.limit

    asyncio.run(scenario())


def test_the_global_limit_says_so() -> None:
    """Over all routes there are so many requests a second, whatever the buckets say."""
    limits = Limits(Clock())
    answers = [limits.take_global() for _ in range(GLOBAL.limit + 1)]

    assert answers[:-1] == [None] * GLOBAL.limit
    assert answers[-1] is not None
    assert answers[-1].headers["X-RateLimit-Global"] == "true"


def test_a_bucket_fills_up_again() -> None:
    """After the window the next request passes."""
    clock = Clock()
    limits = Limits(clock)
    for _ in range(POSTS.limit + 1):
        _, exceeded = limits.take("POST /x", POSTS)
    clock.now += POSTS.per_s
    _, later = limits.take("POST /x", POSTS)

    assert exceeded is not None
    assert later is None


@pytest.mark.parametrize(
    ("status", "scope", "counts"), [(401, "", 1), (429, "user", 1), (429, "shared", 0), (404, "", 0)]
)
def test_what_counts_as_invalid(status: int, scope: str, counts: int) -> None:
    """401, 403 and 429 do, except where the limit is shared with others."""
    limits = Limits(Clock())
    limits.count(status, scope)

    assert limits.invalid_requests == counts


def test_invalid_requests_ban_and_are_forgotten() -> None:
    """Ten thousand in ten minutes ban; ten minutes later the ban is over."""
    clock = Clock()
    limits = Limits(clock)
    for _ in range(INVALID_LIMIT):
        limits.count(401)
    banned = limits.banned
    clock.now += INVALID_WINDOW_S + 1

    assert (banned, limits.banned, limits.invalid_requests) == (True, False, 0)


def test_a_banned_address_gets_html() -> None:
    """Even with a good token: Cloudflare's page 1015, not JSON."""

    async def scenario() -> None:
        async with discord() as client:
            for _ in range(INVALID_LIMIT):
                client.service.state.limits.count(401)
            answer = await client.ask("GET", "/users/@me")

            assert answer.status == 429
            assert answer.headers["Content-Type"].startswith("text/html")
            assert "1015" in answer.text

    asyncio.run(scenario())


def test_faults_answer_as_often_as_told() -> None:
    """A fault hits the requests that it names, so many times, and counts as the real answer would."""

    async def scenario() -> None:
        async with discord() as client:
            fault = ApiFault(path="/users/@me$", times=2, status=401, body="no", content_type="text/html")
            client.service.set_faults([fault])
            other = await client.ask("GET", "/gateway/bot")
            hit = [await client.ask("GET", "/users/@me") for _ in range(3)]

            assert other.status == 200
            assert [(answer.status, answer.text == "no") for answer in hit] == [
                (401, True),
                (401, True),
                (200, False),
            ]
            assert client.service.invalid_requests == 2

    asyncio.run(scenario())


def test_a_dropped_connection_is_no_answer() -> None:
    """The client sees the connection end, and the double goes on."""

    async def scenario() -> None:
        async with discord() as client:
            client.service.set_faults([ApiFault(method="POST", path="/messages", drop=True)])
            with pytest.raises(aiohttp.ClientError):
                await client.ask("POST", client.messages_path, json={"content": "hello"})

            assert (await client.ask("GET", "/users/@me")).status == 200

    asyncio.run(scenario())
