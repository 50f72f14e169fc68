"""Rows of the table of checks that are alike from end to end, which can share their cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from backstop.journal.facts import CheckFacts
from backstop.journal.matrix import Row
from backstop.report.signs import sign_of_check


@dataclass(frozen=True, slots=True)
class Band:
    """One check, whose cells stand for so many checks from it on, ``height``; 0: they stand above."""

    row: Row
    height: int


def bands(rows: Sequence[Row], *, tight: bool) -> Iterator[Band]:
    """One for each row. Only where it is ``tight`` do rows share cells."""
    for _, alike in groupby(enumerate(rows), key=lambda each: _words(each[1]) if tight else each[0]):
        (_, first), *others = alike
        yield Band(first, 1 + len(others))
        yield from (Band(row, 0) for _, row in others)


def _words(row: Row) -> tuple[str, ...]:
    return tuple(map(_word, row.cells))


def _word(cell: CheckFacts | None) -> str:
    return "" if cell is None else sign_of_check(cell).word
