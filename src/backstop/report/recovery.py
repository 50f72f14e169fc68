"""Each rollback step by step, against the time that the procedure allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from backstop.journal.facts import Facts, RollbackFacts
from backstop.journal.rules import told_against
from backstop.journal.timings import moments, recovery
from backstop.model.objective import RTO, RTO_CRITICAL
from backstop.model.severity import Severity
from backstop.report.text import duration
from backstop.report.versions import VersionRow, tagged, version_rows

_TOLD = 0.001  # seconds; what is known more exactly is exact enough
_THINNEST = 0.2  # hundredths of the picture's width that can be seen
_MOMENTS = {
    "detected": "first seen to fail",
    "planned": "planned",
    "decided": "decided",
    "recovered": "verified",
}
_WORDS = {
    "command": "command returned",
    "api_active": "API names it",
    "first_correct": "first right answer",
    "serving": "serving wherever we look",
    "verified": "verified",
}
_ORDER = {step: number for number, step in enumerate(_WORDS)}


@dataclass(frozen=True, slots=True)
class Segment:
    """From the step before to ``step``, in hundredths of the longest rollback's length.

    ``number`` is the step's own, which gives its colour.
    """

    x: float
    width: float
    number: int
    step: str
    reached: str
    inexact: str = ""

    @property
    def told(self) -> str:
        """When it was reached, with how much earlier that may have been."""
        return f"{self.reached} (or up to {self.inexact} earlier)" if self.inexact else self.reached


@dataclass(frozen=True, slots=True)
class Recovery:
    """One rollback. ``share`` is the part of the budget that it took, in per cent, None when unknown.

    ``moments`` are words and times since the session began; a drill's has none.
    """

    title: str
    from_version: str
    to_version: str
    reason: str
    why: str
    outcome: str
    detail: str
    total: str
    verified: bool
    budget: str
    share: float | None
    segments: tuple[Segment, ...]
    moments: tuple[tuple[str, str], ...]
    line: int

    @property
    def reached(self) -> Mapping[str, str]:
        """When each step was, where there is little room: ``by 0.76 s`` where it may have been earlier."""
        return {each.step: f"by {each.reached}" if each.inexact else each.reached for each in self.segments}


@dataclass(frozen=True, slots=True)
class Objectives:
    """Recovery time objectives of a session's rollbacks, in seconds: shorter where what broke is critical."""

    urgent: frozenset[str]
    always_urgent: bool

    def of(self, scenario: str) -> float:
        """That of the rollback from a scenario; outside of a drill from the empty one."""
        return RTO_CRITICAL if self.always_urgent or scenario in self.urgent else RTO


def objectives(facts: Facts) -> Objectives:
    """Read once from everything that was found."""
    critical = Severity.CRITICAL
    return Objectives(
        frozenset(each.name for each in facts.scenarios if each.severity == critical.value),
        any(told_against(check) and check.severity is critical for check in facts.checks),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What all rollbacks of a session share. ``longest`` is in seconds."""

    versions: dict[str, VersionRow]
    longest: float
    objectives: Objectives
    moments: tuple[tuple[str, str], ...]


def recoveries(facts: Facts) -> tuple[Recovery, ...]:
    """All rollbacks of a session, drawn to one scale."""
    steps = [recovery(facts, rollback) for rollback in facts.rollbacks]
    longest = max((max(taken.values(), default=0.0) for taken in steps), default=0.0)
    known = _Known(
        versions=version_rows(facts),
        longest=longest,
        objectives=objectives(facts),
        moments=tuple((_MOMENTS[name], duration(at)) for name, at in moments(facts).items()),
    )
    both = zip(facts.rollbacks, steps, strict=True)
    return tuple(_recovery(rollback, taken, known) for rollback, taken in both)


def steps(recovered: Sequence[Recovery]) -> tuple[tuple[int, str], ...]:
    """The steps of all of them with their numbers, in the order in which a rollback takes them."""
    return tuple(sorted({(each.number, each.step) for one in recovered for each in one.segments}))


def common_why(recovered: Sequence[Recovery]) -> str:
    """Why most went to the version to which they went."""
    return Counter(each.why for each in recovered).most_common(1)[0][0] if recovered else ""


def _recovery(rollback: RollbackFacts, taken: dict[str, float], known: _Known) -> Recovery:
    rows = known.versions
    total = max(taken.values(), default=None)
    budget = known.objectives.of(rollback.scenario)
    return Recovery(
        title=rollback.scenario or "rollback",
        from_version=tagged(rows, rollback.started.from_version),
        to_version=tagged(rows, rollback.started.to_version),
        reason=rollback.started.reason,
        why=rollback.started.why,
        outcome=rollback.finished.outcome if rollback.finished else "never finished",
        detail=rollback.finished.detail if rollback.finished else "",
        total="" if total is None else duration(total),
        verified="verified" in taken,
        budget=duration(budget).replace(" 00 s", ""),
        share=None if total is None else round(100 * total / budget, 2),
        segments=tuple(
            _segments(taken, known.longest, rollback.finished.within if rollback.finished else {})
        ),
        moments=known.moments,
        line=rollback.finished_line if rollback.finished_line is not None else rollback.line,
    )


def _segments(taken: dict[str, float], longest: float, within: Mapping[str, float]) -> Iterator[Segment]:
    before = 0.0
    for step, seconds in sorted(taken.items(), key=lambda item: item[1]):
        x, end = (round(100 * value / longest, 1) if longest else 0.0 for value in (before, seconds))
        inexact = duration(within[step]) if within.get(step, 0.0) >= _TOLD else ""
        number = _ORDER.get(step, len(_ORDER))
        yield Segment(
            x, max(round(end - x, 1), _THINNEST), number, _WORDS.get(step, step), duration(seconds), inexact
        )
        before = seconds
