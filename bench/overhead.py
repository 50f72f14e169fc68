"""What our client adds to a raw socket, side by side, and to what the server says of its own time."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from backstop.model.http import Answer, Request
from backstop.observe.latency import quantile
from backstop.probes.prober import Prober

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 1000
WARM_UPS = 20
WAIT_US = 2000
_LARGEST = 65536


def measure() -> None:
    """Print the tables."""
    with _server() as port, socket.create_connection(("127.0.0.1", port)) as raw:
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with Prober(f"http://127.0.0.1:{port}") as prober:
            for _ in range(WARM_UPS):
                _raw(raw, 0)
                _asked(prober, 0)
            bare, ours = [], []
            for _ in range(ROUNDS):  # one after the other, so that both meet the same load
                bare.append(_raw(raw, 0))
                ours.append(_asked(prober, 0)[0])
            errors = [_asked(prober, WAIT_US)[1] for _ in range(ROUNDS)]
    print(f"\n{ROUNDS} requests over a kept connection            p50       p99")
    _print("raw socket, to the first byte, µs", bare)
    _print("our client, to the first byte, µs", ours)
    _print("our client above the server's own clock, µs", errors)
    print(f"our client over the raw socket{quantile(ours, 0.5) / quantile(bare, 0.5):23.2f}")


def _print(what: str, times: Sequence[float]) -> None:
    print(f"{what:<44}{1e6 * quantile(times, 0.5):9.0f} {1e6 * quantile(times, 0.99):9.0f}")


@contextmanager
def _server() -> Iterator[int]:
    argv = [sys.executable, "-m", "bench.clocked"]
    process = subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield int(process.stdout.readline())
        process.stdin.close()


def _raw(connection: socket.socket, microseconds: int) -> float:
    request = f"GET /{microseconds} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    began = time.perf_counter_ns()
    connection.sendall(request)
    connection.recv(_LARGEST)
    return (time.perf_counter_ns() - began) / 1e9


def _asked(prober: Prober, microseconds: int) -> tuple[float, float]:
    """Seconds to the first byte, and how many of them the server does not know of."""
    exchange = prober.ask(Request("GET", f"/{microseconds}"))
    assert isinstance(exchange.result, Answer)
    assert exchange.timing.first_byte is not None
    took = int(exchange.result.header("X-Took-Ns") or 0) / 1e9
    return exchange.timing.first_byte, exchange.timing.first_byte - took
