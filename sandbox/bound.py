"""The /sandbox endpoints about what a worker is bound to: stubs, KV to begin with, and crons."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.api.models import Store
from sandbox.api.staging import Staging
from sandbox.edge.bound import Stub
from sandbox.edge.edge import Edge
from sandbox.plain import read_object, refusal


@dataclass(frozen=True, slots=True)
class BoundTo:
    """What the endpoints look at and change."""

    store: Store
    edge: Edge

    def bind(self, app: web.Application) -> None:
        """Make the application answer them."""
        app.router.add_put("/sandbox/workers/{name}/staging", self.put_staging)
        app.router.add_get("/sandbox/workers/{name}/bindings", self.bindings)
        app.router.add_post("/sandbox/workers/{name}/scheduled", self.scheduled)

    async def put_staging(self, request: web.Request) -> web.Response:
        """PUT /sandbox/workers/NAME/staging: which bindings are stubs in what is uploaded from now on.

        And with what KV namespaces begin, by binding. The worker need not exist yet.
        """
        body = await read_object(request)
        try:
            staging = Staging.parse(body)
        except ValueError as error:
            return refusal(400, str(error))
        self.store.staging[request.match_info["name"]] = staging
        return web.json_response({"stub": list(staging.stub), "kv": staging.kv})

    async def bindings(self, request: web.Request) -> web.Response:
        """GET /sandbox/workers/NAME/bindings: those of its latest version, and which the last upload lacked.

        ``stubs`` says how often each was used, by any version. The worker need not exist yet.
        """
        name = request.match_info["name"]
        worker = self.store.workers.get(name)
        latest = worker.latest if worker else None
        bound = latest.bindings.bound if latest else ()
        used = self.edge.stub_uses.of(name)
        refused = self.store.staging.get(name, Staging()).refused
        others = latest.bindings.others if latest else {}
        found: dict[str, Any] = {
            "bindings": _typed({each: str(entry["type"]) for each, entry in others.items()}),
            "stubs": [
                {"name": each.name, "type": each.kind, "used": used.get(each.name, 0)}
                for each in bound
                if isinstance(each, Stub)
            ],
            "refused": _typed(refused),
        }
        return web.json_response(found)

    async def scheduled(self, request: web.Request) -> web.Response:
        """POST /sandbox/workers/NAME/scheduled?cron=…: call its handler as that cron would; how it ended.

        Without ``cron`` its first one, and with ``time`` as at that time, in milliseconds since 1970.
        """
        name, query = request.match_info["name"], request.query
        worker = self.store.workers.get(name)
        if worker is None:
            return refusal(404, f"no worker named {name} is deployed")
        crons = [str(each["cron"]) for each in worker.schedules]
        cron = query.get("cron") or next(iter(crons), "")
        at_ms = query.get("time", str(time.time_ns() // 1_000_000))
        if not cron or not at_ms.isdecimal():
            return refusal(400, f"wanted ?cron=… (it has no cron of its own) and a time in ms; found {query}")
        try:
            outcome = await self.edge.trigger(name, cron, int(at_ms))
        except TimeoutError:
            return refusal(504, f"the handler of {name} did not end in time")
        if outcome is None:
            return refusal(409, f"the version of {name} that serves has no handler named scheduled")
        return web.json_response({"cron": cron, "known": cron in crons, "outcome": outcome.value})


def _typed(found: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in found.items()]
