"""Requests and answers as the page shows them: each once, wherever checks refer to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from backstop.journal.events import CheckFinished, ExchangeSeen
from backstop.journal.facts import Facts
from backstop.journal.record import select

MOST_IN_FULL = 24  # where something has to be done about them; the journal has them all
MOST_IN_FULL_AT_EASE = 2  # of each group in which nothing has to be done


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


def in_full_once(exchanges: Mapping[int, tuple[Shown, ...]], given: set[int], most: int) -> Exchanges:
    """Gives what a check judged, by its line: in full what is not ``given`` yet, up to so many more."""
    room = len(given) + most

    def of(line: int) -> tuple[Shown, ...]:
        return tuple(map(give, exchanges.get(line, ())))

    def give(shown: Shown) -> Shown:
        if shown.line in given or len(given) >= room:
            return shown
        given.add(shown.line)
        return replace(shown, full=True)

    return of
