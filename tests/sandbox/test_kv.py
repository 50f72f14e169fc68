"""A KV namespace keeps what is put into it within the real limits, and speaks as workerd expects."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from sandbox.edge.bound import KvBinding
from sandbox.kv.namespace import KvError, Namespace, Namespaces
from sandbox.kv.wire import answer
from tests.sandbox.edge_stage import Stage, on_stage, script

NOW = 1_800_000_000.0
MIB = 1024 * 1024


class Clock:
    """A time that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self.now


def test_what_has_expired_is_not_there() -> None:
    """Neither for a get nor in a list; what has not is."""
    clock = Clock()
    namespace = Namespace(clock)
    namespace.put_for("short", b"1", ttl_s=60)
    namespace.put("long", b"2", expires=int(NOW) + 600)
    clock.now += 61

    assert namespace.get("short") is None
    assert ["long"] == [name for name, _ in namespace.page("", "", 10).keys]


def test_pages_go_on_where_the_last_one_ended() -> None:
    """In the order of the keys, whatever is written or deleted in between; the last has no cursor."""
    namespace = Namespace()
    for key in ("b", "a", "d", "c", "x"):
        namespace.put(f"k{key}" if key != "x" else key, b"")
    first = namespace.page("k", "", 2)
    namespace.delete("kb")
    second = namespace.page("k", first.cursor, 2)

    assert ["ka", "kb"] == [name for name, _ in first.keys]
    assert (["kc", "kd"], "") == ([name for name, _ in second.keys], second.cursor)


@pytest.mark.parametrize(
    ("key", "value", "more"),
    [
        ("k" * 512, b"", {}),
        ("k", bytes(25 * MIB), {}),
        ("k", b"", {"metadata": '"' + "m" * 1022 + '"'}),
        ("k", b"", {"expires": int(NOW) + 60}),
    ],
    ids=["key", "value", "metadata", "expiration"],
)
def test_the_largest_that_may_be_is_taken(key: str, value: bytes, more: dict[str, Any]) -> None:
    """The limits are those of the real ones."""
    namespace = Namespace(Clock())

    namespace.put(key, value, **more)

    assert namespace.get(key) is not None


@pytest.mark.parametrize(
    ("key", "value", "more", "status"),
    [
        ("k" * 513, b"", {}, 414),
        ("é" * 257, b"", {}, 414),
        ("", b"", {}, 400),
        ("..", b"", {}, 400),
        ("k", bytes(25 * MIB + 1), {}, 413),
        ("k", b"", {"metadata": '"' + "m" * 1023 + '"'}, 413),
        ("k", b"", {"expires": int(NOW) + 30}, 400),
    ],
    ids=["key", "bytes of a key", "no key", "dots", "value", "metadata", "expiration"],
)
def test_what_is_more_is_refused(key: str, value: bytes, more: dict[str, Any], status: int) -> None:
    """With the status that KV gives it, and nothing is written."""
    namespace = Namespace(Clock())

    with pytest.raises(KvError) as refused:
        namespace.put(key, value, **more)

    assert status == refused.value.status
    assert () == namespace.page("", "", 1).keys


def test_a_namespace_is_bounded_as_a_whole() -> None:
    """By what is in it now: what was overwritten or deleted makes room."""
    namespace = Namespace()
    most = bytes(25 * MIB)
    for number in range(10):
        namespace.put(str(number), most)

    with pytest.raises(KvError) as refused:
        namespace.put("more", most)
    namespace.put("0", most)
    namespace.delete("1")
    namespace.put("more", most)

    assert 507 == refused.value.status


def test_a_seed_does_not_overwrite() -> None:
    """What the bot has written since is its own."""
    namespaces = Namespaces()
    namespaces.get("n").put("old", b"mine")

    namespaces.seed("n", {"old": "seed", "new": "seed"})

    assert [b"mine", b"seed"] == [entry.value for _, entry in namespaces.get("n").page("", "", 9).keys][::-1]


def over_http(play: Callable[[aiohttp.ClientSession, str], Awaitable[None]]) -> None:
    """A namespace behind its wire, and a client."""
    namespace = Namespace()

    async def serve(request: web.Request) -> web.Response:
        return await answer(request, namespace)

    async def run() -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", serve)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        try:
            async with aiohttp.ClientSession() as client:
                await play(client, f"http://{host}:{port}")
        finally:
            await runner.cleanup()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/?key_count_limit=1001", "", 400),
        ("GET", "/?cursor=zz", "", 400),
        ("GET", "/none?urlencoded=true", "", 404),
        ("PUT", "/k?expiration_ttl=59", "", 400),
        ("PUT", "/k?expiration_ttl=inf", "", 400),
        ("PATCH", "/k", "", 405),
        ("POST", "/bulk/get", "[]", 400),
        ("POST", "/bulk/get", "{", 400),
        ("POST", "/bulk/get", '{"keys": []}', 400),
    ],
)
def test_odd_requests_are_refused(method: str, path: str, body: str, status: int) -> None:
    """With a status, never with a crash."""

    async def play(client: aiohttp.ClientSession, url: str) -> None:
        async with client.request(method, url + path, data=body) as refused:
            assert status == refused.status

    over_http(play)


SOURCE = """
const act = {
  async types({ STORE }) {
    await STORE.put("json", JSON.stringify({ a: 1 }), { metadata: "text" });
    await STORE.put("bytes", new Uint8Array([0, 255]));
    const json = await STORE.get("json", "json");
    const bytes = [...new Uint8Array(await STORE.get("bytes", "arrayBuffer"))];
    const many = await STORE.getWithMetadata(["json", "none"], "json");
    const { keys } = await STORE.list();
    return [json, bytes, [...many], keys];
  },
  async pages({ STORE }) {
    for (let n = 0; n < 5; n++) await STORE.put(`page ${n}`, "");
    const found = [];
    let cursor;
    do {
      const page = await STORE.list({ prefix: "page", limit: 2, cursor });
      found.push(page.keys.map(({ name }) => name.slice(5)).join(""));
      cursor = page.list_complete ? undefined : page.cursor;
    } while (cursor);
    return found;
  },
  async refused({ STORE }) {
    try { await STORE.put("k", "v", { expirationTtl: 5 }); } catch (error) { return error.message; }
  },
};
export default {
  fetch: async (request, env) => Response.json(await act[new URL(request.url).pathname.slice(1)](env)),
};
"""


def test_a_worker_has_all_of_kv() -> None:
    """Every type of value, metadata, many keys at once, pages, and refusals in KV's own words."""

    async def play(stage: Stage) -> None:
        async with stage.client.get(f"{stage.url}/types") as found:
            json, content, many, keys = await found.json()
        async with stage.client.get(f"{stage.url}/pages") as found:
            pages = await found.json()
        status, refused = await stage.get("/refused")

        assert ({"a": 1}, [0, 255]) == (json, content)
        assert [["json", {"value": {"a": 1}, "metadata": "text"}], ["none", None]] == many
        assert [{"name": "bytes"}, {"name": "json", "metadata": "text"}] == keys
        assert ["01", "23", "4"] == pages
        assert status == 200
        assert "KV PUT failed: 400 Invalid expiration_ttl of 5" in refused

    on_stage(play, script("v1", SOURCE, bound=(KvBinding("STORE", "n"),), vars={}))


def test_versions_and_workers_share_a_namespace() -> None:
    """It belongs to the account: a new version and another worker find what was written."""
    source = """export default { async fetch(request, { STORE }) {
      const before = await STORE.get("k");
      await STORE.put("k", `${before ?? ""}+`);
      return new Response(before);
    } };"""

    async def play(stage: Stage) -> None:
        bound = (KvBinding("STORE", "shared"),)
        await stage.deploy((script("v1", source, bound=bound), 100))
        first = await stage.get("/")
        await stage.deploy((script("v2", source, bound=bound), 100))
        second = await stage.get("/")
        await stage.edge.deploy("other", [(script("v3", source, bound=bound, worker="other"), 100)])
        async with stage.client.get(str(stage.edge.url("other"))) as found:
            third = await found.text()

        assert ["", "+", "++"] == [first[1], second[1], third]

    on_stage(play)
