"""What the tail showed, by stage: what went wrong in full, ordinary lines where there is room for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from backstop.journal.events import TailExcerpt, TailWatched
from backstop.journal.facts import Facts
from backstop.journal.record import Record, select
from backstop.report.text import bounded, short_ids

_MOST = 120
_FEW_STAGES = 3  # up to so many, ordinary lines are shown as well
_WELL = "ok"
_WHOSE = {"probe": "our probe", "provoked": "our probe, which asks for trouble"}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Invocations that ended alike: the outcome, and the lines that each of them logged and threw.

    ``shown`` is the first of them; ``places`` are what was asked for, with the line of each.
    """

    shown: TailExcerpt
    text: str
    whose: str
    places: tuple[tuple[str, int], ...]
    last: str

    @property
    def bad(self) -> bool:
        """Whether something was thrown, or it ended otherwise than well."""
        return _is_bad(self.shown)


@dataclass(frozen=True, slots=True)
class TailStage:
    """One stage's tail."""

    watched: TailWatched
    line: int
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class TailShown:
    """All stages in order; ``more`` excerpts are in the journal only."""

    stages: tuple[TailStage, ...]
    more: int

    @property
    def telling(self) -> tuple[TailStage, ...]:
        """The stages with excerpts."""
        return tuple(stage for stage in self.stages if stage.excerpts)


def tail_shown(facts: Facts) -> TailShown | None:
    """None where no tail was opened."""
    watched = list(select(facts.records, TailWatched))
    if not watched:
        return None
    found = list(select(facts.records, TailExcerpt))
    wanted = [each for each in found if _is_bad(each[1]) or len(watched) <= _FEW_STAGES][:_MOST]
    by_stage: dict[str, list[tuple[Record, TailExcerpt]]] = {}
    for each in wanted:
        by_stage.setdefault(each[1].stage, []).append(each)
    stages = tuple(
        TailStage(event, record.n, tuple(_together(by_stage.get(event.stage, ()))))
        for record, event in watched
    )
    return TailShown(stages, len(found) - len(wanted))


def _is_bad(shown: TailExcerpt) -> bool:
    return bool(shown.exceptions) or shown.outcome != _WELL


def _together(excerpts: Iterable[tuple[Record, TailExcerpt]]) -> Iterator[Excerpt]:
    """Those of one stage that differ in no more than what was asked for, and when, as one."""
    alike: dict[TailExcerpt, list[tuple[Record, TailExcerpt]]] = {}
    for record, shown in excerpts:
        alike.setdefault(replace(shown, what="", when=""), []).append((record, shown))
    for (record, first), *others in alike.values():
        text = bounded(short_ids("\n".join((*first.exceptions, *first.logs))), record.n)
        places = ((first.what, record.n), *((shown.what, each.n) for each, shown in others))
        last = others[-1][1].when if others else first.when
        yield Excerpt(first, text, _WHOSE.get(first.whose, ""), places, last)
