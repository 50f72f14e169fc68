"""The phases of the procedure's checklist, as long as they really were, against what it allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from backstop.journal.events import RollbackPlanned
from backstop.journal.facts import Facts, Mark, RollbackFacts
from backstop.journal.record import select
from backstop.journal.timings import recovery
from backstop.model.objective import PHASES
from backstop.model.run import Phase

_FULL = 100.0
_SAME_MOMENT = 0.001  # seconds; times are rounded


@dataclass(frozen=True, slots=True)
class Spell:
    """One phase, which ``began`` so many seconds after the session and ended with the journal's ``line``.

    ``seconds`` is None where its begin or end is not known; ``share`` is per cent of ``budget``.
    """

    name: str
    budget: float
    began: float = 0.0
    seconds: float | None = None
    line: int | None = None

    @property
    def share(self) -> float:
        """How much of the budget it took, in per cent; 0 where that is not known."""
        return 0.0 if self.seconds is None else round(_FULL * self.seconds / self.budget, 2)

    @property
    def over(self) -> bool:
        """Whether it took longer than the procedure allows."""
        return self.seconds is not None and self.seconds > self.budget


@dataclass(frozen=True, slots=True)
class Walk:
    """One rollback from the first doubt to verified."""

    title: str
    spells: tuple[Spell, ...]


@dataclass(frozen=True, slots=True)
class _Moment:
    t: float
    line: int


def walks(facts: Facts) -> tuple[Walk, ...]:
    """One for each rollback that was begun.

    Meant: assessment runs from the session's begin to the plan, decision until the command is given,
    execution until the old version serves, validation until the last check is content. In a drill
    assessment runs from the fault serving to the first check that notices it, and decision until the
    rollback, which is when all other checks have looked.
    """
    return tuple(
        Walk(rollback.scenario or "rollback", tuple(_spells(list(_moments(facts, rollback)))))
        for rollback in facts.rollbacks
    )


def _spells(moments: list[_Moment | None]) -> Iterator[Spell]:
    for (name, budget), begin, end in zip(PHASES.items(), moments, moments[1:], strict=False):
        if begin is None or end is None or not isfinite(end.t - begin.t):
            yield Spell(name, budget)
        else:
            yield Spell(name, budget, begin.t, round(max(0.0, end.t - begin.t), 3), end.line)


def _moments(facts: Facts, rollback: RollbackFacts) -> Iterator[_Moment | None]:
    """The five that lie around the four phases."""
    taken = recovery(facts, rollback)
    yield from _first_two(facts, rollback)
    yield _Moment(rollback.began, rollback.line)
    serving, verified = taken.get("serving"), taken.get("verified")
    line = rollback.line if rollback.finished_line is None else rollback.finished_line
    yield None if serving is None else _Moment(rollback.began + serving, line)
    if verified is None:
        yield None
        return
    end = rollback.began + verified
    last = [check.line for check in facts.checks if check.ended <= end + _SAME_MOMENT]
    yield _Moment(end, max(last, default=line))


def _first_two(facts: Facts, rollback: RollbackFacts) -> Iterator[_Moment | None]:
    if facts.is_drill:
        broken = [s for s in facts.stages if s.scenario == rollback.scenario and s.phase is Phase.FAULT]
        ready = next((s for s in broken if s.ready is not None and s.ready_line is not None), None)
        yield _Moment(ready.ready or 0.0, ready.ready_line or 0) if ready else None
        noticed = (c for c in facts.checks if c.scenario == rollback.scenario and c.mark is Mark.NOTICED)
        first = next(noticed, None)
        yield _Moment(first.ended, first.line) if first else None
        return
    yield _Moment(0.0, 0)
    planned = [record for record, _ in select(facts.records, RollbackPlanned) if record.n < rollback.line]
    yield _Moment(planned[-1].t, planned[-1].n) if planned else None
