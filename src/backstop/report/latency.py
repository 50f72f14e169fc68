"""How long answers took by stage, as distributions; versions compared; and how often there was no answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import TypeVar

from backstop.journal.events import ErrorRateSeen, LatencyCompared, LatencySampled
from backstop.journal.facts import Facts
from backstop.journal.record import select
from backstop.model.run import Phase
from backstop.report.plots import MOST_DOTS, Axis, axis, evenly, quantile
from backstop.report.signs import Sign, Tone
from backstop.report.some import Some, some
from backstop.report.text import milliseconds, per_cent, plural
from backstop.report.versions import tagged, version_rows

WIDTH = 300.0
_MIDDLE = 10
_SPREAD = (-2, 0, 2, -1, 1)  # above and below the line, so that equal dots are seen
_MOST_ROWS = 120
_MOST_TOLD = 6  # comparisons; more of them would be a wall of words
_FINE = "fine"
_Told = TypeVar("_Told")
_TWO = 2

_ANSWERS = {
    "slower": Sign("cross", "slower", Tone.BAD),
    "fine": Sign("tick", "not slower", Tone.GOOD),
    "undecided": Sign("question", "undecided", Tone.UNSURE),
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """The middle half as a box, the median, and the dots; in whole units of the view box.

    ``box`` and ``dots`` are data of paths.
    """

    box: str
    middle: int
    dots: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Samples of one stage over one kind of connection; times are in milliseconds.

    The first strip of a line names the stage for all ``rows`` of that line; the others have 0. ``notes`` say
    what is not alike among the samples, and what is in no time.
    """

    rows: int
    stage: str
    phase: str
    version: str
    what: str
    count: int
    median: float
    quartiles: tuple[float, float]
    most: float
    drawn: Drawn
    line: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """What was said of two versions, and with which words it is marked."""

    event: LatencyCompared
    sign: Sign
    line: int


@dataclass(frozen=True, slots=True)
class Rate:
    """Failures of one stage. ``share``, and ``low`` and ``width`` of the interval, are per cent."""

    event: ErrorRateSeen
    words: str
    bounds: str
    share: float
    low: float
    width: float
    line: int

    @property
    def told(self) -> tuple[str, ...]:
        """What many stages may have in common: where it was seen, and what of it."""
        return self.event.source, self.words, self.bounds


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that was measured; ``axis`` is shared by all strips, None where there are none.

    ``thinned``: of some strip not every request is drawn. Comparisons are ``told`` word for word, but for
    those of many stages that found nothing: these are ``listed``. ``rates`` are of the stages with failures,
    or of all where they are few; of many without any, those that are told alike are ``spotless``, together.
    """

    axis: Axis | None
    ticks: tuple[tuple[float, str], ...]
    strips: Some[Strip]
    thinned: bool
    told: Some[Compared]
    listed: Some[Compared]
    rates: Some[Rate]
    spotless: tuple[Some[Rate], ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Against what the listed ones compare."""
        return tuple(dict.fromkeys(each.event.against for each in self.listed))

    @property
    def by_stage(self) -> Mapping[str, Mapping[str, Sequence[Compared]]]:
        """The listed ones by stage, and of each stage by kind."""
        found: dict[str, dict[str, list[Compared]]] = {}
        for each in self.listed:
            found.setdefault(each.event.stage, {}).setdefault(each.event.against, []).append(each)
        return found


@dataclass(frozen=True, slots=True)
class _Series:
    """Samples in order of size, and ``what`` kind they are of."""

    event: LatencySampled
    what: str
    values: list[float]
    line: int
    notes: tuple[str, ...] = ()


def measured(facts: Facts) -> Measured | None:
    """None where nothing was measured."""
    series = list(_series(facts))
    scale = axis([value for each in series for value in each.values], WIDTH)
    strips = _strips(facts, series[:_MOST_ROWS], scale) if scale else ()
    compared = [_compared(event, record.n) for record, event in select(facts.records, LatencyCompared)]
    told, listed = _apart(compared, lambda each: each.event.answer != _FINE)
    rates = [_rate(event, record.n) for record, event in select(facts.records, ErrorRateSeen)]
    failing, well = _apart(rates, lambda each: each.event.failed > 0)
    if not (strips or compared or rates):
        return None
    return Measured(
        axis=scale,
        ticks=tuple((scale.x(value), f"{value:g}") for value in scale.ticks) if scale else (),
        strips=Some(strips, max(0, len(series) - _MOST_ROWS)),
        thinned=any(strip.count > MOST_DOTS for strip in strips),
        told=some(told, _MOST_ROWS),
        listed=some(listed, _MOST_ROWS),
        rates=some(failing, _MOST_ROWS),
        spotless=_alike(well),
    )


def _apart(every: Sequence[_Told], telling: Callable[[_Told], bool]) -> tuple[list[_Told], list[_Told]]:
    """Those that say something, and the others; where there are few, all of them are among the first."""
    if len(every) <= _MOST_TOLD:
        return list(every), []
    return [each for each in every if telling(each)], [each for each in every if not telling(each)]


def _series(facts: Facts) -> Iterator[_Series]:
    for record, event in select(facts.records, LatencySampled):
        kinds = {
            "warm": (event.warm, (*_statuses(event.statuses), *_versions(event), *_lost(event))),
            "warm, from when it was due": (event.due, ()),
            "new connection": (event.cold, _statuses(event.cold_statuses)),
        }
        found = [
            _Series(event, kind, values, record.n, notes)
            for kind, (samples, notes) in kinds.items()
            if (values := sorted(value for value in samples if isfinite(value) and value > 0))
        ]
        yield from _together(found)


def _together(series: Sequence[_Series]) -> Iterator[_Series]:
    """All of one line; what would have nothing to draw, or be as the first, is a note of it."""
    first, *others = series or (None,)
    if first is None:
        return
    drawn = [each for each in others if len(each.values) > 1 and _as_told(each) != _as_told(first)]
    told = tuple(_in_a_note(each, first) for each in others if each not in drawn)
    yield replace(first, notes=(*told, *first.notes))
    yield from drawn


def _in_a_note(series: _Series, beside: _Series) -> str:
    if _as_told(series) == _as_told(beside):
        return f"the same {series.what.removeprefix(f'{beside.what}, ')}"
    return ", ".join((f"{series.what} {milliseconds(series.values[0])}", *series.notes))


def _as_told(series: _Series) -> tuple[str, ...]:
    """What the table says in figures."""
    values = series.values
    figures = (*(quantile(values, share) for share in (0.25, 0.5, 0.75)), values[-1])
    return (str(len(values)), *map(milliseconds, figures))


def _statuses(statuses: Sequence[int]) -> tuple[str, ...]:
    """What was not answered with the usual status."""
    if len(set(statuses)) < _TWO:
        return ()
    (usual, _), *others = Counter(statuses).most_common()
    return (f"answered {', '.join(f'{status} ({count})' for status, count in others)} in place of {usual}",)


def _versions(event: LatencySampled) -> tuple[str, ...]:
    """Where not each sample is proven to be of the version that is named."""
    found = Counter(event.versions).most_common()
    unseen = sum(count for version, count in found if not version)
    shown = ", ".join(f"{version} ({count})" for version, count in found if version)
    several = (f"of several versions: {shown}",) if len(found) - bool(unseen) >= _TWO else ()
    return (*several, f"{unseen} did not show their version") if unseen else several


def _lost(event: LatencySampled) -> tuple[str, ...]:
    """What is in no time."""
    parts = ", ".join(f"{count} {why}" for why, count in event.lost.items())
    return (f"{sum(event.lost.values())} more in no time: {parts}",) if parts else ()


def _strips(facts: Facts, series: Sequence[_Series], scale: Axis) -> tuple[Strip, ...]:
    versions = version_rows(facts)
    phases = {stage.name: stage.phase for stage in facts.stages}
    of_line = Counter(each.line for each in series)
    return tuple(
        Strip(
            rows=of_line.pop(each.line, 0),
            phase=phases.get(each.event.stage, Phase.LIVE).value,
            version=tagged(versions, each.event.version) if each.event.version else "",
            drawn=_drawn(each.values, scale),
            stage=each.event.stage,
            what=f"{each.event.what}, {each.what}" if each.event.what else each.what,
            count=len(each.values),
            median=quantile(each.values, 0.5),
            quartiles=(quantile(each.values, 0.25), quantile(each.values, 0.75)),
            most=each.values[-1],
            line=each.line,
            notes=each.notes,
        )
        for each in series
    )


def _drawn(values: Sequence[float], scale: Axis) -> Drawn:
    left, middle, right = (round(scale.x(quantile(values, share))) for share in (0.25, 0.5, 0.75))
    width = max(right - left, 1)
    return Drawn(f"M{left} 2.5h{width}v15h-{width}z", middle, _dots(evenly(values), scale))


def _dots(values: Sequence[float], scale: Axis) -> str:
    """A path whose corners are drawn as dots, each told from the one before: the shortest way."""
    drawn, before = [], (0, 0)
    for number, value in enumerate(values):
        x, y = round(scale.x(value)), _MIDDLE + _SPREAD[number % len(_SPREAD)]
        drawn.append(f"{x - before[0]} {y - before[1]}")
        before = (x, y)
    return f"m{' '.join(drawn)}".replace(" -", "-")


def _rate(event: ErrorRateSeen, line: int) -> Rate:
    low, high = (100 * min(max(bound, 0.0), 1.0) for bound in (event.low, event.high))
    share = 100 * min(event.failed / event.sent, 1.0) if event.sent > 0 else 0.0
    unseen = f", {event.unseen} unseen" if event.unseen else ""
    words = f"{event.failed} of {plural(event.sent, 'request')}{unseen}"
    bounds = f"between {per_cent(low)} and {per_cent(high)} % of all"
    drawn = (round(share, 1), round(low, 1), round(max(high - low, 0.6), 1))
    return Rate(event, words, bounds, *drawn, line)


def _alike(rates: Sequence[Rate]) -> tuple[Some[Rate], ...]:
    groups: dict[tuple[str, ...], list[Rate]] = {}
    for each in rates:
        groups.setdefault(each.told, []).append(each)
    return tuple(some(group, _MOST_ROWS) for group in groups.values())


def _compared(event: LatencyCompared, line: int) -> Compared:
    sign = _ANSWERS.get(event.answer, Sign("question", event.answer, Tone.UNSURE))
    return Compared(event, sign, line)
