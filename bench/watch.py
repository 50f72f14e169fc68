"""What a watch costs: memory over a million events of a tail, and how much of a core a hundred a second take.

``python -m bench.watch PORT EVENTS`` is the child that is measured: it has loaded what a session loads, reads
the tail over a real WebSocket and counts it as a watch does.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

import fixtures.session
import fixtures.watch  # noqa: F401 - same
from backstop.cloudflare.api import CloudflareApi, TailTicket
from backstop.cloudflare.tail import Tail
from backstop.environment import read_environment
from backstop.observe.tail_tally import TailTally
from backstop.polling import SYSTEM
from backstop.process import run
from bench.memory import peak_mb

ROOT = Path(__file__).resolve().parent.parent
EVENTS = 1_000_000
RATE = 100  # events a second
_SAID = (100_000, EVENTS)
_LIMIT_S = 550.0
_MEMORY_MB, _CORE_PERCENT = 120.0, 5.0
_EVERY_S = 2.0  # between two looks at what was counted
_VERSION = "0f3f9c1e-6a51-4d3c-9a43-2f3f2f1f0a01"


def measure() -> None:
    """Print the table."""
    few, many = (_measured(events) for events in _SAID)
    grown, per_event = many["mb"] - few["mb"], many["cpu"] / EVENTS
    percent = 100 * per_event * RATE
    print(f"\na tail of {EVENTS:,} events, counted")
    print(f"memory after {_SAID[0]:,}, in MB               {few['mb']:9.1f}")
    print(f"memory after all of them, in MB           {many['mb']:9.1f}  ({grown:+.1f})")
    print(f"ratio to the {_MEMORY_MB:g} MB that are allowed            {many['mb'] / _MEMORY_MB:9.2f}")
    print(f"of a core at {RATE} events a second           {percent:9.2f} %")
    print(f"ratio to the {_CORE_PERCENT:g} % that are allowed               {percent / _CORE_PERCENT:9.2f}")


def _measured(events: int) -> Mapping[str, float]:
    with _server(events) as port:
        argv = [sys.executable, "-m", "bench.watch", str(port), str(events)]
        ended = run(argv, env=read_environment().handed_down(), cwd=ROOT, limit=_LIMIT_S)
    assert ended.returncode == 0, ended.stderr
    found: Mapping[str, float] = json.loads(ended.stdout)
    return found


@contextmanager
def _server(events: int) -> Iterator[int]:
    """Sends so many events to whoever connects, as fast as they are read."""
    frame = json.dumps(_event())

    def send(socket: ServerConnection) -> None:
        socket.recv()
        try:
            for _ in range(events):
                socket.send(frame)
            socket.recv()
        except ConnectionClosed:
            return

    with serve(send, "127.0.0.1", 0, subprotocols=[Subprotocol("trace-v1")], compression=None) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.socket.getsockname()[1]


def _event() -> Mapping[str, object]:
    """Of an ordinary request, with the headers and a log line that it has."""
    headers = {f"header-{number}": "value" * 8 for number in range(12)}
    return {
        "wallTime": 12,
        "cpuTime": 3,
        "truncated": False,
        "outcome": "ok",
        "scriptVersion": {"id": _VERSION},
        "exceptions": [],
        "logs": [{"message": ["served a request"], "level": "log", "timestamp": 1_790_000_000_000}],
        "eventTimestamp": 1_790_000_000_000,
        "event": {
            "request": {"url": "https://bot.example.workers.dev/", "method": "POST", "headers": headers},
            "response": {"status": 200},
        },
    }


class _Api:
    """Stands in for the one call that a tail makes."""

    def __init__(self, port: int) -> None:
        self._url = f"ws://127.0.0.1:{port}/"

    def create_tail(self, _worker: str, _filters: Sequence[Mapping[str, object]]) -> TailTicket:
        """A tail that is there."""
        return TailTicket("tail", self._url, None)

    def delete_tail(self, _worker: str, _tail: str) -> None:
        """It ends with its server."""


def _child(port: int, events: int) -> None:
    tally, seen, before = TailTally(), 0, time.process_time()
    with Tail(cast("CloudflareApi", _Api(port)), "bot", each=tally.take):
        while seen < events:
            SYSTEM.wait(_EVERY_S)
            seen += tally.reap().seen
    used = peak_mb()
    print(json.dumps({"mb": used, "cpu": time.process_time() - before}))


if __name__ == "__main__":
    _child(int(sys.argv[1]), int(sys.argv[2]))
