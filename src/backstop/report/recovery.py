"""Each rollback step by step, against the time that the procedure allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from backstop.journal.facts import Facts, RollbackFacts
from backstop.journal.rules import told_against
from backstop.journal.timings import moments, recovery
from backstop.model.objective import RTO, RTO_CRITICAL
from backstop.model.severity import Severity
from backstop.report.text import duration
from backstop.report.versions import VersionRow, tagged, version_rows

_TOLD = 0.001  # seconds; what is known more exactly is exact enough
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


@dataclass(frozen=True, slots=True)
class Segment:
    """From the step before to ``step``, in hundredths of the longest rollback's length."""

    x: float
    width: float
    number: int
    step: str
    reached: str


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


@dataclass(frozen=True, slots=True)
class _Known:
    """What all rollbacks of a session share. ``longest`` is in seconds; ``urgent`` are critical scenarios."""

    versions: dict[str, VersionRow]
    longest: float
    urgent: frozenset[str]
    always_urgent: bool
    moments: tuple[tuple[str, str], ...]

    def budget(self, scenario: str) -> float:
        """The recovery time objective: shorter where what is broken is critical."""
        return RTO_CRITICAL if self.always_urgent or scenario in self.urgent else RTO


def recoveries(facts: Facts) -> tuple[Recovery, ...]:
    """All rollbacks of a session, drawn to one scale."""
    steps = [recovery(facts, rollback) for rollback in facts.rollbacks]
    longest = max((max(taken.values(), default=0.0) for taken in steps), default=0.0)
    critical = Severity.CRITICAL
    known = _Known(
        versions=version_rows(facts),
        longest=longest,
        urgent=frozenset(each.name for each in facts.scenarios if each.severity == critical.value),
        always_urgent=any(told_against(check) and check.severity is critical for check in facts.checks),
        moments=tuple((_MOMENTS[name], duration(at)) for name, at in moments(facts).items()),
    )
    both = zip(facts.rollbacks, steps, strict=True)
    return tuple(_recovery(rollback, taken, known) for rollback, taken in both)


def _recovery(rollback: RollbackFacts, taken: dict[str, float], known: _Known) -> Recovery:
    rows = known.versions
    total = max(taken.values(), default=None)
    budget = known.budget(rollback.scenario)
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
    for number, (step, seconds) in enumerate(sorted(taken.items(), key=lambda item: item[1])):
        x, end = (round(100 * value / longest, 3) if longest else 0.0 for value in (before, seconds))
        reached = duration(seconds) + _inexact(within.get(step, 0.0))
        yield Segment(x, round(end - x, 3), number, _WORDS.get(step, step), reached)
        before = seconds


def _inexact(within: float) -> str:
    return f" (or up to {duration(within)} earlier)" if within >= _TOLD else ""
