"""What a journal's lines say, put together by what they are about. Judges nothing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from backstop.journal.events import (
    CheckFinished,
    RequestsSpent,
    RollbackStarted,
    ScenarioDeclared,
    ScenarioRestored,
    SessionFinished,
    SessionStarted,
    StageReady,
    StageStarted,
)
from backstop.journal.pairing import paired_mutations, paired_rollbacks
from backstop.journal.pieces import CheckFacts, Mark, MutationFacts, RollbackFacts, StageFacts
from backstop.journal.record import Record, Records, select
from backstop.model.run import Phase, SessionKind
from backstop.model.scenario import Restore
from backstop.model.severity import Severity
from backstop.model.verdict import Outcome

__all__ = ["CheckFacts", "Facts", "Mark", "MutationFacts", "RollbackFacts", "StageFacts", "gather"]


@dataclass(frozen=True)  # without slots, so that what is looked up for each scenario is sorted once
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

    @cached_property
    def by_stage(self) -> Mapping[str, Sequence[CheckFacts]]:
        """The checks of each stage."""
        return _grouped(self.checks, lambda check: check.stage)

    @cached_property
    def under(self) -> Mapping[str, Sequence[CheckFacts]]:
        """The checks that ran while the fault of a scenario served."""
        return _grouped((c for c in self.checks if c.phase is Phase.FAULT), lambda check: check.scenario)

    @cached_property
    def fault_stages(self) -> Mapping[str, int]:
        """For each scenario, the place of its first fault stage among the stages."""
        return {
            stage.scenario: place
            for place, stage in reversed(tuple(enumerate(self.stages)))
            if stage.phase is Phase.FAULT
        }

    @cached_property
    def last_rollbacks(self) -> Mapping[str, RollbackFacts]:
        """For each scenario, the last rollback from it."""
        return {rollback.scenario: rollback for rollback in self.rollbacks}

    @cached_property
    def not_mended(self) -> frozenset[str]:
        """The scenarios of which the rollback left something at Discord, which was put right for it."""
        return frozenset(
            event.scenario
            for _, event in select(self.records, ScenarioRestored)
            if event.how == Restore.DISCORD.value and not event.mended
        )

    @cached_property
    def fault_lines(self) -> Sequence[int]:
        """The lines on which fault stages begin, in order."""
        return sorted(stage.line for stage in self.stages if stage.phase is Phase.FAULT)

    def fault_stage(self, scenario: str) -> StageFacts | None:
        """The first fault stage of a scenario, if it began."""
        place = self.fault_stages.get(scenario)
        return None if place is None else self.stages[place]

    def between(self, line: float, until: float) -> Sequence[CheckFacts]:
        """The checks on lines between two others."""
        begin = bisect_right(self.checks, line, key=_line)
        return self.checks[begin : bisect_left(self.checks, until, lo=begin, key=_line)]


def _line(check: CheckFacts) -> int:
    return check.line


def _grouped(
    checks: Iterable[CheckFacts], name: Callable[[CheckFacts], str]
) -> Mapping[str, Sequence[CheckFacts]]:
    groups: dict[str, list[CheckFacts]] = {}
    for check in checks:
        groups.setdefault(name(check), []).append(check)
    return groups


def gather(records: Sequence[Record]) -> Facts:
    """Put the lines of a journal together. Total: any sequence of records is accepted."""
    lines = Records(records)
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
    broken = _Breaks(stages)
    for begin, end in paired_rollbacks(records):
        first = begin or end
        if first is None:
            continue
        record, event = first
        scenario = event.scenario or broken.by(record.n)
        started = begin[1] if begin else RollbackStarted(event.stage, "", "", "", "", event.scenario)
        finished, last = (end[1], end[0]) if end else (None, None)
        yield RollbackFacts(
            started=started,
            line=record.n,
            began=record.t,
            scenario=scenario,
            finished=finished,
            finished_line=last.n if last else None,
            ended=last.t if last else None,
        )


def _mutations(records: Sequence[Record], stages: Sequence[StageFacts]) -> Iterator[MutationFacts]:
    broken = _Breaks(stages)
    for record, event, made, back in paired_mutations(records):
        yield MutationFacts(
            id=event.mutation,
            what=event.what,
            undo=event.undo,
            line=record.n,
            armed=record.t,
            scenario=broken.by(record.n),
            done=made[1] if made else None,
            done_line=made[0].n if made else None,
            undone=back[1] if back else None,
            undone_line=back[0].n if back else None,
            closed=back[0].t if back else None,
        )


class _Breaks:
    """Which scenario's fault stage was the last to begin before a line."""

    def __init__(self, stages: Sequence[StageFacts]) -> None:
        faults = sorted((stage.line, stage.scenario) for stage in stages if stage.phase is Phase.FAULT)
        self._lines = [line for line, _ in faults]
        self._scenarios = [scenario for _, scenario in faults]

    def by(self, line: int) -> str:
        """Its name; empty when there was none."""
        place = bisect_right(self._lines, line)
        return self._scenarios[place - 1] if place else ""


def _phase(text: str) -> Phase:
    """An unknown phase counts as live: red is then red."""
    return next((phase for phase in Phase if phase.value == text), Phase.LIVE)


def _severity(text: str) -> Severity:
    """An unknown severity counts as critical, so that it is never lost."""
    return _SEVERITIES.get(text, Severity.CRITICAL)


def _outcome(text: str) -> Outcome:
    """An unknown outcome says nothing of the bot."""
    return _OUTCOMES.get(text, Outcome.INCONCLUSIVE)


_SEVERITIES = {severity.value: severity for severity in Severity}
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
