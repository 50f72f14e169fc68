"""Icon, word and tone for everything that ends somehow. Colour never stands alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from backstop.journal.facts import CheckFacts, Mark
from backstop.model.verdict import Outcome, Verdict


class Tone(Enum):
    """What a colour means; the names are classes of the style sheet."""

    GOOD = "good"
    BAD = "bad"
    WARN = "warn"
    UNSURE = "unsure"
    SEEN = "seen"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Sign:
    """``icon`` is the name of a symbol in the report's template."""

    icon: str
    word: str
    tone: Tone

    @property
    def css(self) -> str:
        """The class that colours it."""
        return self.tone.value

    @property
    def glyph(self) -> str:
        """The icon as a character, where there is room for no more."""
        return _GLYPHS.get(self.icon, "!")


_GLYPHS = {"tick": "✓", "cross": "✗", "wave": "~", "question": "?", "pin": "·", "dash": "-"} | {
    "eye": "●",
    "blind": "○",
}

_MARKS = {
    Mark.NOTICED: Sign("eye", "noticed", Tone.SEEN),
    Mark.MISSED: Sign("blind", "missed", Tone.BAD),
    Mark.NOT_SHOWN: Sign("question", "not shown", Tone.UNSURE),
    Mark.COLLATERAL: Sign("cross", "collateral", Tone.BAD),
}

_OUTCOMES = {
    Outcome.PASS: Sign("tick", "pass", Tone.GOOD),
    Outcome.FAIL: Sign("cross", "fail", Tone.BAD),
    Outcome.DEGRADED: Sign("wave", "degraded", Tone.WARN),
    Outcome.INCONCLUSIVE: Sign("question", "inconclusive", Tone.UNSURE),
    Outcome.ACCEPTED: Sign("pin", "accepted", Tone.MUTED),
    Outcome.NOT_APPLICABLE: Sign("dash", "n/a", Tone.MUTED),
}

_VERDICTS = {
    Verdict.VERIFIED: Sign("tick", "Verified", Tone.GOOD),
    Verdict.FAILED: Sign("cross", "Failed", Tone.BAD),
    Verdict.INCONCLUSIVE: Sign("question", "Inconclusive", Tone.UNSURE),
    Verdict.REFUSED: Sign("stop", "Refused", Tone.WARN),
    Verdict.UNCONFIRMED: Sign("doubt", "Unconfirmed", Tone.BAD),
    Verdict.UNRESTORED: Sign("alert", "Unrestored", Tone.BAD),
    Verdict.ROLLED_BACK: Sign("undo", "Rolled back", Tone.WARN),
}

_SCENARIOS = {
    "verified": Sign("tick", "as declared", Tone.GOOD),
    "not shown": Sign("question", "not shown", Tone.UNSURE),
    "refused": _VERDICTS[Verdict.REFUSED],
}

_LEGEND = (
    (_OUTCOMES[Outcome.PASS], "looked, and it holds"),
    (_OUTCOMES[Outcome.FAIL], "looked, and it does not hold"),
    (_OUTCOMES[Outcome.DEGRADED], "held after a retry, or weighs less than what blocks this target"),
    (_OUTCOMES[Outcome.INCONCLUSIVE], "could not look; nothing is known"),
    (_OUTCOMES[Outcome.ACCEPTED], "not proven, and the target says by name that it lives with that"),
    (_OUTCOMES[Outcome.NOT_APPLICABLE], "the target has no such thing"),
    (_MARKS[Mark.NOTICED], "red on purpose: the check saw the fault that was put there"),
    (_MARKS[Mark.MISSED], "stayed green over the fault that it should have seen"),
    (_MARKS[Mark.COLLATERAL], "went red over a fault that should not touch it"),
)


def sign_of_check(check: CheckFacts) -> Sign:
    """How one check ended, read at its place in the timeline."""
    return _MARKS.get(check.mark) or _OUTCOMES[check.outcome]


def sign_of_verdict(verdict: Verdict) -> Sign:
    """How a session ended."""
    return _VERDICTS[verdict]


def sign_of_scenario(verdict: str) -> Sign:
    """How a scenario ended."""
    return _SCENARIOS.get(verdict) or Sign("cross", verdict, Tone.BAD)


def legend(checks: tuple[CheckFacts, ...]) -> tuple[tuple[Sign, str], ...]:
    """What the signs mean that this session shows."""
    used = {sign_of_check(check) for check in checks}
    return tuple((sign, meaning) for sign, meaning in _LEGEND if sign in used)
