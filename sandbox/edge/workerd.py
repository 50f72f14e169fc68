"""One workerd process that serves one version."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import tempfile
import time
from asyncio.subprocess import Process
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import psutil

from sandbox.edge.config import Wiring, lay_out
from sandbox.edge.limits import Limits
from sandbox.edge.nursery import Nursery
from sandbox.edge.script import Script, StartupError
from sandbox.edge.wires import TRIGGER, kept_at

_HTTP = "http"
_KEPT = 64 * 1024
_LOOK_S = 0.1
_END_S = 10.0
_NEWEST = re.compile(r'newest date supported by this server binary is "(\d{4}-\d\d-\d\d)"')
_COMPLAINT = re.compile(r"^service main: ", re.MULTILINE)
_OUT_OF_MEMORY = b"heap out of memory"


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds since the process began and the bytes of memory that it holds."""

    cpu_s: float
    rss: int


class Workerd:
    """A running process, its ports on 127.0.0.1, and how it ended when it did.

    ``trigger_port`` takes crons; 0 where the version has no handler for them.
    """

    def __init__(self, process: Process, nursery: Nursery) -> None:
        self.port = 0
        self.trigger_port = 0
        self.boot_ms = 0
        self._process = process
        self._nursery = nursery
        self._gauge = _gauge(process.pid)
        self._stderr = bytearray()
        self._reader = asyncio.create_task(self._read_stderr())
        self._end = asyncio.create_task(self._until_ended())

    @property
    def pid(self) -> int:
        """The process's number, which is also its group's."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether the process is gone and waited for."""
        return self._end.done()

    @property
    def out_of_memory(self) -> bool:
        """Whether it died of its heap limit, or was killed by a system without memory left."""
        return _OUT_OF_MEMORY in self._stderr or self._process.returncode == -signal.SIGKILL

    @property
    def complaint(self) -> str:
        """What it said about the worker on stderr, without workerd's own prefix."""
        return _COMPLAINT.sub("", self._stderr.decode(errors="replace")).strip()

    def usage(self) -> Usage | None:
        """What it uses now; None when it is gone."""
        if self._gauge is None:
            return None
        try:
            with self._gauge.oneshot():
                times, memory = self._gauge.cpu_times(), self._gauge.memory_info()
        except psutil.Error:
            return None
        return Usage(times.user + times.system, memory.rss)

    def when_ended(self, call: Callable[[], None]) -> None:
        """Have something called once the process is gone."""
        self._end.add_done_callback(lambda _: call())

    async def wait_ended(self, limit: float) -> bool:
        """Wait for the end for so many seconds; whether it came."""
        done, _ = await asyncio.wait({self._end}, timeout=limit)
        return bool(done)

    def kill(self) -> None:
        """End the process at once; a busy isolate would not hear anything gentler."""
        if not self.ended:
            self._nursery.kill(self._process)

    async def stop(self) -> None:
        """End the process and wait until it is gone."""
        self.kill()
        async with asyncio.timeout(_END_S):
            await asyncio.shield(self._end)

    async def _until_ended(self) -> None:
        await self._process.wait()
        self._nursery.buried(self._process)
        await asyncio.wait({self._reader}, timeout=_LOOK_S)
        self._reader.cancel()

    async def _read_stderr(self) -> None:
        if self._process.stderr is None:
            return
        while chunk := await self._process.stderr.read(_KEPT):
            self._stderr += chunk
            del self._stderr[:-_KEPT]


@dataclass(frozen=True, slots=True)
class Launcher:
    """Boots processes; what all of them have in common."""

    binary: Path
    runtime_dir: Path
    wiring: Wiring
    limits: Limits
    nursery: Nursery

    async def boot(self, script: Script, token: str) -> Workerd:
        """Start a version and wait until it listens. Raises StartupError when it is refused."""
        try:
            return await self._boot(script, token)
        except StartupError as error:
            dated = _clamped(script, error.message)
            if dated is None:
                raise
            return await self._boot(dated, token)

    async def _boot(self, script: Script, token: str) -> Workerd:
        directory = Path(tempfile.mkdtemp(prefix="version-", dir=self.runtime_dir))
        if script.keeps_objects:
            kept_at(script, self.wiring.objects).mkdir(parents=True, exist_ok=True)
        try:
            return await self._serve(lay_out(directory, script, self.wiring, token), script)
        finally:
            shutil.rmtree(directory)  # it holds secrets, and workerd has read it

    async def _serve(self, config: Path, script: Script) -> Workerd:
        began = time.monotonic()
        reader, writer = os.pipe()
        # The handler of crons can be called by an experimental feature only, which workerd wants to be told.
        flags = ["--experimental"] if script.scheduled else []
        argv = [str(self.binary), "serve", *flags, f"--control-fd={writer}", str(config)]
        try:
            with os.fdopen(writer, "wb"):
                process = await self.nursery.spawn(argv, pass_fds=[writer])
        except OSError:
            os.close(reader)
            raise
        workerd = Workerd(process, self.nursery)
        try:
            ports = await self._ports(workerd, reader, 2 if script.scheduled else 1)
        except BaseException:
            await workerd.stop()
            raise
        workerd.port, workerd.trigger_port = ports[_HTTP], ports.get(TRIGGER, 0)
        workerd.boot_ms = max(1, round((time.monotonic() - began) * 1000))
        return workerd

    async def _ports(self, workerd: Workerd, control: int, sockets: int) -> dict[str, int]:
        """The port of each socket from the control messages; they end early when the worker is refused."""
        stream = asyncio.StreamReader()
        pipe = os.fdopen(control, "rb", buffering=0)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), pipe
        )
        lines = asyncio.create_task(_lines(stream, sockets))
        try:
            await self._until_said(lines, workerd)
            if len(lines.result()) < sockets:
                await workerd.wait_ended(_END_S)
                raise StartupError(workerd.complaint or "The worker ended while it started.")
            heard = [json.loads(line) for line in lines.result()]
            return {str(each["socket"]): int(each["port"]) for each in heard}
        finally:
            lines.cancel()
            transport.close()

    async def _until_said(self, lines: asyncio.Task[list[bytes]], workerd: Workerd) -> None:
        deadline = time.monotonic() + self.limits.boot_s
        while not (await asyncio.wait({lines}, timeout=_LOOK_S))[0]:
            usage = workerd.usage()
            if usage and usage.cpu_s > self.limits.boot_cpu_s:
                raise StartupError("Script startup exceeded CPU time limit.")
            if time.monotonic() > deadline:
                raise StartupError(f"Script startup took more than {self.limits.boot_s:g} s.")


async def _lines(stream: asyncio.StreamReader, wanted: int) -> list[bytes]:
    """So many lines, or those that there are."""
    lines: list[bytes] = []
    while len(lines) < wanted and (line := await stream.readline()):
        lines.append(line)
    return lines


def _gauge(pid: int) -> psutil.Process | None:
    """What measures a process; None when it is gone already."""
    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None


def _clamped(script: Script, complaint: str) -> Script | None:
    """The script at the newest date that this workerd knows, if only the binary is too old for it."""
    newest = _NEWEST.search(complaint)
    today = datetime.now(UTC).date().isoformat()
    if newest is None or script.compatibility_date > today:
        return None
    return replace(script, compatibility_date=newest[1])
