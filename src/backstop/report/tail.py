"""What the tail showed, by stage: what went wrong in full, ordinary lines where there is room for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from backstop.journal.events import TailExcerpt, TailWatched
from backstop.journal.facts import Facts
from backstop.journal.record import select
from backstop.report.text import bounded, short_ids

_MOST = 120
_FEW_STAGES = 3  # up to so many, ordinary lines are shown as well
_WELL = "ok"
_WHOSE = {"probe": "our probe", "provoked": "our probe, which asks for trouble"}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One invocation: its outcome in words, and the lines that it logged and threw."""

    shown: TailExcerpt
    text: str
    whose: str
    line: int

    @property
    def bad(self) -> bool:
        """Whether something was thrown, or it ended otherwise than well."""
        return bool(self.shown.exceptions) or self.shown.outcome != _WELL


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
    found = tuple(_excerpts(facts))
    wanted = [each for each in found if each.bad or len(watched) <= _FEW_STAGES][:_MOST]
    stages = tuple(
        TailStage(event, record.n, tuple(each for each in wanted if each.shown.stage == event.stage))
        for record, event in watched
    )
    return TailShown(stages, len(found) - len(wanted))


def _excerpts(facts: Facts) -> Iterator[Excerpt]:
    for record, shown in select(facts.records, TailExcerpt):
        text = "\n".join((*shown.exceptions, *shown.logs))
        yield Excerpt(shown, bounded(short_ids(text), record.n), _WHOSE.get(shown.whose, ""), record.n)
