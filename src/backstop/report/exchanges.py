"""Requests and answers as the page shows them: each once, wherever checks refer to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from backstop.journal.events import CheckFinished, ExchangeSeen
from backstop.journal.facts import Facts
from backstop.journal.record import select

MOST_IN_FULL = 24  # of a page; the journal has them all


@dataclass(frozen=True, slots=True)
class Shown:
    """One exchange and the line that holds it; ``full`` where the page shows all of it."""

    seen: ExchangeSeen
    line: int
    full: bool = False

    @property
    def outcome(self) -> str:
        """What came back, in a word or two."""
        return str(self.seen.status) if self.seen.status else "no answer"


Exchanges = Callable[[int], tuple[Shown, ...]]


def exchanges(facts: Facts) -> dict[int, tuple[Shown, ...]]:
    """What each check judged, by the check's line."""
    known: dict[str, Shown] = {}
    for record, seen in select(facts.records, ExchangeSeen):
        known.setdefault(seen.exchange, Shown(seen, record.n))
    return {
        record.n: found
        for record, check in select(facts.records, CheckFinished)
        if (found := tuple(known[name] for name in dict.fromkeys(check.exchanges) if name in known))
    }


def in_full_once(exchanges: Mapping[int, tuple[Shown, ...]]) -> Exchanges:
    """Gives what a check judged: in full where it is asked for first, and while there is room."""
    given: set[int] = set()

    def of(line: int) -> tuple[Shown, ...]:
        return tuple(map(give, exchanges.get(line, ())))

    def give(shown: Shown) -> Shown:
        if shown.line in given or len(given) >= MOST_IN_FULL:
            return shown
        given.add(shown.line)
        return replace(shown, full=True)

    return of
