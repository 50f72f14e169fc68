"""What one worker's front serves, what it will serve next, and what still has to end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace

from sandbox.edge.live import LiveVersion
from sandbox.edge.proxy import Front
from sandbox.edge.routing import Split
from sandbox.edge.script import Script

Boot = Callable[[Script], Coroutine[None, None, LiveVersion]]
End = Callable[[LiveVersion], Coroutine[None, None, None]]


class Rollout:
    """The deployments of one worker; of those that have not reached the edge only the newest counts."""

    def __init__(self, worker: str, front: Front, boot: Boot, retire: End) -> None:
        self.front = front
        self._worker = worker
        self._boot = boot
        self._retire = retire
        self._running: list[LiveVersion] = []
        self._next: Split | None = None
        self._flip: asyncio.Task[None] | None = None
        self._ending: dict[asyncio.Task[None], LiveVersion] = {}
        self._turn = asyncio.Lock()

    @property
    def current(self) -> Split | None:
        """What the front serves by now."""
        return self.front.split

    @property
    def deployed(self) -> bool:
        """Whether something is served, or on its way."""
        return self.current is not None or self._next is not None

    async def deploy(self, shares: Sequence[tuple[Script, float]], delay: float) -> None:
        """Boot what is new, then flip: at once, or after ``delay`` seconds. Raises StartupError."""
        async with self._turn:
            try:
                split = Split(self._worker, await self._booted(_with_keeper(shares)))
                self._supersede()
                self._next = split
            finally:
                self._sweep()
            if delay > 0:
                self._flip = asyncio.create_task(self._flip_after(delay))
            else:
                self._arrive()

    async def remove(self) -> None:
        """Serve nothing from now on."""
        async with self._turn:
            self._supersede()
            self._arrive()

    async def stop(self) -> None:
        """End everything at once."""
        async with self._turn:
            self._supersede()
            self.front.split = None
            ending = dict(self._ending)
            for task in ending:
                task.cancel()
            await asyncio.gather(*(version.stop() for version in (*self._running, *ending.values())))
            await asyncio.gather(*ending, return_exceptions=True)
            self._running.clear()

    async def _booted(self, shares: Sequence[tuple[Script, float]]) -> tuple[tuple[LiveVersion, float], ...]:
        """The live versions of these scripts; what runs already is used again."""
        fresh = [script for script, _ in shares if self._find(script) is None]
        outcomes = await asyncio.gather(*map(self._start, fresh), return_exceptions=True)
        for failure in outcomes:
            if failure is not None:
                raise failure
        found = [(self._find(script), part) for script, part in shares]
        return tuple((version, part) for version, part in found if version is not None)

    async def _start(self, script: Script) -> None:
        self._running.append(await self._boot(script))

    def _find(self, script: Script) -> LiveVersion | None:
        return next((version for version in self._running if version.script == script), None)

    def _supersede(self) -> None:
        if self._flip:
            self._flip.cancel()
        self._flip = self._next = None

    async def _flip_after(self, delay: float) -> None:
        await asyncio.sleep(delay)
        async with self._turn:
            self._flip = None
            self._arrive()

    def _arrive(self) -> None:
        self.front.split, self._next = self._next, None
        self._hand_objects_over()
        self._sweep()

    def _hand_objects_over(self) -> None:
        """Who keeps the Durable Objects from now on waits until all that kept them before have ended."""
        keeping = [each for each in (*self._running, *self._ending.values()) if each.script.keeps_objects]
        for version in keeping:
            if self.current is not None and version in self.current:
                version.succeed(each for each in keeping if each is not version)

    def _sweep(self) -> None:
        """Let everything end that neither serves nor will."""
        wanted = [split for split in (self.current, self._next) if split is not None]
        for version in tuple(self._running):
            if not any(version in split for split in wanted):
                self._running.remove(version)
                task = asyncio.create_task(self._retire(version))
                self._ending[task] = version
                task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._ending.pop(task, None)


def _with_keeper(shares: Sequence[tuple[Script, float]]) -> list[tuple[Script, float]]:
    """Of versions side by side, that with the largest part keeps the Durable Objects' state."""
    most = max(range(len(shares)), key=lambda number: shares[number][1])
    return [
        (replace(script, keeps_objects=number == most and bool(script.classes)), part)
        for number, (script, part) in enumerate(shares)
    ]
