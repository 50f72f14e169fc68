"""Time of one look of all suites, 50 ms away from everything, over its longest chain of dependent requests.

Latency samples are left out: they are many, and one after the other, on purpose.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import httpx

from backstop.model.http import Request
from backstop.observe.ahead import look_ahead
from backstop.observe.looks import Looks
from backstop.place import Place

ROUNDS = 5
RTT_MS = 50
SUITES = frozenset({"health", "discord", "security", "deployment"})
# open a tail, its WebSocket, a probe, the probe again, the canary, close the tail, a cold probe
CHAIN = 7
_API = "/client/v4"
_LIMIT_S = 10.0


def measure(place: Place) -> None:
    """Print the table."""
    be_away(place, RTT_MS)
    single = statistics.median(timed(lambda: place.prober.ask(_cheapest(place))) for _ in range(ROUNDS))
    looks = [timed(lambda: _look(place)) for _ in range(ROUNDS)]
    be_away(place, 0)
    taken, chain = statistics.median(looks), CHAIN * single
    print(f"\n{ROUNDS} looks, {RTT_MS} ms away, median (least to most)  seconds")
    print(f"all suites but latency                    {taken:9.2f}  ({min(looks):.2f} to {max(looks):.2f})")
    print(f"longest chain: {CHAIN} requests                 {chain:9.2f}")
    print(f"ratio                                     {taken / chain:9.2f}")


def _look(place: Place) -> None:
    looks = Looks(place)
    look_ahead(looks, SUITES)
    _ = looks.cold


def _cheapest(place: Place) -> Request:
    return Request("GET", place.target.url)


def timed(act: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = time.monotonic()
    act()
    return time.monotonic() - began


def be_away(place: Place, rtt_ms: float) -> None:
    """Let each answer of the sandbox take so much longer."""
    conditions = place.target.cloudflare_api.removesuffix(_API) + "/sandbox/conditions"
    answer = httpx.put(conditions, json={"added_rtt_ms": rtt_ms}, timeout=_LIMIT_S, trust_env=False)
    answer.raise_for_status()
