"""The record of one drill: what it proved, made from its journal and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from backstop.journal.conclusion import Conclusion
from backstop.journal.record import Record
from backstop.journal.scenarios import ScenarioResult

_NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class ScenarioRecord:
    """How one scenario of a drill went; ``timings`` are seconds: detected, serving, verified, …

    ``seconds`` is from the fault serving to the last check after the rollback, None where not reached.
    ``digest`` tells what was drilled from all else of this name; empty in records of older releases.
    """

    name: str
    title: str
    fault: str
    severity: str
    verdict: str
    noticed: tuple[str, ...]
    missed: tuple[str, ...]
    timings: Mapping[str, float]
    seconds: float | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class DrillRecord:
    """One drill. ``place`` is sandbox or staging, empty where the journal does not say; ``at`` is UTC.

    ``seconds`` is how long it took. ``clock_moved_s`` is by how much more than that the machine's clock went
    on meanwhile: one that was set. ``tools`` are versions.
    """

    run: str
    target: str
    worker: str
    place: str
    at: datetime
    seconds: float
    clock_moved_s: float
    verdict: str
    exit_code: int
    scenarios: tuple[ScenarioRecord, ...]
    tools: Mapping[str, str]


def record_of(conclusion: Conclusion) -> DrillRecord:
    """The record of a drill that has been concluded. Pure: the same journal, the same record."""
    facts = conclusion.facts
    header = facts.header
    moved = _clock_moved(facts.records)
    return DrillRecord(
        run=conclusion.run,
        target=conclusion.target,
        worker=conclusion.worker,
        place=header.place if header else "",
        at=_at(facts.records, moved),
        seconds=round(conclusion.timings["session_s"], 3),
        clock_moved_s=round(moved, 3),
        verdict=conclusion.verdict.value,
        exit_code=int(conclusion.ending),
        scenarios=tuple(map(_scenario, conclusion.scenarios)),
        tools=dict(header.tools) if header else {},
    )


def _scenario(result: ScenarioResult) -> ScenarioRecord:
    declared = result.declared
    return ScenarioRecord(
        name=result.name,
        title=declared.title,
        fault=declared.fault,
        severity=declared.severity,
        verdict=result.verdict,
        noticed=result.noticed,
        missed=result.missed,
        timings={step: round(taken, 3) for step, taken in result.timings.items()},
        seconds=result.found.seconds,
        digest=declared.digest,
    )


def _clock_moved(records: Sequence[Record]) -> float:
    """Seconds that the wall clock went on beyond those that passed; 0 for an honest one."""
    if not records:
        return 0.0
    first, last = records[0], records[-1]
    return (last.at - first.at).total_seconds() - (last.t - first.t) + 0.0  # never minus nothing


def _at(records: Sequence[Record], moved: float) -> datetime:
    """When the drill began. Of a clock that was set meanwhile, the earlier reading: that ages first."""
    if not records:
        return _NEVER
    began = records[0].at
    return (began + timedelta(seconds=min(0.0, moved))).replace(microsecond=0)
