"""Checks by stages, as a table of cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from backstop.journal.facts import CheckFacts, Facts, Mark, StageFacts
from backstop.model.run import Phase
from backstop.model.verdict import Outcome

MOST_STAGES = 120  # twice what a drill of all scenarios has
_WRONG = (
    Mark.COLLATERAL,
    Mark.MISSED,
    Mark.NOT_SHOWN,
    Outcome.FAIL,
    Outcome.INCONCLUSIVE,
)
_TELLING = (
    *_WRONG,
    Mark.NOTICED,
    Outcome.DEGRADED,
    Outcome.ACCEPTED,
    Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)
_QUIET = {Outcome.ACCEPTED, Outcome.PASS, Outcome.NOT_APPLICABLE}
_ALIKE = {None, Outcome.PASS, Outcome.NOT_APPLICABLE}  # of which neighbours can be told as one


@dataclass(frozen=True, slots=True)
class Run:
    """``length`` stages beside each other at which a check ended as in ``cell``; None: it did not run."""

    cell: CheckFacts | None
    length: int


@dataclass(frozen=True, slots=True)
class Row:
    """One check; ``cells`` has one entry for each stage, None where it did not run."""

    check: CheckFacts
    cells: tuple[CheckFacts | None, ...]

    @property
    def steady(self) -> bool:
        """Whether it was looked at everywhere, ended alike each time, and told nothing against the bot."""
        ends = {None if cell is None else _kind(cell) for cell in self.cells}
        return len(ends) == 1 and bool(ends & _QUIET)

    @property
    def runs(self) -> Iterator[Run]:
        """The cells, with neighbours that hold alike as one; each that says more stands for itself."""
        for _, alike in groupby(enumerate(self.cells), key=_by_kind):
            cells = [cell for _, cell in alike]
            yield Run(cells[0], len(cells))


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows by suite, in the order in which the checks first ran. ``more`` stages have no column."""

    stages: tuple[StageFacts, ...]
    suites: tuple[tuple[str, tuple[Row, ...]], ...]
    more: int = 0

    def lines(self, suite: str) -> Iterator[str]:
        """The first and the last line of a suite's checks at each stage; a dash where none ran."""
        rows = dict(self.suites)[suite]
        for place in range(len(self.stages)):
            found = [cell.line for row in rows if (cell := row.cells[place])]
            yield f"{min(found)}-{max(found)}" if found else "none"


def matrix(facts: Facts) -> Matrix:
    """Lay the checks of a session out. A check that ran twice in a stage shows its most telling end.

    Of more than ``MOST_STAGES`` those in which something is wrong come first.
    """
    every = _stages(facts)
    stages = _shown(facts, every)
    cells: dict[str, dict[str, CheckFacts]] = {}
    for check in facts.checks:
        row = cells.setdefault(check.check, {})
        row[check.stage] = more_telling(check, row.get(check.stage))
    rows = [_row(row, stages) for row in cells.values()]
    suites: dict[str, list[Row]] = {}
    for line in rows:
        suites.setdefault(line.check.suite, []).append(line)
    named = tuple((suite, tuple(members)) for suite, members in suites.items())
    return Matrix(stages, named, len(every) - len(stages))


def more_telling(one: CheckFacts, other: CheckFacts | None) -> CheckFacts:
    """Of two ends of the same check, the one that says more against the bot; the earlier of equals."""
    if other is None:
        return one
    return one if _TELLING.index(_kind(one)) < _TELLING.index(_kind(other)) else other


def _by_kind(place: tuple[int, CheckFacts | None]) -> object:
    number, cell = place
    kind = None if cell is None else _kind(cell)
    return kind if kind in _ALIKE else number


def _kind(check: CheckFacts) -> Mark | Outcome:
    return check.outcome if check.mark is Mark.PLAIN else check.mark


def _row(cells: dict[str, CheckFacts], stages: Sequence[StageFacts]) -> Row:
    first = next(iter(cells.values()))
    return Row(first, tuple(cells.get(stage.name) for stage in stages))


def _shown(facts: Facts, stages: tuple[StageFacts, ...]) -> tuple[StageFacts, ...]:
    if len(stages) <= MOST_STAGES:
        return stages
    wrong = {check.stage for check in facts.checks if _kind(check) in _WRONG}
    order = sorted(range(len(stages)), key=lambda place: stages[place].name not in wrong)[:MOST_STAGES]
    return tuple(stages[place] for place in sorted(order))


def _stages(facts: Facts) -> tuple[StageFacts, ...]:
    """The stages that were begun, and those that only checks speak of."""
    named = {stage.name: stage for stage in facts.stages}
    for check in facts.checks:
        if check.stage not in named:
            named[check.stage] = StageFacts(check.stage, Phase.LIVE, check.scenario, check.line, check.ended)
    return tuple(named.values())
