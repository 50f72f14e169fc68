"""A version that uses too much is ended, said to be, and started again."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import psutil
import pytest

from sandbox.edge.limits import Limits
from tests.sandbox.edge_stage import WORKER, Stage, on_stage, script, until

_QUICK = Limits(cpu_s=0.4)


@pytest.mark.parametrize(
    ("path", "outcome"),
    [("/loop", "exceededCpu"), ("/heap", "exceededMemory"), ("/buffers", "exceededMemory")],
)
def test_a_request_beyond_a_limit_ends_alone(path: str, outcome: str) -> None:
    """1102 to its client, one event to the tail, and the next request is served by a new process."""
    limits = _QUICK if outcome == "exceededCpu" else Limits(cpu_s=10)

    async def play(stage: Stage) -> None:
        tail = stage.edge.tails.open(WORKER)
        status, text = await stage.get(path, Cookie="a=b", X_Run="r1")
        event = await anext(tail)
        request = event["event"]["request"]

        assert status == 503
        assert "error code: 1102" in text
        assert event["outcome"] == outcome
        assert event["scriptVersion"] == {"id": "v1"}
        assert (request["method"], request["url"]) == ("GET", stage.url + path)
        assert (request["headers"]["x-run"], request["headers"]["cookie"]) == ("r1", "REDACTED")
        assert await stage.version() == "v1"
        assert (await anext(tail))["outcome"] == "ok"

    on_stage(play, script("v1"), limits=limits)


def test_who_comes_while_a_process_is_stuck_is_served_by_the_next() -> None:
    """Only the request that is stuck fails."""

    async def play(stage: Stage) -> None:
        [process] = [child for child in psutil.Process().children() if child.name() == "workerd"]
        idle = process.cpu_times().user
        stuck = asyncio.create_task(stage.get("/loop"))
        await until(lambda: process.cpu_times().user > idle + 0.3)
        late = [asyncio.create_task(stage.version()) for _ in range(3)]

        assert (await stuck)[0] == 503
        assert await asyncio.gather(*late) == ["v1"] * 3

    on_stage(play, script("v1"), limits=Limits(cpu_s=1))


def test_waiting_is_not_burning() -> None:
    """A request that waits for an answer far longer than the CPU limit is served."""

    async def play(stage: Stage) -> None:
        waiting = asyncio.create_task(stage.get("/wait"))
        await stage.outside.calls.acquire()
        await asyncio.sleep(2 * _QUICK.cpu_s)
        stage.outside.release.set()

        assert await waiting == (200, "v1")

    on_stage(play, script("v1"), limits=_QUICK)


def test_waiting_for_ever_is_a_timeout() -> None:
    """The client hears so, and the version goes on serving."""

    async def play(stage: Stage) -> None:
        status, text = await stage.get("/wait")

        assert status == 524
        assert "error code: 524" in text
        assert await stage.version() == "v1"

    on_stage(play, script("v1"), limits=replace(_QUICK, response_s=1))
