"""Whether a version is slower: three answers, on any input, with the error rates that are promised."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from math import inf, nan, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstop.statistics.slowdown import LOOKS, Answer, Comparison, Rule, compare, enough, in_steps
from bench.noise import Noise

RATIO_ONLY = Rule(least=0.0)
RUNS = 300
TIMES = st.lists(st.floats(1e-4, 60.0), min_size=5, max_size=20)
ANYTHING = st.lists(st.floats(), max_size=45)


def _around(seconds: float, pairs: int, scatter: float = 0.05) -> list[float]:
    """Times that lie around a middle, one as far above as another below."""
    return [seconds * (1 + scatter * (index % 5 - 2) / 2) for index in range(pairs)]


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        (0.4, 0.8, Answer.SLOWER),
        (0.4, 0.4, Answer.FINE),
        (0.4, 0.2, Answer.FINE),
        (0.004, 0.012, Answer.FINE),  # three times as slow, and eight milliseconds are nothing
        (0.5, 0.64, Answer.FINE),  # above a quarter, and less than 150 ms
    ],
)
def test_what_is_plain_is_said(old: float, new: float, answer: Answer) -> None:
    """Slower wants a ratio and a difference."""
    assert answer is compare(_around(old, 20), _around(new, 20), Rule()).answer


def test_slower_wins_where_both_hold() -> None:
    """Surely above 1.25 and surely below 1.5."""
    found = compare(_around(1.0, 40, 0.02), _around(1.4, 40, 0.02), RATIO_ONLY)

    assert found.ratio is not None
    assert RATIO_ONLY.too_much < found.ratio.low <= found.ratio.high < RATIO_ONLY.bearable
    assert Answer.SLOWER is found.answer


def test_restored_wants_more_than_fine_does() -> None:
    """A third slower than before is bearable after a deploy; it is not what was there before."""
    old, new = _around(1.0, 20, 0.12), [1.3 * each for each in reversed(_around(1.0, 20, 0.12))]

    assert Answer.FINE is compare(old, new, RATIO_ONLY).answer
    assert Answer.UNDECIDED is compare(old, new, Rule(least=0.0, restored=True)).answer


def test_stored_times_must_show_more() -> None:
    """What was measured another day says slower only where the limit itself is surely passed."""
    old, new = _around(1.0, 20), _around(1.45, 20)

    assert Answer.SLOWER is compare(old, new, RATIO_ONLY).answer
    assert Answer.FINE is compare(old, new, Rule(least=0.0, stored=True)).answer
    assert Answer.SLOWER is compare(old, _around(2.0, 20), Rule(least=0.0, stored=True)).answer


@pytest.mark.parametrize("value", [0.0, -1.0, nan, inf])
def test_what_is_no_time_is_left_out_and_counted(value: float) -> None:
    """The pair that it stands in says nothing."""
    found = compare([*_around(0.4, 10), 0.4], [*_around(0.4, 10), value], Rule())

    assert (10, 1) == (found.pairs, found.unusable)
    assert Answer.FINE is found.answer


@pytest.mark.parametrize("pairs", range(5))
def test_too_few_pairs_say_nothing(pairs: int) -> None:
    """Not even ten times as slow."""
    assert Comparison(Answer.UNDECIDED, pairs) == compare([0.4] * pairs, [4.0] * pairs, Rule())


def test_one_huge_outlier_decides_nothing() -> None:
    """An hour among twenty answers of one and the same time."""
    assert Answer.FINE is compare([0.4] * 20, [0.4] * 19 + [3600.0], Rule()).answer


def test_constant_times_are_told_exactly() -> None:
    """Nothing scatters, so nothing is uncertain."""
    found = compare([0.4] * 5, [0.8] * 5, Rule())

    assert found.ratio is not None
    assert (2.0, 2.0, 2.0) == pytest.approx((found.ratio.low, found.ratio.value, found.ratio.high))
    assert 1.0 == pytest.approx(found.seen)


@given(ANYTHING, ANYTHING)
def test_any_input_has_an_answer(old: list[float], new: list[float]) -> None:
    """Infinite, negative, too few: no error, and no number where there is none."""
    found = compare(old, new, Rule())

    assert (found.ratio is None) == (found.pairs < LOOKS[0])
    assert in_steps(old, new, Rule()).answer in Answer


@given(TIMES, st.floats(0.01, 100.0))
def test_the_unit_does_not_matter(times: list[float], unit: float) -> None:
    """Seconds or milliseconds: the ratio is the same."""
    new = list(reversed(times))
    found = compare(times, new, RATIO_ONLY).ratio
    scaled = compare([unit * each for each in times], [unit * each for each in new], RATIO_ONLY).ratio

    assert found is not None
    assert scaled is not None
    assert (found.low, found.value, found.high) == pytest.approx((scaled.low, scaled.value, scaled.high))


@given(TIMES)
def test_swapping_the_sides_inverts_the_ratio(times: list[float]) -> None:
    """The bounds change places."""
    new = list(reversed(times))
    found, swapped = compare(times, new, RATIO_ONLY).ratio, compare(new, times, RATIO_ONLY).ratio

    assert found is not None
    assert swapped is not None
    assert (found.low, found.value, found.high) == pytest.approx(
        (1 / swapped.high, 1 / swapped.value, 1 / swapped.low)
    )


@given(TIMES, st.floats(1.0, 10.0))
def test_slower_times_are_never_better_news(times: list[float], factor: float) -> None:
    """What was slower stays so when every new time grows; what was not fine does not become fine."""
    new = list(reversed(times))
    before = compare(times, new, Rule()).answer
    after = compare(times, [factor * each for each in new], Rule()).answer

    order = [Answer.FINE, Answer.UNDECIDED, Answer.SLOWER]
    assert order.index(before) <= order.index(after)


def test_looks_end_as_soon_as_it_is_decided() -> None:
    """Forty pairs are there, and five were enough."""
    assert LOOKS[0] == in_steps(_around(0.4, 40), _around(1.6, 40), Rule()).pairs


def test_what_stays_undecided_is_looked_at_to_the_end() -> None:
    """And ends as what it is."""
    old, new = zip(*islice(Noise(2).pairs(1.4), LOOKS[-1]), strict=True)
    found = in_steps(old, new, RATIO_ONLY)

    assert (Answer.UNDECIDED, LOOKS[-1]) == (found.answer, found.pairs)
    assert enough(found)


def _rates(change: float) -> Counter[Answer]:
    """How runs end under noise as it was measured."""
    answers = Counter[Answer]()
    for run in range(RUNS):
        old, new = zip(*islice(Noise(run).pairs(change), LOOKS[-1]), strict=True)
        answers[in_steps(old, new, RATIO_ONLY).answer] += 1
    return answers


def _by_chance(share: float) -> float:
    """Three standard errors of a share that is seen in so many runs."""
    return 3 * sqrt(share * (1 - share) / RUNS)


@pytest.mark.parametrize(("change", "most"), [(1.0, 0.01), (1.25, 0.08)])
def test_false_alarms_are_as_rare_as_is_promised(change: float, most: float) -> None:
    """No change, and one that does not matter yet; three standard errors are given to chance."""
    assert _rates(change)[Answer.SLOWER] / RUNS <= most + _by_chance(most)


@pytest.mark.parametrize(("change", "least"), [(1.75, 0.93), (2.0, 0.99)])
def test_what_is_slower_is_found_as_often_as_is_promised(change: float, least: float) -> None:
    """Three quarters slower, and twice as slow."""
    assert _rates(change)[Answer.SLOWER] / RUNS >= least - _by_chance(least)
