"""Exact bounds of an error rate: known values, and the promises that any bound must keep."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from backstop.statistics.binomial import clean_needed, lower, upper


@pytest.mark.parametrize(("clean", "below"), [(5, 0.5), (29, 0.1), (59, 0.05), (149, 0.02), (299, 0.01)])
def test_clean_probes_claim_what_is_known(clean: int, below: float) -> None:
    """So many clean probes are needed, and one fewer is not enough."""
    assert upper(0, clean) < below
    assert upper(0, clean - 1) > below
    assert clean == clean_needed(below)


@pytest.mark.parametrize(("errors", "probes"), [(2, 10), (3, 20), (4, 50), (6, 100)])
def test_errors_declare_what_is_known(errors: int, probes: int) -> None:
    """So many errors show more than 2 %, and one fewer does not."""
    assert lower(errors, probes) > 0.02
    assert lower(errors - 1, probes) < 0.02


@pytest.mark.parametrize("trials", [1, 2, 10, 20, 34, 40, 300, 1000, 100_000])
@pytest.mark.parametrize("share", [0.0, 0.008, 0.15, 0.5, 0.95, 1.0])
def test_bounds_are_those_of_scipy(trials: int, share: float) -> None:
    """One-sided, with any confidence."""
    hits = round(share * trials)
    for confidence in (0.9, 0.95, 0.978):
        above = binomtest(hits, trials, alternative="greater").proportion_ci(confidence, "exact")
        below = binomtest(hits, trials, alternative="less").proportion_ci(confidence, "exact")

        assert lower(hits, trials, confidence) == pytest.approx(above.low, rel=1e-9)
        assert upper(hits, trials, confidence) == pytest.approx(below.high, rel=1e-9)


def test_bounds_enclose_what_was_seen_and_mirror_each_other() -> None:
    """For every number of hits."""
    for hits in range(21):
        assert lower(hits, 20) <= hits / 20 <= upper(hits, 20)
        assert lower(hits, 20) == pytest.approx(1 - upper(20 - hits, 20))


def test_extremes_are_exact() -> None:
    """Nothing seen excludes nothing below, everything seen nothing above."""
    assert 0.0 == lower(0, 7)
    assert 1.0 == upper(7, 7)


@pytest.mark.parametrize(("hits", "trials"), [(0, 0), (-1, 3), (4, 3)])
def test_nonsense_is_refused(hits: int, trials: int) -> None:
    """No probe at all says nothing."""
    with pytest.raises(ValueError, match="no share"):
        lower(hits, trials)
    with pytest.raises(ValueError, match="no share"):
        upper(hits, trials)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, float("nan")])
def test_what_no_number_of_probes_can_claim_is_refused(share: float) -> None:
    """Never any error at all, for one."""
    with pytest.raises(ValueError, match="can't be claimed"):
        clean_needed(share)
