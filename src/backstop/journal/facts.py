"""What a journal's lines say, put together by what they are about. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from backstop.journal.events import (
    CheckFinished,
    MutationArmed,
    MutationDone,
    MutationUndone,
    RequestsSpent,
    RollbackFinished,
    RollbackStarted,
    ScenarioDeclared,
    SessionFinished,
    SessionStarted,
    StageReady,
    StageStarted,
)
from backstop.journal.record import Record, select
from backstop.model.run import Phase, SessionKind
from backstop.model.severity import Severity
from backstop.model.verdict import Outcome


class Mark(Enum):
    """How a check's outcome reads at its place in the timeline."""

    PLAIN = "plain"
    NOTICED = "noticed"
    MISSED = "missed"
    NOT_SHOWN = "not shown"
    COLLATERAL = "collateral"


@dataclass(frozen=True, slots=True)
class StageFacts:
    """One stage. ``version`` and ``ready`` (seconds) are empty and None when it never became ready."""

    name: str
    phase: Phase
    scenario: str
    line: int
    began: float
    version: str = ""
    ready: float | None = None
    ready_line: int | None = None


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """One check in one stage. ``expected_red`` says that the stage's scenario wants it to fail.

    A check that was not green in the last good stage can't have noticed the fault by being red.
    ``superseded``: it looked at a deploy that this very session then rolled back.
    """

    check: str
    title: str
    suite: str
    severity: Severity
    stage: str
    phase: Phase
    scenario: str
    outcome: Outcome
    message: str
    step: str
    expected_red: bool
    seconds: float
    line: int
    ended: float
    green_before: bool = True
    superseded: bool = False

    @property
    def mark(self) -> Mark:
        """A fault that should be seen is noticed, missed or not shown; other red is collateral."""
        if self.phase is not Phase.FAULT:
            return Mark.PLAIN
        if self.expected_red and self.outcome is Outcome.FAIL and not self.green_before:
            return Mark.NOT_SHOWN
        if self.expected_red:
            return _EXPECTED.get(self.outcome, Mark.NOT_SHOWN)
        return Mark.COLLATERAL if self.outcome is Outcome.FAIL and not self.standing else Mark.PLAIN

    @property
    def standing(self) -> bool:
        """Whether this is red under a fault that has nothing to do with it: it was not green before either.

        What that means was judged in the good stage, where it was accepted, degraded or failed.
        """
        return self.phase is Phase.FAULT and not self.expected_red and not self.green_before


_EXPECTED = {Outcome.FAIL: Mark.NOTICED, Outcome.PASS: Mark.MISSED, Outcome.DEGRADED: Mark.MISSED}


@dataclass(frozen=True, slots=True)
class RollbackFacts:
    """One rollback; ``finished`` is None when the session ended in the middle of it."""

    started: RollbackStarted
    line: int
    began: float
    scenario: str
    finished: RollbackFinished | None = None
    finished_line: int | None = None
    ended: float | None = None


@dataclass(frozen=True, slots=True)
class MutationFacts:
    """One change. ``done`` is None while unknown; ``undone`` says how, or is None."""

    id: str
    what: str
    undo: str
    line: int
    armed: float
    scenario: str
    done: MutationDone | None = None
    done_line: int | None = None
    undone: MutationUndone | None = None
    undone_line: int | None = None
    closed: float | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything of one journal that verdicts and reports are made from."""

    records: tuple[Record, ...]
    header: SessionStarted | None
    footer: SessionFinished | None
    scenarios: tuple[ScenarioDeclared, ...]
    stages: tuple[StageFacts, ...]
    checks: tuple[CheckFacts, ...]
    rollbacks: tuple[RollbackFacts, ...]
    mutations: tuple[MutationFacts, ...]
    spent: RequestsSpent | None = None

    @property
    def is_drill(self) -> bool:
        """Whether the session was one that breaks the bot on purpose."""
        return self.header is not None and self.header.session == SessionKind.DRILL.value

    @property
    def ended(self) -> float:
        """Seconds from the start to the last line."""
        return self.records[-1].t if self.records else 0.0


def gather(records: Sequence[Record]) -> Facts:
    """Put the lines of a journal together. Total: any sequence of records is accepted."""
    lines = tuple(records)
    stages = tuple(_stages(lines))
    rollbacks = tuple(_rollbacks(lines, stages))
    scenarios = tuple({event.name: event for _, event in select(lines, ScenarioDeclared)}.values())
    return Facts(
        records=lines,
        header=next((event for _, event in select(lines, SessionStarted)), None),
        footer=next((event for _, event in select(lines, SessionFinished)), None),
        scenarios=scenarios,
        stages=stages,
        checks=_superseded(_excused(tuple(_checks(lines, stages, scenarios))), rollbacks),
        rollbacks=rollbacks,
        mutations=tuple(_mutations(lines, stages)),
        spent=next((event for _, event in select(lines, RequestsSpent)), None),
    )


def _stages(records: Sequence[Record]) -> Iterator[StageFacts]:
    ready = {event.stage: (record, event) for record, event in select(records, StageReady)}
    begun: dict[str, tuple[Record, StageStarted]] = {}
    for record, event in select(records, StageStarted):
        begun.setdefault(event.stage, (record, event))
    for name, (record, event) in begun.items():
        phase, scenario = _phase(event.phase), event.scenario
        if name not in ready:
            yield StageFacts(name, phase, scenario, record.n, record.t)
            continue
        at, made = ready[name]
        yield StageFacts(name, phase, scenario, record.n, record.t, made.version, at.t, at.n)


def _checks(
    records: Sequence[Record], stages: Sequence[StageFacts], scenarios: Sequence[ScenarioDeclared]
) -> Iterator[CheckFacts]:
    by_name = {stage.name: stage for stage in stages}
    notices = {scenario.name: frozenset(scenario.notices) for scenario in scenarios}
    before: dict[str, Outcome] = {}
    for record, event in select(records, CheckFinished):
        stage = by_name.get(event.stage)
        phase = stage.phase if stage else Phase.LIVE
        scenario = event.scenario or (stage.scenario if stage else "")
        wanted = event.expected_red or event.check in notices.get(scenario, frozenset())
        yield CheckFacts(
            check=event.check,
            title=event.title,
            suite=event.suite,
            severity=_severity(event.severity),
            stage=event.stage,
            phase=phase,
            scenario=scenario,
            outcome=_outcome(event.outcome),
            message=event.message,
            step=event.step,
            expected_red=phase is Phase.FAULT and wanted,
            seconds=event.seconds,
            line=record.n,
            ended=record.t,
            green_before=before.get(event.check, Outcome.PASS) is Outcome.PASS,
        )
        if phase is not Phase.FAULT:
            before[event.check] = _outcome(event.outcome)


def _excused(checks: tuple[CheckFacts, ...]) -> tuple[CheckFacts, ...]:
    """Checks that need not notice a fault, because something else must that can.

    They are those of what a target does not have, at no stage, and those that were not green before: with
    an ordinary finding they could not have shown the fault by being red.
    """
    there = {check.check for check in checks if check.outcome is not Outcome.NOT_APPLICABLE}
    able = {(c.scenario, c.check) for c in checks if c.expected_red and c.check in there and c.green_before}
    shown = {scenario for scenario, _ in able}
    return tuple(
        replace(check, expected_red=False)
        if check.expected_red and check.scenario in shown and (check.scenario, check.check) not in able
        else check
        for check in checks
    )


def _superseded(checks: tuple[CheckFacts, ...], rollbacks: Sequence[RollbackFacts]) -> tuple[CheckFacts, ...]:
    """What was seen of a live version before it was rolled back: why that was done, not how the bot is."""
    done = [each.line for each in rollbacks if each.finished is not None and each.finished.outcome == "done"]
    if not done:
        return checks
    return tuple(
        replace(check, superseded=True) if check.phase is Phase.LIVE and check.line < done[-1] else check
        for check in checks
    )


def _rollbacks(records: Sequence[Record], stages: Sequence[StageFacts]) -> Iterator[RollbackFacts]:
    finishes = list(select(records, RollbackFinished))
    for record, event in select(records, RollbackStarted):
        scenario = event.scenario or broken_by(stages, record.n)
        match = next(((r, f) for r, f in finishes if r.n > record.n and f.stage == event.stage), None)
        if match is None:
            yield RollbackFacts(event, record.n, record.t, scenario)
            continue
        finishes.remove(match)
        end, finish = match
        yield RollbackFacts(event, record.n, record.t, scenario, finish, end.n, end.t)
    for end, finish in finishes:
        start = RollbackStarted(finish.stage, "", "", "", "", finish.scenario)
        scenario = finish.scenario or broken_by(stages, end.n)
        yield RollbackFacts(start, end.n, end.t, scenario, finish, end.n, end.t)


def _mutations(records: Sequence[Record], stages: Sequence[StageFacts]) -> Iterator[MutationFacts]:
    done = list(select(records, MutationDone))
    undone = list(select(records, MutationUndone))
    for record, event in select(records, MutationArmed):
        made = next(((r, e) for r, e in done if r.n > record.n and e.mutation == event.mutation), None)
        back = next(((r, e) for r, e in undone if r.n > record.n and e.mutation == event.mutation), None)
        yield MutationFacts(
            id=event.mutation,
            what=event.what,
            undo=event.undo,
            line=record.n,
            armed=record.t,
            scenario=broken_by(stages, record.n),
            done=made[1] if made else None,
            done_line=made[0].n if made else None,
            undone=back[1] if back else None,
            undone_line=back[0].n if back else None,
            closed=back[0].t if back else None,
        )


def broken_by(stages: Sequence[StageFacts], line: int) -> str:
    """The scenario whose fault stage was the last to begin before a line; empty when there was none."""
    faults = [stage for stage in stages if stage.phase is Phase.FAULT and stage.line <= line]
    return faults[-1].scenario if faults else ""


def _phase(text: str) -> Phase:
    """An unknown phase counts as live: red is then red."""
    return next((phase for phase in Phase if phase.value == text), Phase.LIVE)


def _severity(text: str) -> Severity:
    """An unknown severity counts as critical, so that it is never lost."""
    return next((severity for severity in Severity if severity.value == text), Severity.CRITICAL)


def _outcome(text: str) -> Outcome:
    """An unknown outcome says nothing of the bot."""
    return next((outcome for outcome in Outcome if outcome.value == text), Outcome.INCONCLUSIVE)
