"""Geometry of the timeline's picture. Units are those of its view box; time runs to the right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from backstop.journal.facts import Facts, Mark
from backstop.journal.rules import left_over
from backstop.model.run import Phase
from backstop.model.verdict import Ending
from backstop.report.phases import walks
from backstop.report.recovery import objectives
from backstop.report.text import duration

WIDTH = 960.0
LEFT = 84.0
RIGHT = 944.0
_NARROWEST = 2.0
_CHARACTER = 6.6
_PADDING = 12.0
_MOST_TICKS = 8
_MINUTE = 60
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400)


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of time. ``label`` fits inside, or is empty; ``setup`` is how wide its set-up is."""

    x: float
    width: float
    kind: str
    label: str
    title: str
    setup: float = 0.0


@dataclass(frozen=True, slots=True)
class Point:
    """A moment."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Figure:
    """Four lanes of bars, where scenarios begin, when faults were first noticed, and the axis.

    ``allowed`` are the moments at which a rollback must have been verified, as far as they came.
    """

    stages: tuple[Bar, ...]
    scenarios: tuple[Point, ...]
    phases: tuple[Bar, ...]
    allowed: tuple[Point, ...]
    changes: tuple[Bar, ...]
    rollbacks: tuple[Bar, ...]
    noticed: tuple[Point, ...]
    ticks: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    seconds: float

    def x(self, t: float) -> float:
        share = min(max(t / self.seconds, 0.0), 1.0)
        return round(LEFT + (RIGHT - LEFT) * share, 1)

    def bar(self, start: float, end: float, kind: str, label: str = "", title: str = "") -> Bar:
        x = self.x(start)
        width = self.width(start, end)
        shown = label if len(label) * _CHARACTER + _PADDING <= width else ""
        return Bar(x, width, kind, shown, f"{title}: {duration(start)} to {duration(end)}")

    def width(self, start: float, end: float) -> float:
        return max(round(self.x(end) - self.x(start), 1), _NARROWEST)


def figure(facts: Facts) -> Figure | None:
    """The picture of a session; None when no time passed in it or it had no stages."""
    if facts.ended <= 0 or not facts.stages:
        return None
    scale = _Scale(facts.ended)
    return Figure(
        stages=tuple(_stages(facts, scale)),
        scenarios=tuple(_scenarios(facts, scale)),
        phases=tuple(_phases(facts, scale)),
        allowed=tuple(_allowed(facts, scale)),
        changes=tuple(_changes(facts, scale)),
        rollbacks=tuple(_rollbacks(facts, scale)),
        noticed=tuple(_noticed(facts, scale)),
        ticks=tuple(_ticks(scale)),
    )


def _stages(facts: Facts, scale: _Scale) -> Iterator[Bar]:
    following = [stage.began for stage in facts.stages[1:]] + [facts.ended]
    for stage, end in zip(facts.stages, following, strict=True):
        bar = scale.bar(stage.began, end, stage.phase.value, stage.phase.value, stage.name)
        yield bar if stage.ready is None else replace(bar, setup=scale.width(stage.began, stage.ready))


def _scenarios(facts: Facts, scale: _Scale) -> Iterator[Point]:
    """Where each scenario begins; a name that has no room before the next one is left out."""
    faults = [stage for stage in facts.stages if stage.phase is Phase.FAULT]
    places = [scale.x(stage.began) for stage in faults]
    for stage, x, end in zip(faults, places, (*places[1:], RIGHT), strict=False):
        if len(stage.scenario) * _CHARACTER <= end - x:
            yield Point(x, stage.scenario)


def _phases(facts: Facts, scale: _Scale) -> Iterator[Bar]:
    """Those of the procedure, of each rollback."""
    for walk in walks(facts):
        for spell in walk.spells:
            if spell.seconds is not None:
                kind = "phase over" if spell.over else "phase"
                yield scale.bar(spell.began, spell.began + spell.seconds, kind, spell.name)


def _allowed(facts: Facts, scale: _Scale) -> Iterator[Point]:
    allowed = objectives(facts)
    for rollback in facts.rollbacks:
        due = rollback.began + allowed.of(rollback.scenario)
        if due <= scale.seconds:
            yield Point(scale.x(due), "RTO")


def _changes(facts: Facts, scale: _Scale) -> Iterator[Bar]:
    for mutation in facts.mutations:
        end = facts.ended if mutation.closed is None else mutation.closed
        kind = "closed" if left_over(facts, mutation) is Ending.VERIFIED else "open"
        yield scale.bar(mutation.armed, end, kind)


def _rollbacks(facts: Facts, scale: _Scale) -> Iterator[Bar]:
    for rollback in facts.rollbacks:
        outcome = rollback.finished.outcome if rollback.finished else "unfinished"
        end = facts.ended if rollback.ended is None else rollback.ended
        yield scale.bar(rollback.began, end, "done" if outcome == "done" else "other")


def _noticed(facts: Facts, scale: _Scale) -> Iterator[Point]:
    firsts: dict[str, float] = {}
    for check in facts.checks:
        if check.mark is Mark.NOTICED:
            firsts.setdefault(check.scenario, check.ended)
    for scenario, t in firsts.items():
        yield Point(scale.x(t), f"{scenario} noticed after {duration(t)}")


def _ticks(scale: _Scale) -> Iterator[Point]:
    step = next((step for step in _STEPS if scale.seconds / step <= _MOST_TICKS), scale.seconds)
    for number in range(int(scale.seconds / step) + 1):
        seconds = number * step
        yield Point(scale.x(seconds), "0" if number == 0 else _axis(seconds, step))


def _axis(seconds: float, step: float) -> str:
    if seconds < _MINUTE or step % _MINUTE:
        return f"{seconds:g} s"
    return f"{seconds / _MINUTE:g} min"
