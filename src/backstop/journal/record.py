"""One line of a journal, and what stands in the place of a line that can't be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import takewhile
from typing import Any, ClassVar, TypeVar

from backstop.journal.events import Event

E = TypeVar("E", bound=Event)

NEVER = datetime.fromtimestamp(0, UTC)  # of what has no time


@dataclass(frozen=True, slots=True)
class Record:
    """An event with its place: ``n`` counts from 0, ``at`` is UTC, ``t`` is seconds since the start.

    ``chain`` ties it to all lines before it, see ``chain``; empty in a journal that is not chained.
    """

    n: int
    at: datetime
    t: float
    event: Event
    chain: str = ""


@dataclass(frozen=True, slots=True)
class Damaged(Event):
    """Only ever read, never written: a line that is cut, missing or no event of this schema."""

    kind: ClassVar[str] = "damaged"
    why: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Unknown(Event):
    """Only ever read, never written: a line of a kind that a newer schema has."""

    kind: ClassVar[str] = "unknown"
    name: str
    fields: dict[str, Any] = field(default_factory=dict)


class Records(tuple[Record, ...]):  # noqa: SLOT001 - its index is kept in its __dict__
    """Records of which is known where each kind of event is: a report asks some eighty times."""

    @cached_property
    def _by_kind(self) -> Mapping[type[Event], Sequence[Record]]:
        found: dict[type[Event], list[Record]] = {}
        for record in self:
            found.setdefault(type(record.event), []).append(record)
        return found

    def of(self, kind: type[Event]) -> Sequence[Record]:
        """Those of one kind of event, in order."""
        return self._by_kind.get(kind, ())


def dated(records: tuple[Record, ...]) -> tuple[Record, ...]:
    """The records, of which those that stand before the first with a time have that one's."""
    first = next((record.at for record in records if record.at != NEVER), NEVER)
    undated = list(takewhile(lambda record: record.at == NEVER, records))
    return (*(replace(record, at=first) for record in undated), *records[len(undated) :])


def began(records: Sequence[Record]) -> datetime | None:
    """When the first was written; None where no time is known."""
    return records[0].at if records and records[0].at != NEVER else None


def select(records: Iterable[Record], kind: type[E]) -> Iterator[tuple[Record, E]]:
    """The records of one kind of event, in order, each with its event typed."""
    for record in records.of(kind) if isinstance(records, Records) else records:
        if isinstance(record.event, kind):
            yield record, record.event
