"""The bot answers in time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.target import Target
from backstop.observe.sampling import COLD_S, SAMPLES, SLOW_S
from backstop.observe.thresholds import mean_limit
from fixtures.comparison import Comparing
from fixtures.latency import Record

_TOLD_S = 0.1  # of our own lateness
_STEP = "3. Performance degradation, step 3"


@pytest.mark.check("latency.mean", severity="medium", step=_STEP)
def test_mean(
    target: Target,
    record: Record,
    remark: Callable[[str], None],
    degraded: Callable[[str], None],
    comparing: Comparing,
) -> None:
    """The mean time to first byte of warm requests stays under the policy's threshold"""
    found, limit = comparing.times(), mean_limit(target)
    record(found.warm, found.phases, found.due, comparing.measure().of_each)
    beside = "; ".join(found.beside)

    assert found.mean <= limit, (
        f"mean time to first byte of {len(found.warm)} warm requests: found {found.mean:.3f} s, "
        f"wanted at most {limit:g} s{beside and f'; {beside}'}\n"
        "→ compare with the version before; look for slow fetches in the tail"
    )
    late = f", {found.late} of them late behind others that stalled" if found.late else ""
    behind = f"; our own side sent one {found.held:.3f} s late, which is in no time"
    ours = behind if found.held > _TOLD_S else ""
    half, most = found.quantile(0.5), found.quantile(0.95)
    when_due = f"half within {half:.3f} s of when they were due, 95 % within {most:.3f} s"
    remark(f"mean {found.mean:.3f} s, {when_due}, {len(found.warm)} requests{late}{ours}")
    if beside:
        (degraded if found.mostly_lost else remark)(beside)
    if alone := comparing.uncompared():
        remark(alone)


@pytest.mark.check("latency.slowest", severity="medium", step=_STEP)
def test_slowest(comparing: Comparing, degraded: Callable[[str], None]) -> None:
    """No warm request takes longer than Discord waits"""
    found = comparing.times()
    slow, asked = found.slower_than(SLOW_S), len(found.waits)
    hiccup = found.stalls == 1 and asked > SAMPLES
    seen = f"{slow} of {asked} warm requests took longer than {SLOW_S:g} s: {found.slowest:.3f} s"

    assert not slow or hiccup, (
        f"{seen}, wanted none\n→ answer commands with a deferred reply, and look for what stalls"
    )
    if hiccup:
        degraded(f"{seen}; it did not come again")
    elif (late := found.slower_than(COLD_S)) > 1:
        degraded(f"{late} of {asked} warm requests took longer than {COLD_S:g} s, half of Discord's patience")


@pytest.mark.check("latency.cold", severity="medium", step=_STEP)
def test_cold(comparing: Comparing, record: Record) -> None:
    """A request over a new connection leaves the bot half of Discord's patience"""
    found = comparing.quickest_cold()
    series = comparing.measure()
    record(series.cold, more={"statuses": series.cold_statuses})

    assert found <= COLD_S, (
        f"connecting and first byte over a new connection: found {found:.3f} s, "
        f"wanted at most {COLD_S:g} s\n→ do less at the start of the worker, and before the first byte"
    )
