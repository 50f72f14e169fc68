"""What a monitor has told, or would have: rows of the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from backstop.journal.events import AlertChanged
from backstop.journal.facts import Facts
from backstop.journal.record import select
from backstop.report.signs import Sign, Tone

_SIGNS = {
    "raised": Sign("alert", "raised", Tone.BAD),
    "reminded": Sign("alert", "still failing", Tone.BAD),
    "resolved": Sign("tick", "resolved", Tone.GOOD),
    "flapping": Sign("wave", "flapping", Tone.WARN),
}


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One change of what is watched."""

    subject: str
    sign: Sign
    severity: str
    since: str
    failures: int
    text: str
    line: int


def alert_rows(facts: Facts) -> tuple[AlertRow, ...]:
    """The rows, in order; a state of a newer version is shown by its own word."""
    return tuple(_rows(facts))


def _rows(facts: Facts) -> Iterator[AlertRow]:
    for record, event in select(facts.records, AlertChanged):
        sign = _SIGNS.get(event.state, Sign("question", event.state, Tone.UNSURE))
        yield AlertRow(event.subject, sign, event.severity, event.since, event.failures, event.text, record.n)
