"""Times of one version against those of another, weighed and put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf
from statistics import median

from backstop.journal.events import LatencyCompared
from backstop.model.errors import CouldNotLook
from backstop.observe.reference import Reference
from backstop.observe.samples import (
    AnswersOtherwise,
    lost_in_words,
    refuse_other_kinds,
    statuses_in_words,
    usual_status,
)
from backstop.observe.series import Series
from backstop.statistics.slowdown import Answer, Comparison, Rule, in_steps
from backstop.statistics.walsh import FEWEST

_HUNDREDTH = 100
_LEAST = 1.01  # that can be said: times that do not scatter at all are chance


@dataclass(frozen=True, slots=True)
class Weighed:
    """``against`` is interleaved, baseline or itself; ``text`` is what a person is told.

    ``limit`` is the ratio from which on a version is slower.
    """

    old: str
    new: str
    against: str
    comparison: Comparison
    text: str
    limit: float

    @property
    def answer(self) -> Answer:
        """Slower, fine or undecided."""
        return self.comparison.answer

    @property
    def nearly(self) -> bool:
        """Whether it is undecided only whether the old times are reached again: it is surely not slower."""
        ratio = self.comparison.ratio
        return self.answer is Answer.UNDECIDED and ratio is not None and ratio.high < self.limit

    @property
    def slower(self) -> bool:
        """Whether it was shown that the new one is slower."""
        return self.answer is Answer.SLOWER

    def event(self, stage: str) -> LatencyCompared:
        """What the journal keeps of it."""
        ratio = self.comparison.ratio
        numbers = {"ratio": ratio.value, "low": ratio.low, "high": ratio.high} if ratio else {}
        finite = {name: round(value, 4) for name, value in numbers.items() if value < inf}
        return LatencyCompared(
            stage,
            self.old,
            self.new,
            self.against,
            self.answer.value,
            self.text,
            self.comparison.pairs,
            **finite,
        )


def weigh_against(reference: Reference, series: Series, rule: Rule) -> Weighed:
    """Times of now against times of before.

    Raises CouldNotLook where versions switched while they were measured, AnswersOtherwise where failures left
    too few times to say anything, or where one turns the request away and the other does not.
    """
    _refuse_switched(series)
    refuse_other_kinds(reference.status, usual_status(series.statuses))
    found = in_steps(reference.warm, series.warm, rule)
    _refuse_too_few(found, series)
    words = in_words(found, reference.warm, series.warm, rule) + in_no_time(series)
    weaker = "weaker evidence than old and new in turns: what changed meanwhile may be the way to the bot"
    text = f"{words}; old was measured {reference.when}: {weaker}"
    return Weighed(reference.version, series.version, "baseline", found, text, rule.limit)


def weigh_halves(series: Series, rule: Rule) -> Weighed:
    """The later half of a series against the earlier, as it comes. Raises CouldNotLook as above."""
    _refuse_switched(series)
    half = len(series.warm) // 2
    old, new = series.warm[:half], series.warm[half:]
    found = in_steps(old, new, rule)
    words = in_words(found, old, new, rule) + in_no_time(series)
    text = f"the bot against itself, later times against earlier ones: {words}"
    return Weighed(series.version, series.version, "itself", found, text, rule.limit)


def settled(found: Weighed) -> Weighed:
    """The same, where it came to an end. Raises CouldNotLook for what stayed undecided."""
    if found.answer is Answer.UNDECIDED:
        message = f"undecided: {found.text}"
        raise CouldNotLook(message, remedy="look again when less goes on, or compare old and new in turns")
    return found


def in_words(found: Comparison, old: Sequence[float], new: Sequence[float], rule: Rule) -> str:
    """What a comparison says, with its bounds, and what so few pairs could not have seen."""
    if found.ratio is None:
        left_out = f", {found.unusable} more hold what is no time" if found.unusable else ""
        return f"{found.pairs} pairs of times{left_out}: it takes {FEWEST} to say anything"
    ratio = found.ratio
    bound = {
        Answer.SLOWER: f"at least {ratio.low:.2f} times",
        Answer.FINE: f"at most {ratio.high:.2f} times",
        Answer.UNDECIDED: f"between {ratio.low:.2f} and {ratio.high:.2f} times",
    }[found.answer]
    small = found.answer is Answer.FINE and ratio.high >= rule.bearable
    why = (
        f"; the difference is surely under {_ms(rule.least)}, too little to be called slower" if small else ""
    )
    typical = f"({_ms(median(old[: found.pairs]))} → {_ms(median(new[: found.pairs]))})"
    return (
        f"new is typically {ratio.value:.2f} times old {typical}, {bound} with 95 % confidence, "
        f"{found.pairs} pairs; "
        f"with {found.pairs} pairs a change under {_up(found.seen)} would have gone unseen{why}"
    )


def in_no_time(*both: Series) -> str:
    """What the compared times leave out, and where answers were not all alike, to follow what was said."""
    names = ("of old", "of new") if len(both) > 1 else ("",)
    parts = [
        " ".join(filter(None, (name, words)))
        for name, series in zip(names, both, strict=True)
        for words in (_left_out(series), statuses_in_words(series.statuses))
        if words
    ]
    return "".join(f"; {part}" for part in parts)


def _left_out(series: Series) -> str:
    words = lost_in_words(series.lost)
    return f"{sum(series.lost.values())} more in no time: {words}" if words else ""


def _refuse_too_few(found: Comparison, series: Series) -> None:
    if found.ratio is None and series.failures:
        message = f"not compared: {found.pairs} pairs of times, and it takes {FEWEST}{in_no_time(series)}"
        raise AnswersOtherwise(message, remedy="see health.error-rate")


def _refuse_switched(series: Series) -> None:
    if series.switched:
        message = f"versions switched while they were measured: {', '.join(series.shown)} answered"
        raise CouldNotLook(message, remedy="look again when one version serves")


def _up(ratio: float) -> str:
    return f"{max(ceil(ratio * _HUNDREDTH) / _HUNDREDTH, _LEAST):.2f}" if ratio < inf else "any size"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
