"""Whether one version answers slower than another, from times that were taken in pairs.

Three answers: slower, fine, or undecided. Two things make *slower*: the ratio is surely more than halfway to
the limit, and the difference is large enough to matter. The rule and its error rates: docs/latency.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, inf, isfinite, log

from backstop.statistics.walsh import FEWEST, Middle, middle

LOOKS = (FEWEST, 10, 20, 40)  # pairs after which it is decided whether more are needed
# The confidence of each look: four have more chances to err than one, and all of them together have 95 %.
_EACH_LOOK = 0.978


class Answer(StrEnum):
    """What a comparison says."""

    SLOWER = "slower"
    FINE = "fine"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Rule:
    """``limit`` is the ratio new / old that is too much; ``least`` the seconds that a difference must have.

    *Slower* wants the ratio to be surely above the middle between 1 and the limit, *fine* surely below
    the limit. To show that a version is ``restored``, *fine* wants it below that middle. Where the old times
    are ``stored`` ones, what changed meanwhile may be the way there: *slower* wants it above the limit.
    """

    limit: float = 1.5
    least: float = 0.15
    restored: bool = False
    stored: bool = False

    @property
    def too_much(self) -> float:
        """The ratio above which the lower bound tells of a version that is slower."""
        return self.limit if self.stored else (1 + self.limit) / 2

    @property
    def bearable(self) -> float:
        """The ratio below which the upper bound tells of one that is not."""
        return (1 + self.limit) / 2 if self.restored else self.limit


@dataclass(frozen=True, slots=True)
class Comparison:
    """``ratio`` is new / old, ``difference`` new - old in seconds; None where no number can be said.

    ``pairs`` counts those that could be used, ``unusable`` those with what is no time.
    """

    answer: Answer
    pairs: int
    unusable: int = 0
    ratio: Middle | None = None
    difference: Middle | None = None

    @property
    def seen(self) -> float:
        """The smallest ratio that so many pairs, scattered like these, would have told from none."""
        return self.ratio.value / self.ratio.low if self.ratio and self.ratio.low > 0 else inf


def compare(old: Sequence[float], new: Sequence[float], rule: Rule) -> Comparison:
    """Weigh times in seconds; the n-th of each side are a pair, and what is left over has no part in it.

    Any input has an answer: without five pairs of positive, finite times it is undecided.
    """
    pairs = tuple(zip(old, new, strict=False))
    usable = tuple(pair for pair in pairs if all(isfinite(each) and each > 0 for each in pair))
    unusable = len(pairs) - len(usable)
    if len(usable) < FEWEST:
        return Comparison(Answer.UNDECIDED, len(usable), unusable)
    confidence = min(_EACH_LOOK, 1 - 0.5 ** len(usable))  # of five pairs no more can be had
    logarithm = middle([log(after) - log(before) for before, after in usable], confidence)
    ratio = Middle(_exp(logarithm.value), _exp(logarithm.low), _exp(logarithm.high))
    difference = middle([after - before for before, after in usable], confidence)
    return Comparison(_answer(ratio, difference, rule), len(usable), unusable, ratio, difference)


def enough(comparison: Comparison) -> bool:
    """Whether more pairs would change nothing: it is decided, or there were as many as are ever taken."""
    return comparison.answer is not Answer.UNDECIDED or comparison.pairs + comparison.unusable >= LOOKS[-1]


def in_steps(old: Sequence[float], new: Sequence[float], rule: Rule) -> Comparison:
    """Weigh times that were all taken before as if they came one by one: the first answer counts."""
    most = min(len(old), len(new))
    for pairs in LOOKS:
        found = compare(old[:pairs], new[:pairs], rule)
        if enough(found) or pairs >= most:
            return found
    return compare(old, new, rule)


def _answer(ratio: Middle, difference: Middle, rule: Rule) -> Answer:
    if ratio.low > rule.too_much and difference.value >= rule.least:
        return Answer.SLOWER
    if ratio.high < rule.bearable or difference.high < rule.least:
        return Answer.FINE
    return Answer.UNDECIDED


def _exp(value: float) -> float:
    """Of times that are finite, a ratio may still be too large for a number."""
    try:
        return exp(value)
    except OverflowError:
        return inf
