"""How long answers took by stage, as distributions; versions compared; and how often there was no answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from backstop.journal.events import ErrorRateSeen, LatencyCompared, LatencySampled
from backstop.journal.facts import Facts
from backstop.journal.record import select
from backstop.model.run import Phase
from backstop.report.plots import MOST_DOTS, Axis, axis, evenly, quantile
from backstop.report.signs import Sign, Tone
from backstop.report.text import plural
from backstop.report.versions import VersionRow, tagged, version_rows

WIDTH = 460.0
_MIDDLE = 10
_SPREAD = (-2, 0, 2, -1, 1)  # above and below the line, so that equal dots are seen
_MOST_ROWS = 120
_MOST_TOLD = 6  # comparisons; more of them would be a wall of words
_FINE = "fine"

_ANSWERS = {
    "slower": Sign("cross", "slower", Tone.BAD),
    "fine": Sign("tick", "not slower", Tone.GOOD),
    "undecided": Sign("question", "undecided", Tone.UNSURE),
}


@dataclass(frozen=True, slots=True)
class Strip:
    """Samples of one stage over one kind of connection: dots, the middle half as a box, the median.

    Times in milliseconds, places in whole units of the view box. ``box`` and ``dots`` are data of paths. The
    first strip of a line names the stage for all ``rows`` of that line; the others have 0.
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
    box: str
    middle: int
    dots: str
    line: int


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
    strips: tuple[Strip, ...]
    more: int
    thinned: bool
    told: tuple[Compared, ...]
    listed: tuple[Compared, ...]
    rates: tuple[Rate, ...]
    spotless: tuple[tuple[Rate, ...], ...]


@dataclass(frozen=True, slots=True)
class _Series:
    """Samples in order of size, and what they are of."""

    event: LatencySampled
    what: str
    values: list[float]
    line: int


def measured(facts: Facts) -> Measured | None:
    """None where nothing was measured."""
    series = list(_series(facts))
    scale = axis([value for each in series for value in each.values], WIDTH)
    rows = version_rows(facts)
    phases = {stage.name: stage.phase for stage in facts.stages}
    shown = series[:_MOST_ROWS] if scale else []
    ahead = Counter(each.line for each in shown)
    strips = [
        _strip(each, scale, phases, rows, ahead.pop(each.line, 0)) for each in shown if scale is not None
    ]
    compared = [
        Compared(event, _ANSWERS.get(event.answer, Sign("question", event.answer, Tone.UNSURE)), record.n)
        for record, event in select(facts.records, LatencyCompared)
    ]
    listed = [each for each in compared if each.event.answer == _FINE] if len(compared) > _MOST_TOLD else []
    rates = [_rate(event, record.n) for record, event in select(facts.records, ErrorRateSeen)]
    well = [each for each in rates if not each.event.failed] if len(rates) > _MOST_TOLD else []
    if not (strips or compared or rates):
        return None
    ticks = tuple((scale.x(value), f"{value:g}") for value in scale.ticks) if scale else ()
    return Measured(
        axis=scale,
        ticks=ticks,
        strips=tuple(strips),
        more=max(0, len(series) - _MOST_ROWS),
        thinned=any(strip.count > MOST_DOTS for strip in strips),
        told=tuple(each for each in compared if each not in listed),
        listed=tuple(listed),
        rates=tuple(each for each in rates if each not in well),
        spotless=_alike(well),
    )


def _series(facts: Facts) -> Iterator[_Series]:
    for record, event in select(facts.records, LatencySampled):
        kinds = {"warm": event.warm, "warm, from when it was due": event.due, "new connection": event.cold}
        for kind, samples in kinds.items():
            values = sorted(value for value in samples if isfinite(value) and value > 0)
            if values:
                yield _Series(event, f"{event.what}, {kind}" if event.what else kind, values, record.n)


def _strip(
    series: _Series, scale: Axis, phases: Mapping[str, Phase], rows: dict[str, VersionRow], named: int
) -> Strip:
    event, values = series.event, series.values
    low, median, high = (quantile(values, share) for share in (0.25, 0.5, 0.75))
    left, middle, right = (round(scale.x(value)) for value in (low, median, high))
    width = max(right - left, 1)
    return Strip(
        rows=named,
        stage=event.stage,
        phase=phases.get(event.stage, Phase.LIVE).value,
        version=tagged(rows, event.version) if event.version else "",
        what=series.what,
        count=len(values),
        median=median,
        quartiles=(low, high),
        most=values[-1],
        box=f"M{left} 2.5h{width}v15h-{width}z",
        middle=middle,
        dots=_dots(evenly(values), scale),
        line=series.line,
    )


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
    bounds = f"between {low:.2g} and {high:.2g} % of all"
    drawn = (round(share, 1), round(low, 1), round(max(high - low, 0.6), 1))
    return Rate(event, words, bounds, *drawn, line)


def _alike(rates: Sequence[Rate]) -> tuple[tuple[Rate, ...], ...]:
    groups: dict[tuple[str, ...], list[Rate]] = {}
    for each in rates:
        groups.setdefault(each.told, []).append(each)
    return tuple(map(tuple, groups.values()))
