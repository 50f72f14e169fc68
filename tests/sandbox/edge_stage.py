"""An edge with somewhere for its workers to call, and a worker that does what a test asks of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import web

from sandbox.edge.edge import Edge, Module, Script
from sandbox.edge.limits import Limits

LIMIT_S = 20.0
_LOOK_S = 0.02
WORKER = "bot"
ESM = "application/javascript+module"
SOURCE = """
const act = {
  async echo(request, env) {
    return Response.json({
      version: env.VERSION, method: request.method, url: request.url,
      headers: [...request.headers], cf: request.cf, body: await request.text(), env,
    });
  },
  throw() { console.log("about to", { fail: true }); throw new TypeError("boom"); },
  own500: () => new Response("Internal Server Error", { status: 500 }),
  untyped500: () => new Response(new TextEncoder().encode("Internal Server Error"), { status: 500 }),
  bytes: () => new Response(new Uint8Array([0, 255]),
    { headers: { "Content-Type": "application/octet-stream" } }),
  untyped: () => new Response(new Uint8Array([1, 2, 3])),
  empty: () => new Response(null, { status: 204 }),
  moved: () => new Response(null, { status: 302, headers: { Location: "/elsewhere" } }),
  twice() {
    const headers = new Headers([["X-Twice", "a"]]);
    headers.append("Set-Cookie", "a=1");
    headers.append("Set-Cookie", "b=2");
    return new Response("two", { headers });
  },
  loop() { for (;;); },
  heap() { const all = []; for (;;) all.push(new Array(10000).fill(Math.random())); },
  async buffers() {
    const all = [];
    for (;;) { all.push(new Uint8Array(4e6).fill(7)); await scheduler.wait(1); }
  },
  async call() {
    const answer = await fetch("https://discord.com/api/v10/x?y=%2F1",
      { method: "POST", body: "hi", headers: { "X-Own": "1" } });
    return new Response(await answer.text());
  },
  async wait(request, env) { await fetch("https://slow.example/"); return new Response(env.VERSION); },
  later(request, env, ctx) {
    ctx.waitUntil(fetch("https://slow.example/later"));
    return new Response("now");
  },
  slowly() {
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    (async () => {
      for (const part of ["one ", "two ", "three"]) {
        await writer.write(new TextEncoder().encode(part));
        await fetch("https://slow.example/");
      }
      await writer.close();
    })();
    return new Response(readable);
  },
};
export default {
  fetch(request, env, ctx) {
    return act[new URL(request.url).pathname.slice(1) || "echo"](request, env, ctx);
  },
};
"""

Handler = Callable[[web.Request], Awaitable[web.Response]]


def script(version: str, source: str = SOURCE, **changes: object) -> Script:
    """A version of the worker that knows its own id."""
    facts: dict[str, object] = {
        "worker": WORKER,
        "version_id": version,
        "main_module": "index.js",
        "modules": (Module("index.js", ESM, source.encode()),),
        "compatibility_date": "2025-01-01",
        "vars": {"VERSION": version},
    }
    return Script(**{**facts, **changes})  # type: ignore[arg-type]


@dataclass
class Outside:
    """What the workers reach: it keeps what arrives, and lets slow.example wait until it is released."""

    arrived: list[tuple[str, str, str, dict[str, str], str]] = field(default_factory=list)
    calls: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    release: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.Response:
        """Take one request."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = await request.text()
        self.arrived.append((request.method, request.host, request.path_qs, headers, body))
        self.calls.release()
        if request.host == "slow.example":
            await self.release.wait()
        return web.Response(text="from outside")


@dataclass
class Stage:
    """An edge, what its workers reach, and a client."""

    edge: Edge
    outside: Outside
    client: aiohttp.ClientSession

    @property
    def url(self) -> str:
        """Where the worker is served."""
        url = self.edge.url(WORKER)
        assert url is not None
        return url

    async def deploy(self, *shares: tuple[Script, float]) -> None:
        """Serve the worker by these."""
        await self.edge.deploy(WORKER, shares)

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and text of a GET."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.get(self.url + path, headers=named) as answer:
            return answer.status, await answer.text()

    async def version(self, **headers: str) -> str:
        """The version that answers."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.get(self.url + "/echo", headers=named) as answer:
            found = await answer.json()
        return str(found["version"])


@asynccontextmanager
async def stage(
    first: Script | None = None, *, limits: Limits | None = None, runtime_dir: Path | None = None
) -> AsyncIterator[Stage]:
    """A stage that serves a first script, if any; everything on it is gone at the end."""
    outside = Outside()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", outside.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    edge = Edge(runner.addresses[0][:2], runtime_dir, limits=limits)
    try:
        async with aiohttp.ClientSession(auto_decompress=False) as client:
            await edge.start()
            if first:
                await edge.deploy(WORKER, [(first, 100)])
            yield Stage(edge, outside, client)
    finally:
        await edge.stop()
        await runner.cleanup()


def on_stage(
    play: Callable[[Stage], Awaitable[None]],
    first: Script | None = None,
    *,
    limits: Limits | None = None,
    runtime_dir: Path | None = None,
) -> None:
    """Run a test on a stage of its own, within a generous time."""

    async def run() -> None:
        async with asyncio.timeout(LIMIT_S):
            async with stage(first, limits=limits, runtime_dir=runtime_dir) as ready:
                await play(ready)

    asyncio.run(run())


async def until(holds: Callable[[], bool | Awaitable[bool]]) -> None:
    """Wait until something holds, for a generous time."""
    for _ in range(int(LIMIT_S / _LOOK_S)):
        found = holds()
        if found if isinstance(found, bool) else await found:
            return
        await asyncio.sleep(_LOOK_S)
    raise AssertionError("it never came true")
