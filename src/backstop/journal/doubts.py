"""What tells that the lines of a journal are not those that one session wrote, one after the other."""

from __future__ import annotations

from backstop.journal.chain import link, unchained
from backstop.journal.events import CheckFinished, SessionFinished, SessionStarted
from backstop.journal.record import Damaged, Record


class Doubts:
    """Is told each line in turn, and answers with what is wrong with its place; at most one thing."""

    def __init__(self) -> None:
        self._number = -1
        self._run: str | None = None
        self._is_chained: bool | None = None  # None until a line could be read
        self._before: str | None = ""  # the chain of the line before; None where that can't be known
        self._time = 0.0
        self._ended = False

    def about(self, record: Record, line: bytes) -> str:
        """What is wrong, in words; empty where nothing is. ``record`` has the number that its line gives.

        A line that can't be read is said to be damaged elsewhere.
        """
        content, chain = unchained(line)
        before, self._before = self._before, chain or record.chain or None
        if isinstance(record.event, Damaged):
            self._number += 1
            return ""
        found = (
            self._mixed_in(record),
            self._order(record),
            self._course(record),
            self._link(record, before, content, chain),
        )
        return next(filter(None, found), "")

    def _mixed_in(self, record: Record) -> str:
        if not isinstance(record.event, SessionStarted):
            return ""
        first, self._run = self._run, record.event.run
        if first is None:
            return ""
        return f"another journal is mixed in: that of run {self._run} begins here"

    def _order(self, record: Record) -> str:
        found, wanted = record.n, self._number + 1
        self._number = found
        if found > wanted:
            return f"{found - wanted} lines are missing before line {found}"
        return f"line {found} comes where line {wanted} was due" if found < wanted else ""

    def _course(self, record: Record) -> str:
        """A session begins with its first line, its clock never goes back, and no check ends after it."""
        earlier, self._time = record.t < self._time, record.t
        if earlier:
            return f"line {record.n} is from before the line before it"
        if isinstance(record.event, SessionStarted) and record.n > 0:
            return f"the session begins at line {record.n}, and what stands before it is not of it"
        after_its_end = self._ended and isinstance(record.event, CheckFinished)
        self._ended = self._ended or isinstance(record.event, SessionFinished)
        return f"line {record.n} is of a check, and the session had ended" if after_its_end else ""

    def _link(self, record: Record, before: str | None, content: bytes, chain: str) -> str:
        where = f"line {record.n}"
        if self._is_chained is None:
            self._is_chained = bool(record.chain)
        if not record.chain:
            return f"{where} has no hash, and was put in or changed" if self._is_chained else ""
        if not self._is_chained:
            self._is_chained = True
            return f"{where} is chained by hash to those before it, and they are not: they were changed"
        if before is None or link(before, content) == chain:
            return ""
        return (
            f"{where} was changed or comes from another journal: its hash does not follow from the one before"
        )
