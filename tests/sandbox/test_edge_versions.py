"""Deployments: which version serves whom, and how one follows another."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial

import aiohttp

from tests.sandbox.edge_stage import WORKER, Stage, on_stage, script, until

_CLIENTS = 4
_SWITCHES = 5
_ROUND = 20


async def _ask_on(stage: Stage, seen: Counter[str], enough: asyncio.Event, *, post: bool) -> None:
    """Ask until it is enough; what goes wrong is counted under its own name."""
    async with aiohttp.ClientSession() as client:
        while not enough.is_set():
            try:
                async with client.request(
                    "POST" if post else "GET", f"{stage.url}/echo", data=b"x" * post
                ) as answer:
                    found = await answer.json() if answer.status == 200 else {"version": str(answer.status)}
            except aiohttp.ClientError as error:
                found = {"version": repr(error)}
            seen[found["version"]] += 1


def _reached(seen: Counter[str], goal: int) -> bool:
    return seen.total() >= goal


async def _serves(stage: Stage, version: str) -> bool:
    return await stage.version() == version


def test_switching_loses_no_request() -> None:
    """Four clients ask all the time while versions follow each other; each gets only good answers."""
    versions = [f"v{number}" for number in range(_SWITCHES + 1)]

    async def play(stage: Stage) -> None:
        seen: Counter[str] = Counter()
        enough = asyncio.Event()
        clients = [
            asyncio.create_task(_ask_on(stage, seen, enough, post=number % 2 == 1))
            for number in range(_CLIENTS)
        ]
        url = stage.url
        for version in versions[1:]:
            goal = seen.total() + _ROUND
            await until(partial(_reached, seen, goal))
            await stage.deploy((script(version), 100))
            assert await stage.version() == version
        enough.set()
        await asyncio.gather(*clients)

        assert set(seen) <= set(versions)
        assert len(seen) >= _SWITCHES
        assert stage.url == url
        assert stage.edge.live(WORKER) == [(versions[-1], 100)]

    on_stage(play, script(versions[0]))


def test_requests_in_flight_end_on_the_version_that_they_began_on() -> None:
    """The old version is drained, and its background work too, before its process ends."""

    async def play(stage: Stage) -> None:
        waiting = asyncio.create_task(stage.get("/wait"))
        assert await stage.get("/later") == (200, "now")
        for _ in range(2):
            await stage.outside.calls.acquire()
        tail = stage.edge.tails.open(WORKER)
        await stage.deploy((script("new"), 100))
        stage.outside.release.set()

        assert await waiting == (200, "old")
        ended = [await anext(tail), await anext(tail)]
        assert {event["scriptVersion"]["id"] for event in ended} == {"old"}
        assert {event["outcome"] for event in ended} == {"ok"}

    on_stage(play, script("old"))


def test_a_split_sends_each_version_its_part() -> None:
    """About nine of ten requests; a version at 0 % gets none."""

    async def play(stage: Stage) -> None:
        await stage.deploy((script("a"), 90), (script("b"), 10), (script("zero"), 0))
        seen = Counter([await stage.version() for _ in range(150)])

        assert set(seen) == {"a", "b"}
        assert seen["a"] > 4 * seen["b"]

    on_stage(play)


def test_an_override_reaches_any_version_of_the_deployment() -> None:
    """Also one at 0 %; another worker's name or an unknown version is ignored without a word."""

    async def play(stage: Stage) -> None:
        await stage.deploy((script("all"), 100), (script("zero"), 0))

        async def asked(wish: str) -> str:
            return await stage.version(Cloudflare_Workers_Version_Overrides=wish)

        assert await asked('bot="zero"') == "zero"
        assert await asked('other="x", bot="zero"') == "zero"
        assert await asked('bot="nowhere"') == "all"
        assert await asked('other="zero"') == "all"
        assert await asked("bot=zero;;") == "all"

    on_stage(play)


def test_a_key_pins_a_client_to_one_version() -> None:
    """The same key always meets the same version, and keys are spread over all of them."""

    async def play(stage: Stage) -> None:
        await stage.deploy((script("a"), 50), (script("b"), 50))
        pinned = {}
        for number in range(12):
            key = f"client-{number}"
            answers = {await stage.version(Cloudflare_Workers_Version_Key=key) for _ in range(3)}
            assert len(answers) == 1
            pinned[key] = answers.pop()

        assert set(pinned.values()) == {"a", "b"}

    on_stage(play)


def test_a_deployment_takes_its_time_to_propagate() -> None:
    """It is accepted at once and served later."""

    async def play(stage: Stage) -> None:
        stage.edge.set_conditions(propagation_s=0.4)
        await stage.deploy((script("new"), 100))

        assert stage.edge.live(WORKER) == [("old", 100)]
        assert await stage.version() == "old"
        await until(partial(_serves, stage, "new"))

    on_stage(play, script("old"))


def test_a_newer_deployment_supersedes_one_on_its_way() -> None:
    """What was overtaken never serves."""

    async def play(stage: Stage) -> None:
        stage.edge.set_conditions(propagation_s=0.3)
        await stage.deploy((script("overtaken"), 100))
        stage.edge.set_conditions(propagation_s=0.6)
        await stage.deploy((script("newest"), 100))
        seen = set()
        while "newest" not in seen:
            seen.add(await stage.version())
            await asyncio.sleep(0.02)

        assert seen == {"old", "newest"}

    on_stage(play, script("old"))


def test_a_removed_worker_keeps_its_address() -> None:
    """Nothing is served there until it is deployed again."""

    async def play(stage: Stage) -> None:
        url = stage.url
        await stage.edge.remove(WORKER)

        assert stage.edge.url(WORKER) is None
        assert stage.edge.live(WORKER) == []
        async with stage.client.get(url) as answer:
            assert answer.status == 404
        await stage.deploy((script("again"), 100))
        assert stage.url == url

    on_stage(play, script("old"))
