"""Nothing of the edge outlives it: no process, no listener, no file."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil

from tests.sandbox.edge_stage import LIMIT_S, Stage, on_stage, script

_ROOT = Path(__file__).resolve().parents[2]
_HOST = """
import asyncio, sys
from pathlib import Path
import psutil
from tests.sandbox.edge_stage import script, stage

async def main():
    async with stage(script("v1"), runtime_dir=Path(sys.argv[1])):
        print(*(child.pid for child in psutil.Process().children(recursive=True)), flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def _children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def _files(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    """Also with three versions, one of them busy, and a deployment on its way."""
    before = {child.pid for child in _children()}
    seen: list[psutil.Process] = []
    ports: list[int] = []

    async def play(stage: Stage) -> None:
        await stage.deploy((script("a"), 50), (script("b"), 50))
        busy = asyncio.create_task(stage.get("/wait"))
        await stage.outside.calls.acquire()
        stage.edge.set_conditions(propagation_s=60)
        await stage.deploy((script("c"), 100))
        seen.extend(child for child in _children() if child.pid not in before)
        ports.append(int(stage.url.rpartition(":")[2]))
        busy.cancel()

    on_stage(play, script("first"), runtime_dir=tmp_path)

    assert len(seen) >= 4
    assert not any(child.is_running() for child in seen)
    assert list(tmp_path.iterdir()) == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", ports[0])) != 0


def test_our_own_sudden_death_leaves_nothing(tmp_path: Path) -> None:
    """SIGKILL gives us no time to tidy up, so somebody else does."""
    code = textwrap.dedent(_HOST)
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=_ROOT, stdout=subprocess.PIPE, text=True
    ) as host:
        assert host.stdout is not None
        children = [psutil.Process(int(pid)) for pid in host.stdout.readline().split()]
        host.send_signal(signal.SIGKILL)

    assert len(children) >= 2
    assert psutil.wait_procs(children, timeout=LIMIT_S)[1] == []
    assert list(tmp_path.iterdir()) == []


def test_secrets_do_not_stay_on_disk(tmp_path: Path) -> None:
    """The process has read its configuration once it listens, so it is gone by then."""

    async def play(stage: Stage) -> None:
        assert await stage.version() == "v1"
        assert _files(tmp_path) == []

    on_stage(play, script("v1", secrets={"TOKEN": "s3cret"}), runtime_dir=tmp_path)


def test_three_versions_fit_into_the_memory_that_was_promised() -> None:
    """400 MB for all processes, of which these are the big ones."""
    before = {child.pid for child in _children()}

    async def play(stage: Stage) -> None:
        await stage.deploy((script("a"), 50), (script("b"), 50), (script("c"), 0))
        await stage.version()
        used = sum(child.memory_info().rss for child in _children() if child.pid not in before)

        assert used < 300 * 1024 * 1024

    on_stage(play)
