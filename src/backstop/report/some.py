"""Rows of which a page shows only so many, and how many more there are: what is left out is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Some(Generic[Row]):
    """The ``rows`` that are shown; ``more`` are in the journal only."""

    rows: tuple[Row, ...]
    more: int

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        """How many are shown."""
        return len(self.rows)


def some(rows: Iterable[Row], most: int) -> Some[Row]:
    """The first of them, at most so many."""
    every = tuple(rows)
    return Some(every[:most], max(0, len(every) - most))
