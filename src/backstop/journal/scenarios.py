"""Whether each scenario of a drill went as it declared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backstop.journal.events import ScenarioDeclared
from backstop.journal.facts import CheckFacts, Facts, Mark, RollbackFacts, StageFacts
from backstop.journal.reason import Reason
from backstop.journal.rules import passed
from backstop.journal.timings import detected, recovery
from backstop.model.run import Phase
from backstop.model.verdict import Ending, worst

_WORDS = {
    Ending.VERIFIED: "verified",
    Ending.FAILED: "failed",
    Ending.REFUSED: "refused",
    Ending.UNCONFIRMED: "unconfirmed",
    Ending.UNRESTORED: "unrestored",
}


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """How one scenario went; check ids in the order of the timeline, ``timings`` in seconds."""

    declared: ScenarioDeclared
    verdict: str
    noticed: tuple[str, ...]
    missed: tuple[str, ...]
    not_shown: tuple[str, ...]
    collateral: tuple[str, ...]
    reasons: tuple[Reason, ...]
    timings: dict[str, float]
    before: StageFacts | None
    fault: StageFacts | None
    after: StageFacts | None
    rollback: RollbackFacts | None

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self.declared.name


def reasons_of_scenarios(facts: Facts) -> Iterator[Reason]:
    """What a drill did not go through although it had to."""
    if not facts.is_drill:
        return
    if not facts.scenarios:
        yield Reason(Ending.INCONCLUSIVE, "the drill declared no scenario")
    for declared in facts.scenarios:
        lacks = tuple(_lacks(facts, declared))
        if lacks:
            _, fault, _ = _around(facts, declared.name)
            text = f"{declared.name} was not shown: {', '.join(lacks)}"
            yield Reason(Ending.INCONCLUSIVE, text, fault.line if fault else None, declared.name)


def scenario_results(facts: Facts, reasons: Sequence[Reason]) -> tuple[ScenarioResult, ...]:
    """One result for each declared scenario, judged by the ``reasons`` that name it."""
    return tuple(_result(facts, declared, reasons) for declared in facts.scenarios)


def _result(facts: Facts, declared: ScenarioDeclared, reasons: Sequence[Reason]) -> ScenarioResult:
    own = tuple(reason for reason in reasons if reason.scenario == declared.name)
    before, fault, after = _around(facts, declared.name)
    rollback = _rollback(facts, declared.name)
    checks = _under(facts, declared.name)
    return ScenarioResult(
        declared=declared,
        verdict=_WORDS.get(worst(reason.ending for reason in own), "not shown"),
        noticed=_ids(checks, Mark.NOTICED),
        missed=_ids(checks, Mark.MISSED),
        not_shown=_ids(checks, Mark.NOT_SHOWN) + _not_run(declared, checks),
        collateral=_ids(checks, Mark.COLLATERAL),
        reasons=own,
        timings=_timings(facts, declared.name, rollback),
        before=before,
        fault=fault,
        after=after,
        rollback=rollback,
    )


def _timings(facts: Facts, scenario: str, rollback: RollbackFacts | None) -> dict[str, float]:
    first = detected(facts, scenario)
    seen = {} if first is None else {"detected": first}
    return seen | (recovery(facts, rollback) if rollback else {})


def _lacks(facts: Facts, declared: ScenarioDeclared) -> Iterator[str]:
    before, fault, after = _around(facts, declared.name)
    if fault is None or fault.ready is None:
        yield "its fault never served"
    if not _proven(facts, before):
        yield "no good stage before it"
    checks = _under(facts, declared.name)
    for check in _not_run(declared, checks):
        yield f"{check} did not run under it"
    if not any(check.expected_red for check in checks) and not declared.notices:
        yield "no check had to notice it"
    rollback = _rollback(facts, declared.name)
    if rollback is None or rollback.finished is None:
        yield "no rollback from it finished"
    if not _proven(facts, after):
        yield "no good stage after it"


def _around(facts: Facts, scenario: str) -> tuple[StageFacts | None, StageFacts | None, StageFacts | None]:
    """The good stage before, the fault stage, and the good stage after, as far as they were reached."""
    stages = facts.stages
    places = [i for i, s in enumerate(stages) if s.phase is Phase.FAULT and s.scenario == scenario]
    if not places:
        return None, None, None
    place = places[0]
    before = [stage for stage in stages[:place] if stage.phase is Phase.GOOD]
    following = stages[place + 1] if place + 1 < len(stages) else None
    after = following if following and following.phase is Phase.GOOD else None
    return before[-1] if before else None, stages[place], after


def _proven(facts: Facts, stage: StageFacts | None) -> bool:
    """Whether a stage was reached and something passed in it."""
    if stage is None or stage.ready is None:
        return False
    return any(check.stage == stage.name and passed(check) for check in facts.checks)


def _rollback(facts: Facts, scenario: str) -> RollbackFacts | None:
    own = [rollback for rollback in facts.rollbacks if rollback.scenario == scenario]
    return own[-1] if own else None


def _under(facts: Facts, scenario: str) -> list[CheckFacts]:
    return [c for c in facts.checks if c.phase is Phase.FAULT and c.scenario == scenario]


def _not_run(declared: ScenarioDeclared, checks: Sequence[CheckFacts]) -> tuple[str, ...]:
    ran = {check.check for check in checks}
    return tuple(notice for notice in declared.notices if notice not in ran)


def _ids(checks: Sequence[CheckFacts], mark: Mark) -> tuple[str, ...]:
    return tuple(dict.fromkeys(check.check for check in checks if check.mark is mark))
