"""Time of one look of all suites, 50 ms away from everything, over its longest chain of dependent requests.

Latency samples are apart: they are many, and each is sent when it is due, on purpose. They are held against
as many requests that are sent one after the other.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

import httpx

from backstop.model.http import Request
from backstop.observe.ahead import look_ahead
from backstop.observe.looks import Looks
from backstop.observe.sampling import SAMPLES, sample
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
    kept = (lambda: sample(place.prober, _cheapest(place)), lambda: _one_after_the_other(place))
    due, closed = ([timed(act) for _ in range(ROUNDS)] for act in kept)
    be_away(place, 0)
    taken, chain = statistics.median(looks), CHAIN * single
    print(f"\n{ROUNDS} looks, {RTT_MS} ms away, median (least to most)  seconds")
    _row("all suites but latency", looks)
    print(f"longest chain: {CHAIN} requests                 {chain:9.2f}")
    print(f"ratio                                     {taken / chain:9.2f}")
    _row(f"{SAMPLES} samples, each when it is due", due)
    _row(f"{SAMPLES} requests one after the other", closed)
    print(
        f"ratio                                     {statistics.median(due) / statistics.median(closed):9.2f}"
    )


def _row(what: str, seconds: Sequence[float]) -> None:
    spread = f"({min(seconds):.2f} to {max(seconds):.2f})"
    print(f"{what:<42}{statistics.median(seconds):9.2f}  {spread}")


def _look(place: Place) -> None:
    looks = Looks(place)
    look_ahead(looks, SUITES)
    _ = looks.cold


def _one_after_the_other(place: Place) -> None:
    """What sampling took when it waited for each answer: a warm-up, and as many requests."""
    with place.prober.apart() as prober:
        for _ in range(1 + SAMPLES):
            prober.ask(_cheapest(place))


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
