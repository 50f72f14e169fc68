"""What the witnesses of each stage said, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass

from backstop.journal.events import Witnessed
from backstop.journal.facts import Facts
from backstop.journal.record import select


@dataclass(frozen=True, slots=True)
class Hearing:
    """What should serve at one stage, and each witness with the line of what it said."""

    stage: str
    wanted: str
    witnesses: tuple[tuple[int, Witnessed], ...]


def hearings(facts: Facts) -> tuple[Hearing, ...]:
    """In the order in which they began."""
    found: dict[tuple[str, str], list[tuple[int, Witnessed]]] = {}
    for record, event in select(facts.records, Witnessed):
        found.setdefault((event.stage, event.wanted), []).append((record.n, event))
    made = (Hearing(stage, wanted, tuple(said)) for (stage, wanted), said in found.items())
    return tuple(made)
