"""How much a version may use, and how far and slow the edge is."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one version's process; durations in seconds, CPU in seconds of CPU time.

    ``background_s`` is how long an answered request may go on, ``drain_s`` how long an old version
    may, ``trace_s`` how long a bare 500 waits for the event that says whose it is.
    """

    cpu_s: float = 1.0
    heap_mib: int = 128
    rss_bytes: int = 256 * _MIB
    response_s: float = 30.0
    drain_s: float = 10.0
    background_s: float = 35.0
    boot_s: float = 20.0
    boot_cpu_s: float = 1.5
    trace_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Conditions:
    """Seconds between acceptance and flip of a deployment, milliseconds before a response starts."""

    propagation_s: float = 0.0
    added_rtt_ms: float = 0.0
