"""The front proxy passes a request and its answer on as they are."""

from __future__ import annotations

import asyncio
import json
from io import BytesIO
from typing import Any

import pytest

from tests.sandbox.edge_stage import Stage, on_stage, script


async def _raw(stage: Stage, request: bytes) -> bytes:
    """What a connection answers to these bytes, until it is closed."""
    host, port = stage.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    answer = await reader.read()
    writer.close()
    return answer


async def _echo(stage: Stage, request: bytes) -> dict[str, Any]:
    head, _, body = (await _raw(stage, request)).partition(b"\r\n\r\n")
    assert b" 200 " in head.splitlines()[0]
    found: dict[str, Any] = json.loads(body)
    return found


def test_a_request_arrives_as_it_was_sent() -> None:
    """Path and query stay raw, duplicate headers both arrive, the URL is the public one."""

    async def play(stage: Stage) -> None:
        port = stage.url.rpartition(":")[2]
        found = await _echo(
            stage,
            b"PATCH /echo?q=%2Fa%20b&q=%C3%A9 HTTP/1.1\r\nHost: 127.0.0.1:" + port.encode() + b"\r\n"
            b"X-Dup: 1\r\nX-Dup: 2\r\nConnection: close, X-Hop\r\nX-Hop: gone\r\n"
            b"Content-Length: 5\r\n\r\nhello",
        )
        headers = dict(found["headers"])

        assert found["method"] == "PATCH"
        assert found["url"] == f"{stage.url}/echo?q=%2Fa%20b&q=%C3%A9"
        assert found["body"] == "hello"
        assert headers["x-dup"] == "1, 2"
        assert "x-hop" not in headers
        assert "user-agent" not in headers

    on_stage(play, script("v1"))


def test_the_edge_says_who_asked_and_cannot_be_lied_to() -> None:
    """The ray is unique and shown in the answer; a client's own idea of its address is dropped."""

    async def play(stage: Stage) -> None:
        lies = {"CF-Connecting-IP": "8.8.8.8", "CF-Ray": "mine", "x-sandbox-cf-blob": "{}"}
        rays = set()
        for _ in range(3):
            async with stage.client.get(f"{stage.url}/echo", headers=lies) as answer:
                found = await answer.json()
                headers = dict(found["headers"])
                rays.add(headers["cf-ray"])

                assert answer.headers["CF-RAY"].startswith(headers["cf-ray"])
                assert answer.headers["Server"] == "cloudflare"
                assert headers["cf-connecting-ip"] == "127.0.0.1"
                assert "x-sandbox-cf-blob" not in headers
                assert found["cf"]["colo"]
        assert len(rays) == 3

    on_stage(play, script("v1"))


def test_an_answer_arrives_as_it_was_given() -> None:
    """Duplicates, case, missing types, redirects and empty bodies are left alone."""

    async def play(stage: Stage) -> None:
        async with stage.client.get(f"{stage.url}/twice") as answer:
            assert answer.headers.getall("Set-Cookie") == ["a=1", "b=2"]
        async with stage.client.get(f"{stage.url}/bytes") as answer:
            assert await answer.read() == b"\x00\xff"
            assert answer.headers["Content-Type"] == "application/octet-stream"
        async with stage.client.get(f"{stage.url}/untyped") as answer:
            assert await answer.read() == b"\x01\x02\x03"
            assert "Content-Type" not in answer.headers
        async with stage.client.get(f"{stage.url}/moved", allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (302, "/elsewhere")
        async with stage.client.get(f"{stage.url}/empty") as answer:
            assert (answer.status, await answer.read()) == (204, b"")

    on_stage(play, script("v1"))


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "DELETE", "PURGE"])
def test_any_method_reaches_the_worker(method: str) -> None:
    """What a method means is the worker's business."""

    async def play(stage: Stage) -> None:
        async with stage.client.request(method, f"{stage.url}/echo") as answer:
            body = await answer.read()

            assert answer.status == 200
            assert (body == b"") == (method == "HEAD")
            assert method == "HEAD" or json.loads(body)["method"] == method

    on_stage(play, script("v1"))


def test_bodies_are_streamed() -> None:
    """The first part of an answer is here while the worker still waits; a long upload arrives whole."""

    async def play(stage: Stage) -> None:
        async with stage.client.get(f"{stage.url}/slowly") as answer:
            first = await answer.content.readany()
            stage.outside.release.set()

            assert first == b"one "
            assert await answer.read() == b"two three"
        async with stage.client.post(f"{stage.url}/echo", data=BytesIO(b"x" * 3_000_000)) as answer:
            assert len((await answer.json())["body"]) == 3_000_000
        async with stage.client.post(f"{stage.url}/twice", data=BytesIO(b"x" * 3_000_000)) as answer:
            assert await answer.text() == "two"

    on_stage(play, script("v1"))


def test_the_edge_answers_its_own_trace() -> None:
    """Without the worker: this one throws at everything."""

    async def play(stage: Stage) -> None:
        status, text = await stage.get("/cdn-cgi/trace")
        facts = dict(line.split("=", 1) for line in text.splitlines())

        assert status == 200
        assert facts["ip"] == "127.0.0.1"
        assert facts["colo"]
        assert float(facts["ts"]) > 0

    on_stage(play, script("v1", "export default { fetch() { throw new Error('no') } }"))


def test_an_upgrade_is_declined() -> None:
    """WebSockets are not served, and said not to be."""

    async def play(stage: Stage) -> None:
        answer = await _raw(
            stage,
            b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
        )

        assert answer.startswith(b"HTTP/1.1 501 ")

    on_stage(play, script("v1"))


def test_outgoing_requests_reach_the_outside_that_was_given() -> None:
    """Wherever they were meant for; host, path and the original scheme are told."""

    async def play(stage: Stage) -> None:
        assert await stage.get("/call") == (200, "from outside")

        (method, host, path, headers, body), *rest = stage.outside.arrived
        assert (method, host, path, body) == ("POST", "discord.com", "/api/v10/x?y=%2F1", "hi")
        assert headers["x-own"] == "1"
        assert headers["x-forwarded-proto"] == "https"
        assert not rest

    on_stage(play, script("v1"))


def test_everything_bound_is_there() -> None:
    """Vars, JSON vars, secrets and version metadata, whatever characters they hold."""
    odd = 'a"b\\c\nd\te\u00e9\u2603\U0001f916$'
    stamp = {"id": "v1", "tag": "t", "timestamp": "2026-01-01T00:00:00Z"}

    async def play(stage: Stage) -> None:
        async with stage.client.get(f"{stage.url}/echo") as answer:
            env = (await answer.json())["env"]

        assert {"TEXT": odd, "JSON": {"a": [1, None, odd]}, "SECRET": odd[::-1], "META": stamp} == env

    on_stage(
        play,
        script(
            "v1",
            vars={"TEXT": odd},
            json_vars={"JSON": {"a": [1, None, odd]}},
            secrets={"SECRET": odd[::-1]},
            version_metadata={"META": stamp},
        ),
    )


def test_latency_is_added_on_demand() -> None:
    """The answer does not start before the added time is over; what is not named stays as it is."""

    async def play(stage: Stage) -> None:
        stage.edge.set_conditions(added_rtt_ms=150)
        began = asyncio.get_running_loop().time()
        await stage.get("/cdn-cgi/trace")

        assert asyncio.get_running_loop().time() - began >= 0.15
        assert stage.edge.set_conditions(propagation_s=2) == {"propagation_s": 2, "added_rtt_ms": 150}

    on_stage(play, script("v1"))
