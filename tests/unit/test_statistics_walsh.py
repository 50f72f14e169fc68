"""The middle of a few values and its bounds: tables, an independent count, and what must always hold."""

from __future__ import annotations

from itertools import product
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng
from scipy.stats import wilcoxon

from backstop.statistics.walsh import Middle, middle

TINY = 1e-9  # between a bound and what lies beside it; averages of drawn values are further apart
VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=14)
# What tables of Wilcoxon's signed-rank test say: the largest sum that is significant at one-sided 5 %.
CRITICAL = [
    (5, 0),
    (6, 2),
    (7, 3),
    (8, 5),
    (9, 8),
    (10, 10),
    (12, 17),
    (15, 30),
    (20, 60),
    (25, 100),
    (30, 151),
]


@pytest.mark.parametrize(("count", "critical"), CRITICAL)
def test_the_bounds_are_the_ranks_that_tables_give(count: int, critical: int) -> None:
    """Powers of two have averages that all differ, so that a bound tells its rank."""
    values = [2.0**index for index in range(count)]
    averages = sorted((a + b) / 2 for index, a in enumerate(values) for b in values[index:])

    assert averages[critical] == middle(values).low
    assert averages[-critical - 1] == middle(values).high


@pytest.mark.parametrize("count", [6, 10, 17, 20, 33, 40])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.96875])
def test_the_bounds_are_where_scipy_begins_to_reject(count: int, confidence: float) -> None:
    """A middle just outside of a bound is rejected by Wilcoxon's exact test, one just within it is not."""
    draw = default_rng(count)
    for _ in range(5):
        values = list(draw.normal(0.3, 1.0, count))
        found, allowed = middle(values, confidence), 1 - confidence + 1e-12

        assert _rejected(values, found.low - TINY, "greater", allowed)
        assert not _rejected(values, found.low + TINY, "greater", allowed)
        assert _rejected(values, found.high + TINY, "less", allowed)
        assert not _rejected(values, found.high - TINY, "less", allowed)


def _rejected(values: list[float], supposed: float, side: str, allowed: float) -> bool:
    found = wilcoxon([value - supposed for value in values], alternative=side, method="exact")
    return bool(found.pvalue <= allowed)


@pytest.mark.parametrize("count", range(5, 12))
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.96875])
def test_the_bounds_keep_their_confidence_over_all_choices_of_signs(count: int, confidence: float) -> None:
    """Counted one by one: how often the bound of what is spread around zero lies above it."""
    sizes = [1.0 + 0.731 * index + 0.01 * index**2 for index in range(count)]
    choices = [
        [sign * size for sign, size in zip(signs, sizes, strict=True)]
        for signs in product((1, -1), repeat=count)
    ]
    wrong = sum(middle(values, confidence).low > 0 for values in choices)

    assert wrong / len(choices) <= 1 - confidence + 1e-12
    assert wrong / len(choices) > (1 - confidence) / 3


def test_a_known_sample_is_told_as_it_is_known() -> None:
    """Of 1 to 5 the averages lie around 3, and five values bound it by their ends."""
    assert Middle(3.0, 1.0, 5.0) == middle([1, 2, 3, 4, 5])


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_too_few_values_have_no_bounds(count: int) -> None:
    """However alike they are."""
    assert Middle(2.0, -inf, inf) == middle([2.0] * count)


@pytest.mark.parametrize("values", [[], [nan], [1.0, inf], [-inf, 2.0]])
def test_what_is_no_number_is_refused(values: list[float]) -> None:
    """No middle is made up."""
    with pytest.raises(ValueError, match="all of them finite"):
        middle(values)


@given(VALUES)
def test_the_bounds_enclose_the_middle(values: list[float]) -> None:
    """Always."""
    found = middle(values)

    assert found.low <= found.value <= found.high


@given(VALUES, st.integers(0, 13), st.floats(0, 1e6))
def test_a_larger_value_moves_nothing_down(values: list[float], place: int, more: float) -> None:
    """Neither the middle nor a bound."""
    raised = [value + more * (index == place % len(values)) for index, value in enumerate(values)]
    before, after = middle(values), middle(raised)

    assert before.value <= after.value
    assert before.low <= after.low
    assert before.high <= after.high


@given(VALUES)
def test_the_mirror_image_is_mirrored(values: list[float]) -> None:
    """Nothing depends on the direction."""
    found, mirrored = middle(values), middle([-value for value in values])

    assert Middle(-found.value, -found.high, -found.low) == mirrored
