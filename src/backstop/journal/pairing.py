"""Which line of a journal is the end of what another line began."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from backstop.journal.events import (
    MutationArmed,
    MutationDone,
    MutationUndone,
    RollbackFinished,
    RollbackStarted,
)
from backstop.journal.record import Record, select

M = TypeVar("M", MutationDone, MutationUndone)

Started = tuple[Record, RollbackStarted]
Finished = tuple[Record, RollbackFinished]
Mutation = tuple[
    Record, MutationArmed, tuple[Record, MutationDone] | None, tuple[Record, MutationUndone] | None
]


def paired_rollbacks(records: Sequence[Record]) -> Iterator[tuple[Started | None, Finished | None]]:
    """Each begin of a rollback with the first end after it in its stage, then the ends that have no begin."""
    waiting: dict[str, deque[Finished]] = {}
    for record, finish in select(records, RollbackFinished):
        waiting.setdefault(finish.stage, deque()).append((record, finish))
    alone: list[Finished] = []
    for record, start in select(records, RollbackStarted):
        ends = waiting.get(start.stage, deque())
        while ends and ends[0][0].n <= record.n:
            alone.append(ends.popleft())
        yield (record, start), ends.popleft() if ends else None
    alone += [each for ends in waiting.values() for each in ends]
    yield from ((None, each) for each in sorted(alone, key=_line))


def paired_mutations(records: Sequence[Record]) -> Iterator[Mutation]:
    """Each change with what became of it: the first lines after it that name it."""
    done = _by_mutation(select(records, MutationDone))
    undone = _by_mutation(select(records, MutationUndone))
    for record, armed in select(records, MutationArmed):
        made = _first_after(done.get(armed.mutation, []), record.n)
        back = _first_after(undone.get(armed.mutation, []), record.n)
        yield record, armed, made, back


def _by_mutation(found: Iterable[tuple[Record, M]]) -> Mapping[str, list[tuple[Record, M]]]:
    each: dict[str, list[tuple[Record, M]]] = {}
    for record, event in found:
        each.setdefault(event.mutation, []).append((record, event))
    return each


def _first_after(found: list[tuple[Record, M]], line: int) -> tuple[Record, M] | None:
    place = bisect_right(found, line, key=lambda each: each[0].n)
    return found[place] if place < len(found) else None


def _line(found: Finished) -> int:
    return found[0].n
