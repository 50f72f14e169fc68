"""The phases of the procedure's checklist, as long as they really were, against what it allows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import isfinite

from backstop.journal.events import RollbackPlanned
from backstop.journal.facts import CheckFacts, Facts, Mark, RollbackFacts, StageFacts
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
    known = _known(facts)
    return tuple(
        Walk(rollback.scenario or "rollback", tuple(_spells(list(_moments(facts, rollback, known)))))
        for rollback in facts.rollbacks
    )


def _spells(moments: list[_Moment | None]) -> Iterator[Spell]:
    for (name, budget), begin, end in zip(PHASES.items(), moments, moments[1:], strict=False):
        if begin is None or end is None or not isfinite(end.t - begin.t):
            yield Spell(name, budget)
        else:
            yield Spell(name, budget, begin.t, round(max(0.0, end.t - begin.t), 3), end.line)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is looked up for each rollback, put in order once.

    ``ended`` are the times at which checks did, ascending; ``last_line`` is the last line of the checks up
    to each of them. ``serving`` has the first fault stage of each scenario that became ready, ``noticed`` the
    first check that saw its fault.
    """

    ended: Sequence[float]
    last_line: Sequence[int]
    planned: Sequence[_Moment]
    serving: Mapping[str, StageFacts]
    noticed: Mapping[str, CheckFacts]


def _known(facts: Facts) -> _Known:
    checks = sorted(facts.checks, key=lambda check: check.ended)
    return _Known(
        ended=[check.ended for check in checks],
        last_line=list(accumulate((check.line for check in checks), max)),
        planned=[_Moment(record.t, record.n) for record, _ in select(facts.records, RollbackPlanned)],
        serving={s.scenario: s for s in reversed(facts.stages) if s.phase is Phase.FAULT and _is_ready(s)},
        noticed=dict(_first_noticed(facts)),
    )


def _first_noticed(facts: Facts) -> Iterator[tuple[str, CheckFacts]]:
    for scenario, checks in facts.under.items():
        first = next((check for check in checks if check.mark is Mark.NOTICED), None)
        if first is not None:
            yield scenario, first


def _is_ready(stage: StageFacts) -> bool:
    return stage.ready is not None and stage.ready_line is not None


def _moments(facts: Facts, rollback: RollbackFacts, known: _Known) -> Iterator[_Moment | None]:
    """The five that lie around the four phases."""
    taken = recovery(facts, rollback)
    yield from _first_two(facts, rollback, known)
    yield _Moment(rollback.began, rollback.line)
    serving, verified = taken.get("serving"), taken.get("verified")
    line = rollback.line if rollback.finished_line is None else rollback.finished_line
    yield None if serving is None else _Moment(rollback.began + serving, line)
    if verified is None:
        yield None
        return
    end = rollback.began + verified
    ended = bisect_right(known.ended, end + _SAME_MOMENT)
    yield _Moment(end, known.last_line[ended - 1] if ended else line)


def _first_two(facts: Facts, rollback: RollbackFacts, known: _Known) -> Iterator[_Moment | None]:
    if facts.is_drill:
        ready = known.serving.get(rollback.scenario)
        yield _Moment(ready.ready or 0.0, ready.ready_line or 0) if ready else None
        first = known.noticed.get(rollback.scenario)
        yield _Moment(first.ended, first.line) if first else None
        return
    yield _Moment(0.0, 0)
    planned = bisect_left(known.planned, rollback.line, key=lambda moment: moment.line)
    yield known.planned[planned - 1] if planned else None
