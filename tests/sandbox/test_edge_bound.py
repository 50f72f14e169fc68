"""What a version is bound to in its own process: stubs, other workers, Durable Objects, crons."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.edge.bound import ObjectClass, ObjectsBinding, ServiceBinding, Stub
from sandbox.edge.edge import Script, StartupError
from sandbox.edge.flight import Outcome
from tests.sandbox.edge_stage import WORKER, Stage, on_stage, script, until

STUB = (Stub("AI", "ai"), Stub("DB", "d1"))
ABOUT_STUBS = """
const tries = {
  has: (env) => "AI" in env && !!env.AI && Object.keys(env).includes("DB"),
  passed: (env) => [structuredClone(Object.keys({ ...env })), String(env.AI), JSON.stringify({ ai: env.AI })],
  awaited: async (env) => (await env.AI) === env.AI,
  call: (env) => env.AI.run("x"),
  chain: (env) => env.DB.prepare("SELECT 1").bind(),
  read: (env) => env.DB.size,
  write: (env) => { env.DB.size = 1; },
};
export default { async fetch(request, env) {
  try {
    return Response.json(await tries[new URL(request.url).pathname.slice(1)](env));
  } catch (error) {
    return new Response(error.message, { status: 500, headers: { "Content-Type": "text/plain" } });
  }
} };
"""


def test_a_stub_may_be_had_and_passed_round() -> None:
    """None of that is a use of it."""

    async def play(stage: Stage) -> None:
        assert (200, "true") == await stage.get("/has")
        assert (200, '[["AI","DB"],"[object Object]","{\\"ai\\":{}}"]') == await stage.get("/passed")
        assert (200, "true") == await stage.get("/awaited")
        assert {} == stage.edge.stub_uses.of(WORKER)

    on_stage(play, script("v1", ABOUT_STUBS, bound=STUB, vars={}))


def test_a_stub_throws_at_every_use() -> None:
    """A method, a chain of them, a property, an assignment; each is counted under its name."""

    async def play(stage: Stage) -> None:
        said = "is a stub of the sandbox: it throws when it is used"
        assert (500, f"AI (ai) {said}") == await stage.get("/call")
        for use in ("chain", "read", "write"):
            assert (500, f"DB (d1) {said}") == await stage.get(f"/{use}")
        await until(lambda: stage.edge.stub_uses.of(WORKER) == {"AI": 1, "DB": 3})

    on_stage(play, script("v1", ABOUT_STUBS, bound=STUB, vars={}))


def test_a_stub_that_is_used_at_start_up_is_named() -> None:
    """The version does not start, and the runtime's message says why."""
    source = 'import { env } from "cloudflare:workers";\nenv.AI.run();\nexport default { fetch() {} };'

    async def play(stage: Stage) -> None:
        with pytest.raises(StartupError, match=r"AI \(ai\) is a stub of the sandbox"):
            await stage.edge.check(script("v1", source, bound=STUB, vars={}))

    on_stage(play)


CALLER = """export default { async fetch(request, { OTHER }) {
  const answer = await OTHER.fetch("https://other.example/a%2Fb?x=1", { method: "POST", body: "hi" });
  return new Response(`${answer.status} ${await answer.text()}`);
} };"""
CALLED = """export default { async fetch(request, { VERSION }) {
  const headers = [...request.headers.keys()].filter((name) => name.startsWith("x-sandbox"));
  const seen = [VERSION, request.method, request.url, await request.text(), ...headers];
  return new Response(seen.join(" "), { status: 201 });
} };"""


def test_a_service_is_the_live_version_of_another_worker() -> None:
    """It sees the request as it was made; its next deployment is reached without one of the caller."""

    async def play(stage: Stage) -> None:
        missing = await stage.get("/")
        await stage.edge.deploy("other", [(script("one", CALLED, worker="other"), 100)])
        first = await stage.get("/")
        await stage.edge.deploy("other", [(script("two", CALLED, worker="other"), 100)])
        second = await stage.get("/")

        assert missing[1].startswith("404 ")
        assert "201 one POST https://other.example/a%2Fb?x=1 hi" == first[1]
        assert "201 two POST https://other.example/a%2Fb?x=1 hi" == second[1]

    on_stage(play, script("v1", CALLER, bound=(ServiceBinding("OTHER", "other"),), vars={}))


def test_methods_of_a_service_are_not_served() -> None:
    """A call over RPC fails where it is made; nothing hangs."""
    source = """export default { async fetch(request, { OTHER }) {
      try { return new Response(await OTHER.greet()); } catch (error) { return new Response(error.message); }
    } };"""

    async def play(stage: Stage) -> None:
        await stage.edge.deploy("other", [(script("one", CALLED, worker="other"), 100)])

        said = "OTHER.greet: the sandbox serves fetch of a service binding and no other method"
        assert (200, said) == await stage.get("/")

    on_stage(play, script("v1", source, bound=(ServiceBinding("OTHER", "other"),), vars={}))


COUNTING = """import { DurableObject } from "cloudflare:workers";
export class Counter extends DurableObject {
  async next() {
    const count = ((await this.ctx.storage.get("count")) ?? 0) + 1;
    await this.ctx.storage.put("count", count);
    return count;
  }
}
export default { async fetch(request, { COUNTER, VERSION }) {
  const count = await COUNTER.get(COUNTER.idFromName("all")).next();
  if (new URL(request.url).pathname === "/held") await fetch("https://slow.example/");
  return new Response(`${VERSION} ${count}`);
} };"""


def counting(version: str, *, sqlite: bool = True) -> Script:
    """A version that counts."""
    return script(
        version,
        COUNTING,
        bound=(ObjectsBinding("COUNTER", "Counter"),),
        classes=(ObjectClass("Counter", "counter", sqlite),),
    )


@pytest.mark.parametrize("sqlite", [True, False])
def test_objects_outlive_their_version(sqlite: bool) -> None:
    """With both kinds of storage."""

    async def play(stage: Stage) -> None:
        seen = [(await stage.get("/"))[1]]
        await stage.deploy((counting("v2", sqlite=sqlite), 100))
        seen.append((await stage.get("/"))[1])

        assert ["v1 1", "v2 2"] == seen

    on_stage(play, counting("v1", sqlite=sqlite))


def test_two_versions_never_change_objects_at_the_same_time() -> None:
    """A request to the new version waits until the old one has ended, and none is lost."""

    async def play(stage: Stage) -> None:
        held = asyncio.create_task(stage.get("/held"))
        await stage.outside.calls.acquire()
        await stage.deploy((counting("v2"), 100))
        waiting = asyncio.create_task(stage.get("/"))
        done, _ = await asyncio.wait({waiting}, timeout=0.3)
        assert not done
        stage.outside.release.set()

        assert (200, "v1 1") == await held
        assert (200, "v2 2") == await waiting

    on_stage(play, counting("v1"))


def test_side_by_side_only_the_larger_part_keeps_objects() -> None:
    """The other has its own for as long as that lasts, and at all of the traffic it takes over."""

    async def play(stage: Stage) -> None:
        one, two = counting("one"), counting("two")
        await stage.deploy((one, 100))
        seen = [(await stage.get("/"))[1]]
        await stage.deploy((one, 60), (two, 40))
        for version in ("two", "one"):
            override = f'{WORKER}="{version}"'
            seen.append((await stage.get("/", Cloudflare_Workers_Version_Overrides=override))[1])
        await stage.deploy((two, 100))
        seen.append((await stage.get("/"))[1])

        assert ["one 1", "two 1", "one 2", "two 3"] == seen

    on_stage(play)


CRON = """export default {
  fetch: () => new Response("ok"),
  async scheduled({ cron, scheduledTime }) {
    console.log(cron, scheduledTime);
    if (cron === "throw") throw new Error("no");
    if (cron === "loop") for (;;);
  },
};"""


def test_crons_run_when_they_are_asked_for() -> None:
    """With the cron and its time, and a trace event as of any other; what goes wrong is in the outcome."""

    async def play(stage: Stage) -> None:
        tail = stage.edge.tails.open(WORKER)
        outcomes = [await stage.edge.trigger(WORKER, cron, 1000) for cron in ("* * * * *", "throw", "loop")]
        first = await anext(aiter(tail))

        assert [Outcome.OK, Outcome.EXCEPTION, Outcome.EXCEEDED_CPU] == outcomes
        assert ["* * * * *", 1000] == first["logs"][0]["message"]
        assert {"cron": "* * * * *", "scheduledTime": 1000} == first["event"]
        await until(lambda: _answers(stage))

    on_stage(play, script("v1", CRON, scheduled=True))


async def _answers(stage: Stage) -> bool:
    return await stage.get("/") == (200, "ok")


def test_a_version_without_the_handler_runs_no_cron() -> None:
    """And says so, as does a worker that is not there."""

    async def play(stage: Stage) -> None:
        assert await stage.edge.trigger(WORKER, "* * * * *", 0) is None
        assert await stage.edge.trigger("nobody", "* * * * *", 0) is None

    on_stage(play, script("v1"))
