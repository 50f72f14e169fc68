"""Bounds of a number of events."""

from __future__ import annotations

import pytest

from backstop.statistics import poisson


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [
        (4, 1.366, 9.154),
        (10, 5.425, 16.962),
        (100, 84.139, 118.079),
    ],  # tables of the chi-squared distribution
)
def test_bounds_are_those_of_the_tables(events: int, low: float, high: float) -> None:
    """To a hundredth."""
    assert pytest.approx(low, rel=0.01) == poisson.lower(events)
    assert pytest.approx(high, rel=0.01) == poisson.upper(events)


@pytest.mark.parametrize(("events", "low", "high"), [(0, 0.0, 2.996), (1, 0.0513, 4.744), (2, 0.355, 6.296)])
def test_few_events_claim_no_more_than_they_may(events: int, low: float, high: float) -> None:
    """The lower bound is never above the exact one."""
    assert 0.0 <= poisson.lower(events) <= low
    assert pytest.approx(high, rel=0.01) == poisson.upper(events)


def test_a_number_that_can_not_be() -> None:
    """Nobody has seen fewer than none."""
    with pytest.raises(ValueError, match="no number of events"):
        poisson.lower(-1)
    with pytest.raises(ValueError, match="no number of events"):
        poisson.upper(-1)
