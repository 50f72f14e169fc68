"""Exact bounds of a share that was seen in a few trials (Clopper and Pearson)."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, floor, lgamma, log, log1p

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
    """The probability of ``hits`` or more: the incomplete beta function, for a million as for ten.

    Its continued fraction (DLMF 8.17.22) converges on the side of the mean on which it is taken.
    """
    if share <= 0.0 or share >= 1.0 or hits == 0:
        return float(hits == 0 or share >= 1.0)
    a, b = float(hits), float(trials - hits + 1)
    front = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(share) + b * log1p(-share)
    if share < (a + 1) / (a + b + 2):
        return exp(front) / (a * _fraction(a, b, share))
    return 1 - exp(front) / (b * _fraction(b, a, 1 - share))


def _fraction(a: float, b: float, x: float) -> float:
    """1 + d1 x / (1 + d2 x / (1 + …)), from the far end where the terms no longer matter."""
    found = 1.0
    for step in range(_terms(a, b), 0, -1):
        m = step // 2
        if step % 2:
            term = -(a + m) * (a + b + m) / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) / ((a + 2 * m - 1) * (a + 2 * m))
        found = 1.0 + term * x / found
    return found


def _terms(a: float, b: float) -> int:
    """How many of them are enough: it takes about the root of the larger parameter."""
    return 60 + 8 * int(max(a, b) ** 0.5)


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
