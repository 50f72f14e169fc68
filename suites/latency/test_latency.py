"""The bot answers in time."""

from __future__ import annotations

import pytest

from backstop.observe.looks import Looks

MEAN_AT_MOST = 1.0  # seconds; from this mean on the decision policy speaks of low severity
SLOWEST_AT_MOST = 3.0  # seconds; Discord drops an interaction that is not answered by then


@pytest.mark.check("latency.mean", severity="medium", step="3. Performance degradation, step 3")
def test_mean(looks: Looks) -> None:
    """The mean time to first byte of 20 warm requests stays under the policy's threshold"""
    found = looks.latency.mean

    assert found <= MEAN_AT_MOST, (
        f"mean time to first byte: found {found:.3f} s, wanted at most {MEAN_AT_MOST} s"
    )


@pytest.mark.check("latency.slowest", severity="medium", step="3. Performance degradation, step 3")
def test_slowest(looks: Looks) -> None:
    """No warm request takes longer than Discord waits"""
    found = max(looks.latency.warm)

    assert found <= SLOWEST_AT_MOST, f"slowest of 20: found {found:.3f} s, wanted at most {SLOWEST_AT_MOST} s"
