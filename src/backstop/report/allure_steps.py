"""The lines of a journal as steps of Allure's results."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from backstop.journal.events import (
    MutationDone,
    MutationUndone,
    Problem,
    RollbackFinished,
    RollbackStarted,
    StageReady,
    StageStarted,
    Witnessed,
)
from backstop.journal.record import Record
from backstop.model.verdict import Ending
from backstop.report.cases import Status, status_of_ending
from backstop.report.text import visible

STATUSES = {
    Status.PASSED: "passed",
    Status.FAILURE: "failed",
    Status.ERROR: "broken",
    Status.SKIPPED: "skipped",
}
_TELLING = (
    MutationDone,
    MutationUndone,
    Problem,
    RollbackFinished,
    RollbackStarted,
    StageReady,
    StageStarted,
    Witnessed,
)


def is_telling(record: Record) -> bool:
    """Whether a line says what was done or seen beside the checks."""
    return isinstance(record.event, _TELLING)


def told(record: Record) -> dict[str, Any]:
    """A line of the journal as a step."""
    event, status = record.event, Status.PASSED
    text = event.kind.replace("-", " ")
    match event:
        case StageStarted():
            text = f"stage {event.stage} begins"
        case StageReady():
            text = f"{event.version or 'the bot'} serves, after {event.seconds:.2f} s"
        case RollbackStarted():
            text = f"rollback to {event.to_version} begins: {event.reason}"
        case RollbackFinished():
            text, status = f"rollback {event.outcome} {event.detail}".rstrip(), _well(event.outcome == "done")
        case Witnessed():
            text = f"{event.witness}: wanted {event.wanted}, found {event.found}"
            status = _well(event.agrees)
        case Problem():
            text, status = event.message, status_of_ending(_ending(event.ending))
        case MutationDone():
            text, status = f"changed: {event.detail or event.mutation}", _well(event.ok)
        case MutationUndone():
            text = f"undone: {event.how}"
    return step_of(f"line {record.n}: {text}", status, record.at, record.at)


def _well(well: bool) -> Status:  # noqa: FBT001 - what it is asked
    return Status.PASSED if well else Status.FAILURE


def _ending(number: int) -> Ending:
    return Ending(number) if number in Ending.__members__.values() else Ending.INTERNAL_ERROR


def step_of(name: str, status: Status, start: datetime, stop: datetime) -> dict[str, Any]:
    """A step in Allure's format."""
    times = {"start": milliseconds(start), "stop": milliseconds(stop)}
    return {"name": visible(name), "status": STATUSES[status], "stage": "finished", **times}


def milliseconds(moment: datetime) -> int:
    """A moment as Allure writes it: milliseconds since 1970."""
    return round(moment.astimezone(UTC).timestamp() * 1000)
