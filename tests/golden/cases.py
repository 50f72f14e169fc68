"""The golden journals, and how their reports are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from backstop.cli.main import main
from backstop.journal.chain import chained, link
from backstop.journal.codec import to_line
from backstop.journal.events import (
    CheckFinished,
    ScenarioDeclared,
    SessionFinished,
    SessionStarted,
    StageStarted,
)
from backstop.journal.record import Record
from tests.unit.sample_checks import SCENARIOS
from tests.unit.samples import drill, failed_post_rollback, refused

FOLDER = Path(__file__).resolve().parent
REPORTS = ("report.html", "incident.md", "verdict.json")

_EARLIER = timedelta(minutes=4)


@dataclass(frozen=True, slots=True)
class Case:
    """Journals by the name of their file, and the arguments that come after them; paths are in its folder."""

    name: str
    code: int
    journals: dict[str, Callable[[], bytes]]
    arguments: Sequence[str] = ()

    @property
    def folder(self) -> Path:
        """Where journals and reports are kept."""
        return FOLDER / self.name

    def report(self, into: Path) -> int:
        """Make the reports as a user does; the exit code."""
        journals = [str(self.folder / name) for name in self.journals]
        return main(["report", *journals, *self.arguments, "--into", str(into)])


def _sealed(records: Sequence[Record]) -> bytes:
    """The lines as a session writes them."""
    chain, lines = "", []
    for record in records:
        line = to_line(record).encode()
        chain = link(chain, line)
        lines.append(chained(line, chain))
    return b"".join(lines)


def _of_before() -> bytes:
    """A drill of one scenario, by a backstop that did not chain its lines."""
    name = SCENARIOS[0][0]
    kept = [record for record in drill() if _is_about(record, name)]
    due = sum(isinstance(record.event, CheckFinished) for record in kept)
    last = kept[-1]
    assert isinstance(last.event, SessionFinished)
    kept[-1] = replace(last, event=replace(last.event, planned=due))
    return b"".join(to_line(replace(record, n=n)).encode() for n, record in enumerate(kept))


def _is_about(record: Record, scenario: str) -> bool:
    event = record.event
    if isinstance(event, ScenarioDeclared):
        return event.name == scenario
    stage = getattr(event, "stage", "0-good")
    mutation = getattr(event, "mutation", "m1")
    return (stage == "0-good" or stage.endswith(scenario)) and mutation == "m1"


def _changed() -> bytes:
    """A refused rollback whose reason somebody has changed, and whose last line is cut."""
    return _sealed(refused()).replace(b"bad deploy", b"old deploy", 1)[:-100]


def _look() -> bytes:
    """What was seen a few minutes before the rollback."""
    kinds = (SessionStarted, StageStarted, CheckFinished, SessionFinished)
    kept = [record for record in failed_post_rollback() if isinstance(record.event, kinds)]
    first = kept[0]
    assert isinstance(first.event, SessionStarted)
    kept[0] = replace(first, event=replace(first.event, run="5ca1ab1e", session="pre_rollback", mutates=""))
    return _sealed([replace(record, n=n, at=record.at - _EARLIER) for n, record in enumerate(kept)])


CASES = (
    Case("rollback", 1, {"journal.jsonl": lambda: _sealed(failed_post_rollback())}),
    Case("of-before", 0, {"journal.jsonl": _of_before}),
    Case("changed", 21, {"journal.jsonl": _changed}),
    Case(
        "incident",
        1,
        {"look.jsonl": _look, "rollback.jsonl": lambda: _sealed(failed_post_rollback())},
        ["--vantage", "frankfurt=fra.jsonl"],
    ),
)
