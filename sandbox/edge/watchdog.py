"""Ends a process that burns CPU or memory beyond its limits, and says why a process ended."""

from __future__ import annotations

import time

from sandbox.edge.flight import Outcome, Roster
from sandbox.edge.limits import Limits
from sandbox.edge.workerd import Workerd

_LOOK_S = 0.05


async def watch(process: Workerd, roster: Roster, limits: Limits) -> Outcome:
    """Look after a process until it is gone, which may be our doing; the outcome of who caused it.

    It only looks while requests are open. Waiting costs a process no CPU, so a slow fetch is safe.
    """
    process.when_ended(roster.stir)
    while not process.ended:
        if not roster:
            await roster.stirred()
            continue
        verdict = judge(process, roster, limits)
        if verdict is not None:
            await process.stop()
            return verdict
        roster.forget(time.monotonic(), limits.background_s)
        await process.wait_ended(_LOOK_S)
    return Outcome.EXCEEDED_MEMORY if process.out_of_memory else Outcome.UNKNOWN


def judge(process: Workerd, roster: Roster, limits: Limits) -> Outcome | None:
    """The limit that is passed now, if any."""
    usage = process.usage()
    if usage is None:
        return None
    most = roster.charge(usage)
    if usage.rss > limits.rss_bytes:
        return Outcome.EXCEEDED_MEMORY
    return Outcome.EXCEEDED_CPU if most > limits.cpu_s else None
