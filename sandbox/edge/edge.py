"""The edge: deploys scripts to real workerd processes behind one unchanging address per worker."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.authority import Authority
from sandbox.edge.backstage import Backstage
from sandbox.edge.collector import Collector
from sandbox.edge.config import Wiring
from sandbox.edge.flight import Outcome
from sandbox.edge.limits import Conditions, Limits
from sandbox.edge.live import LiveVersion
from sandbox.edge.locate import workerd_binary
from sandbox.edge.nursery import Nursery
from sandbox.edge.proxy import Front
from sandbox.edge.rollout import Rollout
from sandbox.edge.script import Module, Script, StartupError
from sandbox.edge.secured import Secured, TlsConditions
from sandbox.edge.stubs import StubUses
from sandbox.edge.tails import Tails
from sandbox.edge.workerd import Launcher
from sandbox.kv.namespace import Namespaces

__all__ = ["Edge", "Module", "Script", "StartupError"]


class Edge:
    """Runs versions; ``outbound`` is where all their outgoing requests go, ``authority`` issues for https."""

    def __init__(
        self,
        outbound: tuple[str, int],
        runtime_dir: Path | None = None,
        *,
        limits: Limits | None = None,
        binary: Path | None = None,
        authority: Authority | None = None,
    ) -> None:
        self.tails = Tails()
        self.stub_uses = StubUses()
        self._outbound = outbound
        self._parent = runtime_dir
        self._limits = limits or Limits()
        self._binary = binary
        self._authority = authority or Authority()
        self._conditions = Conditions()
        self._collector = Collector()
        self._namespaces = Namespaces()
        self._backstage = Backstage(self._namespaces, self._to_neighbour)
        self._rollouts: dict[str, Rollout] = {}
        self._opening = asyncio.Lock()
        self._nursery: Nursery | None = None
        self._launcher: Launcher | None = None

    @property
    def conditions(self) -> Mapping[str, float]:
        """``propagation_s`` and ``added_rtt_ms`` as they are now."""
        return asdict(self._conditions)

    def set_conditions(
        self, *, propagation_s: float | None = None, added_rtt_ms: float | None = None
    ) -> Mapping[str, float]:
        """Change how far and how slow the edge is; what is not named stays."""
        if propagation_s is not None:
            self._conditions = replace(self._conditions, propagation_s=propagation_s)
        if added_rtt_ms is not None:
            self._conditions = replace(self._conditions, added_rtt_ms=added_rtt_ms)
        return self.conditions

    async def start(self) -> None:
        """Make ready to deploy. Raises FileNotFoundError when there is no workerd."""
        binary = self._binary or workerd_binary()
        directory = Path(tempfile.mkdtemp(prefix="edge-", dir=self._parent))
        self._nursery = Nursery(directory)
        await self._nursery.start()
        await self._collector.start()
        await self._backstage.start()
        wiring = Wiring(
            outbound=self._outbound,
            collector=self._collector.address,
            backstage=self._backstage.address,
            objects=directory / "objects",
            heap_mib=self._limits.heap_mib,
        )
        self._launcher = Launcher(binary, directory, wiring, self._limits, self._nursery)

    async def stop(self) -> None:
        """End every process at once and leave nothing behind; a second call does nothing."""
        self._launcher = None
        self.tails.close_all()
        rollouts = tuple(self._rollouts.values())
        self._rollouts.clear()
        try:
            await asyncio.gather(*(rollout.stop() for rollout in rollouts))
            await asyncio.gather(*(rollout.front.stop() for rollout in rollouts))
            await self._collector.stop()
            await self._backstage.stop()
        finally:
            if self._nursery is not None:
                await self._nursery.stop()

    async def check(self, script: Script) -> int:
        """Boot a script once and end it; milliseconds that it took. Raises StartupError."""
        process = await self._started().boot(script, token="")
        await process.stop()
        return process.boot_ms

    async def deploy(self, worker: str, shares: Sequence[tuple[Script, float]]) -> None:
        """Serve a worker by these scripts, each its part in per cent, 0 included.

        Returns once the change is accepted: served already, or on its way for ``propagation_s``.
        Raises StartupError, and then nothing is changed.
        """
        rollout = await self._rollout(worker)
        await rollout.deploy(shares, self._conditions.propagation_s)

    async def remove(self, worker: str) -> None:
        """Serve a worker no longer; its address stays its own. One that is not there is ignored."""
        if worker in self._rollouts:
            await self._rollouts[worker].remove()

    def url(self, worker: str) -> str | None:
        """Where a worker is served; None when it is not deployed."""
        rollout = self._rollouts.get(worker)
        return rollout.front.url if rollout and rollout.deployed else None

    async def secure(self, worker: str, conditions: TlsConditions) -> Secured | None:
        """Serve a worker over https too, under these conditions; None when it is not deployed."""
        async with self._opening:
            rollout = self._rollouts.get(worker)
            return await rollout.front.secure(conditions) if rollout and rollout.deployed else None

    def secured(self, worker: str) -> Secured | None:
        """How a worker is served over https; None when it is not."""
        rollout = self._rollouts.get(worker)
        return rollout.front.secured if rollout else None

    def live(self, worker: str) -> list[tuple[str, float]]:
        """The versions that serve a worker at this moment, each with its part in per cent."""
        rollout = self._rollouts.get(worker)
        current = rollout.current if rollout else None
        return [(version.script.version_id, part) for version, part in current.shares] if current else []

    def seed(self, namespace: str, values: Mapping[str, str]) -> None:
        """Write into a KV namespace under keys that are not there yet. Raises KvError."""
        self._namespaces.seed(namespace, values)

    async def trigger(self, worker: str, cron: str, at_ms: int) -> Outcome | None:
        """Have the handler of crons called, as at that time (milliseconds since 1970); how that ended.

        None when no version that serves the worker has one. Raises TimeoutError.
        """
        rollout = self._rollouts.get(worker)
        shares = rollout.current.shares if rollout and rollout.current else ()
        version, _ = max(shares, key=lambda share: share[1], default=(None, 0))
        if version is None or not version.script.scheduled:
            return None
        return await version.scheduled(cron, at_ms)

    async def _to_neighbour(self, worker: str, request: web.Request) -> web.StreamResponse:
        """Pass on what one worker asks of another."""
        rollout = await self._rollout(worker)
        scheme = request.headers.get("X-Forwarded-Proto", request.scheme)
        return await rollout.front.serve(request.clone(scheme=scheme))

    def _started(self) -> Launcher:
        if self._launcher is None:
            raise RuntimeError("the edge is not started")
        return self._launcher

    async def _rollout(self, worker: str) -> Rollout:
        async with self._opening:
            if worker not in self._rollouts:
                front = Front(lambda: self._conditions, self._limits, self._authority)
                await front.start()
                self._rollouts[worker] = Rollout(worker, front, self._boot, self._retire)
            return self._rollouts[worker]

    async def _boot(self, script: Script) -> LiveVersion:
        self.stub_uses.expect(script)
        version = LiveVersion(script, self._started(), self._publish)
        await version.start()
        self._collector.register(version.token, version.traced)
        self._backstage.show(version.token, script.assets)
        return version

    def _publish(self, worker: str, event: dict[str, Any]) -> None:
        self.stub_uses.note(worker, event)
        self.tails.publish(worker, event)

    async def _retire(self, version: LiveVersion) -> None:
        await version.retire()
        self._collector.unregister(version.token)
        self._backstage.hide(version.token)
