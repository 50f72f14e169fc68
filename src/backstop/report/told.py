"""Who was told what, and what became of it: rows for the pages, lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from backstop.journal.events import NotificationSent
from backstop.journal.record import Record, select
from backstop.report.text import duration, plural

_NAMES = {"slack": "Slack", "discord": "Discord", "statuspage": "Statuspage"}


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One message. ``effort`` says what it took, ``line`` is its place in the journal.

    ``perhaps``: nobody knows whether the channel took it.
    """

    at: datetime
    channel: str
    occasion: str
    ok: bool
    answer: str
    effort: str
    line: int
    perhaps: bool = False

    @property
    def word(self) -> str:
        """Whether it was told."""
        return "yes" if self.ok else "perhaps" if self.perhaps else "no"


def told_rows(records: Sequence[Record]) -> tuple[ToldRow, ...]:
    """Every message that there was to tell, in order."""
    return tuple(_rows(records))


def _rows(records: Sequence[Record]) -> Iterator[ToldRow]:
    for record, sent in select(records, NotificationSent):
        tried = plural(sent.attempts, "request") if sent.attempts else "nothing was sent"
        effort = f"{tried}, {duration(sent.seconds)}" if sent.attempts else tried
        yield ToldRow(
            record.at,
            _NAMES.get(sent.channel, sent.channel),
            sent.occasion,
            sent.ok,
            sent.answer,
            effort,
            record.n,
            sent.perhaps and not sent.ok,
        )


def told_in_words(records: Sequence[Record]) -> tuple[tuple[str, bool], ...]:
    """A line for each channel that was to be told anything, and whether it took all of it.

    One that took not all of it has a line for what it was perhaps told, and one for what it was not.
    """
    by_channel: dict[str, list[ToldRow]] = {}
    for row in told_rows(records):
        by_channel.setdefault(row.channel, []).append(row)
    return tuple(line for channel, rows in by_channel.items() for line in _lines(channel, rows))


def _lines(channel: str, rows: Sequence[ToldRow]) -> Iterator[tuple[str, bool]]:
    missed = [row for row in rows if not row.ok]
    if not missed:
        yield f"told:   {channel}: {_occasions(rows)}", True
    for perhaps, how in ((True, "? {} was perhaps told"), (False, "✗ {} was not told")):
        if alike := [row for row in missed if row.perhaps is perhaps]:
            yield f"told:   {how.format(channel)} ({_occasions(alike)}): {alike[-1].answer}", False


def _occasions(rows: Iterable[ToldRow]) -> str:
    return ", ".join(dict.fromkeys(row.occasion for row in rows))
