"""``python -m sandbox``: runs the embedded cloud until its parent goes or a signal comes.

On stdout stands one line, the ready line, as JSON. Everything on stderr is log.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.cloud import Cloud
from sandbox.edge.locate import workerd_binary

_READ_BYTES = 4096
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Run the sandbox; the exit code."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    options = _options()
    with _runtime_dir(options.runtime_dir) as directory:
        asyncio.run(_run(directory, options.tools))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument(
        "--runtime-dir", type=Path, help="where to keep working files; else a temporary directory"
    )
    parser.add_argument(
        "--tools", type=Path, help="the folder whose node_modules hold workerd; else the nearest above us"
    )
    return parser.parse_args()


@contextmanager
def _runtime_dir(wanted: Path | None) -> Iterator[Path]:
    if wanted:
        wanted.mkdir(parents=True, exist_ok=True)
        yield wanted.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="sandbox-") as made:
        yield Path(made)


async def _run(runtime_dir: Path, tools: Path | None) -> None:
    asked_to_end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, asked_to_end.set)
    _watch_parent(loop, asked_to_end)
    async with Cloud(runtime_dir, workerd_binary(tools)) as cloud:
        sys.stdout.write(json.dumps(cloud.addresses.as_json()) + "\n")
        sys.stdout.flush()
        await asked_to_end.wait()


def _watch_parent(loop: asyncio.AbstractEventLoop, asked_to_end: asyncio.Event) -> None:
    """A pipe or socket on stdin ends when our parent does; terminals, files and /dev/null tell nothing."""
    if sys.stdin is None or not _can_end(sys.stdin.fileno()):
        return
    descriptor = sys.stdin.fileno()

    def read() -> None:
        if not os.read(descriptor, _READ_BYTES):
            loop.remove_reader(descriptor)
            asked_to_end.set()

    loop.add_reader(descriptor, read)


def _can_end(descriptor: int) -> bool:
    mode = os.fstat(descriptor).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


if __name__ == "__main__":
    sys.exit(main())
