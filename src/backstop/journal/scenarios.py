"""Whether each scenario of a drill went as it declared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from backstop.journal.events import ScenarioDeclared
from backstop.journal.facts import CheckFacts, Facts, Mark, RollbackFacts, StageFacts
from backstop.journal.reason import Reason
from backstop.journal.rules import passed
from backstop.journal.signals import reds
from backstop.journal.timings import detected, recovery
from backstop.model.run import Phase
from backstop.model.scenario import ALL_TRAFFIC, RollbackOutcome
from backstop.model.severity import Severity
from backstop.model.verdict import Ending, Outcome, worst
from backstop.policy.rule import Ruling, rule
from backstop.policy.signals import Red, Signals

_MOST_KNOWN = 64
_WORDS = {
    Ending.VERIFIED: "verified",
    Ending.FAILED: "failed",
    Ending.REFUSED: "refused",
    Ending.UNCONFIRMED: "unconfirmed",
    Ending.UNRESTORED: "unrestored",
}


@dataclass(frozen=True, slots=True)
class Course:
    """How a scenario goes, as it was declared or as it was found; ``seconds`` from the fault to verified.

    Words are empty and ``seconds`` None where they were not declared, or not reached.
    """

    severity: str = ""
    decision: str = ""
    rollback: str = ""
    seconds: float | None = None


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
    expected: Course
    found: Course

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
        for text in _deviations(facts, declared):
            yield Reason(Ending.FAILED, f"{declared.name}: {text}", None, declared.name)


def scenario_results(facts: Facts, reasons: Sequence[Reason]) -> tuple[ScenarioResult, ...]:
    """One result for each declared scenario, judged by the ``reasons`` that name it."""
    own: dict[str, list[Reason]] = {}
    for reason in reasons:
        own.setdefault(reason.scenario, []).append(reason)
    return tuple(_result(facts, declared, tuple(own.get(declared.name, ()))) for declared in facts.scenarios)


def _result(facts: Facts, declared: ScenarioDeclared, own: tuple[Reason, ...]) -> ScenarioResult:
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
        expected=_expected(declared),
        found=_found(facts, declared),
    )


def _expected(declared: ScenarioDeclared) -> Course:
    return Course(declared.severity, declared.decision, declared.rollback, declared.budget or None)


def _found(facts: Facts, declared: ScenarioDeclared) -> Course:
    noticed = [check for check in _under(facts, declared.name) if check.mark is Mark.NOTICED]
    rollback = _outcome(facts, declared.name)
    seconds = _fault_to_verified(facts, declared.name)
    if not noticed:
        return Course(rollback=rollback, seconds=seconds)
    ruling = _ruled(reds(noticed))
    return Course(ruling.severity.value, ruling.decision.value, rollback, seconds)


@lru_cache(_MOST_KNOWN)
def _ruled(red: frozenset[Red]) -> Ruling:
    """By the defaults: they are what a scenario declares. Many scenarios are noticed by the same checks."""
    return rule(Signals(red=red))


def _outcome(facts: Facts, scenario: str) -> str:
    rollback = _rollback(facts, scenario)
    if rollback is None or rollback.finished is None:
        return ""
    left = scenario in facts.not_mended
    return RollbackOutcome.NOT_MENDED.value if left else rollback.finished.outcome


def _fault_to_verified(facts: Facts, scenario: str) -> float | None:
    """None where the fault never served, or no check ended in the good stage after it."""
    _, fault, after = _around(facts, scenario)
    if fault is None or fault.ready is None or after is None:
        return None
    ended = [check.ended for check in facts.by_stage.get(after.name, ())]
    return round(max(ended) - fault.ready, 3) if ended else None


def _deviations(facts: Facts, declared: ScenarioDeclared) -> Iterator[str]:
    """What went otherwise than declared, of what was reached; how the rollback ended has its own rule."""
    expected, found = _expected(declared), _found(facts, declared)
    if not expected.decision:
        return
    if _is_unnoticed(facts, declared) and not _by_chance(facts, declared):
        by = f" of the {len(declared.able)} that can notice it" if declared.able and found.severity else ""
        part = f"while it had {declared.percent:g} % of the traffic"
        yield f"the fault went unnoticed: no check{by} was red {part}"
    if _is_judged(facts, declared):
        for what, wanted, was in (
            ("severity", expected.severity, found.severity),
            ("decision", expected.decision, found.decision),
        ):
            if was != wanted:
                yield f"the {what} was {was!r}, wanted {wanted!r}"
    not_mended = RollbackOutcome.NOT_MENDED.value
    if not_mended in {expected.rollback, found.rollback} and found.rollback not in {"", expected.rollback}:
        yield f"the rollback ended {found.rollback!r}, wanted {expected.rollback!r}"
    if expected.seconds and found.seconds is not None and found.seconds > expected.seconds:
        yield f"{found.seconds:.1f} s from the fault to verified good, wanted at most {expected.seconds:g} s"


def _is_unnoticed(facts: Facts, declared: ScenarioDeclared) -> bool:
    """Whether the fault had a part of the traffic, and nothing was red that can notice it."""
    return _is_split(declared) and _served(facts, declared.name) and not _one_able(facts, declared)


def _by_chance(facts: Facts, declared: ScenarioDeclared) -> bool:
    """Whether it may be that no request of these checks met the fault, so that none is to blame."""
    return _looked(facts, declared) < declared.takes


def _looked(facts: Facts, declared: ScenarioDeclared) -> int:
    """How many of the checks that can notice the fault found the bot well: each by one request at least."""
    able = set(declared.able)
    return sum(
        check.outcome is Outcome.PASS and (not able or check.check in able)
        for check in _under(facts, declared.name)
    )


def _one_able(facts: Facts, declared: ScenarioDeclared) -> bool:
    """Whether one was red of those that can notice the fault; any will do where none are named."""
    noticed = _ids(_under(facts, declared.name), Mark.NOTICED)
    return bool(set(noticed) & set(declared.able) if declared.able else noticed)


def _is_split(declared: ScenarioDeclared) -> bool:
    """Whether it is chance which of the requests meet the fault, and so how bad what they find is."""
    return declared.percent < ALL_TRAFFIC


def _served(facts: Facts, scenario: str) -> bool:
    _, fault, _ = _around(facts, scenario)
    return fault is not None and fault.ready is not None


def _is_judged(facts: Facts, declared: ScenarioDeclared) -> bool:
    """Whether severity and decision can be held against the scenario.

    They can't where it is chance what is red, or where what weighs most was not red: a bot may lack that.
    """
    under = [check for check in _under(facts, declared.name) if check.check in declared.notices]
    noticed = [check.severity for check in under if check.mark is Mark.NOTICED]
    heaviest = max((check.severity for check in under), default=Severity.NONE)
    return not _is_split(declared) and bool(noticed) and max(noticed) is heaviest


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
    if not any(check.expected_red for check in checks) and not declared.notices and not _is_split(declared):
        yield "no check had to notice it"
    if _is_unnoticed(facts, declared) and _by_chance(facts, declared):
        yield (
            f"none of the {_looked(facts, declared)} checks that looked was red, which may be chance: with "
            f"{declared.percent:g} % of the traffic it takes {declared.takes} requests to meet the fault"
        )
    rollback = _rollback(facts, declared.name)
    if rollback is None or rollback.finished is None:
        yield "no rollback from it finished"
    if not _proven(facts, after):
        yield "no good stage after it"


def _around(facts: Facts, scenario: str) -> tuple[StageFacts | None, StageFacts | None, StageFacts | None]:
    """The good stage before, the fault stage, and the good stage after, as far as they were reached."""
    stages = facts.stages
    place = facts.fault_stages.get(scenario)
    if place is None:
        return None, None, None
    earlier = (stages[each] for each in range(place - 1, -1, -1))
    before = next((stage for stage in earlier if stage.phase is Phase.GOOD), None)
    following = stages[place + 1] if place + 1 < len(stages) else None
    after = following if following and following.phase is Phase.GOOD else None
    return before, stages[place], after


def _proven(facts: Facts, stage: StageFacts | None) -> bool:
    """Whether a stage was reached and something passed in it."""
    if stage is None or stage.ready is None:
        return False
    return any(passed(check) for check in facts.by_stage.get(stage.name, ()))


def _rollback(facts: Facts, scenario: str) -> RollbackFacts | None:
    return facts.last_rollbacks.get(scenario)


def _under(facts: Facts, scenario: str) -> Sequence[CheckFacts]:
    return facts.under.get(scenario, ())


def _not_run(declared: ScenarioDeclared, checks: Sequence[CheckFacts]) -> tuple[str, ...]:
    ran = {check.check for check in checks}
    return tuple(notice for notice in declared.notices if notice not in ran)


def _ids(checks: Sequence[CheckFacts], mark: Mark) -> tuple[str, ...]:
    return tuple(dict.fromkeys(check.check for check in checks if check.mark is mark))
