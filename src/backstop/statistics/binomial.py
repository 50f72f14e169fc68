"""Exact bounds of a share that was seen in a few trials (Clopper and Pearson)."""

from __future__ import annotations

from collections.abc import Callable
from math import comb, floor, log

CONFIDENCE = 0.95
_HALVINGS = 60  # leaves less than 1e-18 of the interval


def lower(hits: int, trials: int, confidence: float = CONFIDENCE) -> float:
    """What the true share is at least, with this confidence, when ``hits`` of ``trials`` hit. 0 to 1.

    Raises ValueError for numbers that can't be.
    """
    _refuse_nonsense(hits, trials)
    if hits == 0:
        return 0.0
    return _root(lambda share: _at_least(hits, trials, share) > 1 - confidence)


def upper(hits: int, trials: int, confidence: float = CONFIDENCE) -> float:
    """What the true share is at most, with this confidence, when ``hits`` of ``trials`` hit. 0 to 1.

    Raises ValueError for numbers that can't be.
    """
    _refuse_nonsense(hits, trials)
    if hits == trials:
        return 1.0
    return _root(lambda share: 1 - _at_least(hits + 1, trials, share) < 1 - confidence)


def clean_needed(share: float, confidence: float = CONFIDENCE) -> int:
    """How many trials without a hit it takes to claim that the true share is below this one.

    Raises ValueError for a share that is not between 0 and 1.
    """
    if not 0 < share < 1:
        message = f"{share} can't be claimed; wanted a share between 0 and 1"
        raise ValueError(message)
    return floor(log(1 - confidence) / log(1 - share)) + 1


def _at_least(hits: int, trials: int, share: float) -> float:
    """The probability of ``hits`` or more, summed over the fewer terms."""
    if hits > trials / 2:
        return sum(_exactly(k, trials, share) for k in range(hits, trials + 1))
    return 1 - sum(_exactly(k, trials, share) for k in range(hits))


def _exactly(hits: int, trials: int, share: float) -> float:
    return float(comb(trials, hits) * share**hits * (1 - share) ** (trials - hits))


def _root(beyond: Callable[[float], bool]) -> float:
    """The share from which on ``beyond`` holds."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if beyond(middle) else (middle, high)
    return (low + high) / 2


def _refuse_nonsense(hits: int, trials: int) -> None:
    if not 0 <= hits <= trials or trials == 0:
        message = f"{hits} of {trials} is no share"
        raise ValueError(message)
