"""Requests and answers as the page shows them: each once, wherever checks refer to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from backstop.journal.events import CheckFinished, ExchangeSeen
from backstop.journal.facts import Facts
from backstop.journal.record import select


@dataclass(frozen=True, slots=True)
class Room:
    """How many exchanges are shown in full, and until they have how many ``characters``."""

    most: int
    characters: int


URGENT = Room(24, 30_000)  # where something has to be done about them; the journal has them all
URGENT_TIGHT = Room(8, 10_000)  # of many stages
AT_EASE = Room(2, 8_000)  # of each group in which nothing has to be done


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


def in_full_once(exchanges: Mapping[int, tuple[Shown, ...]], given: set[int], room: Room) -> Exchanges:
    """Gives what a check judged, by its line: in full what is not ``given`` yet, as far as there is room."""
    lengths: list[int] = []

    def of(line: int) -> tuple[Shown, ...]:
        return tuple(map(give, exchanges.get(line, ())))

    def give(shown: Shown) -> Shown:
        if shown.line in given or len(lengths) >= room.most or sum(lengths) >= room.characters:
            return shown
        given.add(shown.line)
        lengths.append(_length(shown.seen))
        return replace(shown, full=True)

    return of


def _length(seen: ExchangeSeen) -> int:
    headers = (*seen.sent.items(), *seen.headers.items())
    return len(seen.body) + len(seen.answer) + sum(len(name) + len(value) for name, value in headers)
