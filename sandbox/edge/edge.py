"""The edge: deploys scripts to real workerd processes behind one unchanging address per worker."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from sandbox.authority import Authority
from sandbox.edge.collector import Collector
from sandbox.edge.config import Wiring
from sandbox.edge.limits import Conditions, Limits
from sandbox.edge.live import LiveVersion
from sandbox.edge.locate import workerd_binary
from sandbox.edge.nursery import Nursery
from sandbox.edge.proxy import Front
from sandbox.edge.rollout import Rollout
from sandbox.edge.script import Module, Script, StartupError
from sandbox.edge.secured import Secured, TlsConditions
from sandbox.edge.tails import Tails
from sandbox.edge.workerd import Launcher

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
        self._outbound = outbound
        self._parent = runtime_dir
        self._limits = limits or Limits()
        self._binary = binary
        self._authority = authority or Authority()
        self._conditions = Conditions()
        self._collector = Collector()
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
        wiring = Wiring(self._outbound, self._collector.address, self._limits.heap_mib)
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
        version = LiveVersion(script, self._started(), self.tails.publish)
        await version.start()
        self._collector.register(version.token, version.traced)
        return version

    async def _retire(self, version: LiveVersion) -> None:
        await version.retire()
        self._collector.unregister(version.token)
