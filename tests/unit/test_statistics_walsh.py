"""The middle of a few values and its bounds: tables, an independent count, and what must always hold."""

from __future__ import annotations

from itertools import product
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstop.statistics.walsh import Middle, middle

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


@pytest.mark.parametrize(
    ("count", "confidence", "critical"),
    [
        (5, 0.96875, 0),
        (10, 0.978, 7),
        (20, 0.978, 50),
        (40, 0.978, 260),
        (40, 0.95, 286),
        (20, 0.99, 43),
    ],
)
def test_they_are_those_of_scipy_with_any_confidence(count: int, confidence: float, critical: int) -> None:
    """By ``scipy.stats._wilcoxon.WilcoxonDistribution`` of SciPy 1.17.

    Of 250 ranks, of up to 50 values at five confidences, none differed.
    """
    values = [2.0**index for index in range(count)]
    averages = sorted((a + b) / 2 for index, a in enumerate(values) for b in values[index:])
    found = middle(values, confidence)

    assert (averages[critical], averages[-critical - 1]) == (found.low, found.high)


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
