"""Tails show the genuine trace events of workerd, in Cloudflare's shape."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.edge.filters import BadFilter, parse
from sandbox.edge.tails import Tails
from tests.sandbox.edge_stage import WORKER, Stage, on_stage, script

_EVENT: dict[str, Any] = {
    "outcome": "ok",
    "scriptVersion": {"id": "v1"},
    "logs": [{"message": ["hello", {"a": 1}], "level": "log", "timestamp": 1}],
    "exceptions": [{"name": "Error", "message": "boom", "timestamp": 1}],
    "event": {"request": {"method": "GET", "headers": {"x-run": "abc", "cf-connecting-ip": "127.0.0.1"}}},
}


def test_an_event_tells_of_a_request() -> None:
    """Which version served it, how it ended, and what was asked; credentials are not shown."""

    async def play(stage: Stage) -> None:
        tail = stage.edge.tails.open(WORKER)
        await stage.get("/echo?a=1", Authorization="Bearer x", X_Run="r1")
        event = await anext(tail)
        request = event["event"]["request"]

        assert event["scriptName"] == WORKER
        assert event["scriptVersion"] == {"id": "v1"}
        assert (event["outcome"], event["exceptions"], event["logs"]) == ("ok", [], [])
        assert event["executionModel"] == "stateless"
        assert event["truncated"] is False
        assert event["wallTime"] >= 0
        assert (request["method"], request["url"]) == ("GET", f"{stage.url}/echo?a=1")
        assert request["headers"]["x-run"] == "r1"
        assert request["headers"]["authorization"] == "REDACTED"
        assert event["event"]["response"] == {"status": 200}

    on_stage(play, script("v1"))


def test_an_uncaught_exception_is_1101_to_the_client_and_told_to_the_tail() -> None:
    """The edge's page stands in place of workerd's bare 500, and the event has logs and exception."""

    async def play(stage: Stage) -> None:
        tail = stage.edge.tails.open(WORKER)
        async with stage.client.get(f"{stage.url}/throw") as answer:
            text = await answer.text()
            event = await anext(tail)

            assert answer.status == 500
            assert "error code: 1101" in text
            assert answer.headers["Content-Type"].startswith("text/html")
            assert answer.headers["Server"] == "cloudflare"
            assert event["event"]["request"]["headers"]["cf-ray"] in answer.headers["CF-RAY"]
        assert event["outcome"] == "exception"
        assert event["exceptions"][0]["name"] == "TypeError"
        assert event["exceptions"][0]["message"] == "boom"
        assert event["logs"][0]["message"] == ["about to", {"fail": True}]
        assert "response" not in event["event"]

    on_stage(play, script("v1"))


@pytest.mark.parametrize("path", ["/own500", "/untyped500"])
def test_a_500_of_the_workers_own_is_left_alone(path: str) -> None:
    """Even one that looks just like workerd's."""

    async def play(stage: Stage) -> None:
        assert await stage.get(path) == (500, "Internal Server Error")

    on_stage(play, script("v1"))


def test_a_tail_gets_only_what_passes_its_filters() -> None:
    """And only of its own worker; a closed one ends after what it has."""
    tails = Tails()
    wanted = tails.open(WORKER, [{"method": ["POST"]}])
    other = tails.open("other")
    tails.publish(WORKER, _EVENT)
    post = {**_EVENT, "event": {"request": {"method": "POST"}}}
    tails.publish(WORKER, post)
    tails.close_all()

    async def play(stage: Stage) -> None:
        del stage
        assert [event async for event in wanted] == [post]
        assert [event async for event in other] == []

    on_stage(play)


def test_a_tail_that_nobody_reads_is_bounded() -> None:
    """It keeps the first thousand events and counts the rest."""
    tails = Tails()
    tail = tails.open(WORKER)
    for _ in range(1010):
        tails.publish(WORKER, _EVENT)

    assert tail.dropped == 10


@pytest.mark.parametrize(
    ("entry", "passes"),
    [
        ({"sampling_rate": 1}, True),
        ({"sampling_rate": 0}, False),
        ({"method": ["get", "POST"]}, True),
        ({"method": ["POST"]}, False),
        ({"header": {"key": "X-Run"}}, True),
        ({"header": {"key": "X-Run", "query": "b"}}, True),
        ({"header": {"key": "X-Run", "query": "z"}}, False),
        ({"header": {"key": "X-Other"}}, False),
        ({"client_ip": ["self"]}, True),
        ({"client_ip": ["8.8.8.8"]}, False),
        ({"query": "hell"}, True),
        ({"query": "boom"}, True),
        ({"query": "absent"}, False),
        ({"scriptVersion": "v1"}, True),
        ({"scriptVersion": "v2"}, False),
        ({"outcome": ["ok", "canceled"]}, True),
        ({"outcome": ["exception"]}, False),
        ({"outcome": ["ok"], "method": ["POST"]}, False),
    ],
)
def test_each_filter_asks_one_thing(entry: dict[str, Any], *, passes: bool) -> None:
    """All of them must hold."""
    assert parse([entry])(_EVENT) is passes


@pytest.mark.parametrize(
    "entry", [{"colour": "red"}, {"sampling_rate": "often"}, {"header": {}}, {"query": 5}]
)
def test_a_filter_that_makes_no_sense_is_refused(entry: dict[str, Any]) -> None:
    """Rather than ignored."""
    with pytest.raises(BadFilter):
        parse([entry])
