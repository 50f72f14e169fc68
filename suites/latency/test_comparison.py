"""The bot answers as fast as it did before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.observe.weighed import Weighed, settled

Compare = Callable[[], Weighed]


@pytest.mark.check("latency.degradation", severity="high", step="3. Performance degradation, step 4")
def test_degradation(before: Compare, remark: Callable[[str], None]) -> None:
    """The version that serves is not slower than the one before it"""
    found = settled(before())

    assert not found.slower, (
        f"slower than before: {found.text}, wanted no more than the policy's slower_percent\n"
        "→ roll back, or look for what the new version does before its first byte"
    )
    remark(found.text)


@pytest.mark.check("latency.restored", severity="high", step="3. Performance degradation, step 5")
def test_restored(as_before: Compare, remark: Callable[[str], None], degraded: Callable[[str], None]) -> None:
    """After a rollback the bot is as fast as it was before"""
    found = as_before()
    if found.nearly:
        degraded(f"not slower, and not shown to be as fast as before: {found.text}")
        return
    settled(found)

    assert not found.slower, (
        f"not restored: {found.text}, wanted the times of before\n"
        "→ what is slow was not in the version alone: look at what the bot asks, and at its data"
    )
    remark(found.text)
