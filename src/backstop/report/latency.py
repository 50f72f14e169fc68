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
from backstop.report.plots import Axis, axis, evenly, quantile
from backstop.report.signs import Sign, Tone
from backstop.report.text import plural
from backstop.report.versions import VersionRow, tagged, version_rows

WIDTH = 460.0
_MIDDLE = 10.0
_SPREAD = (-2.4, 0.0, 2.4, -1.2, 1.2)  # above and below the line, so that equal dots are seen
_MOST_ROWS = 120
_TWO = 2

_ANSWERS = {
    "slower": Sign("cross", "slower", Tone.BAD),
    "fine": Sign("tick", "not slower", Tone.GOOD),
    "undecided": Sign("question", "undecided", Tone.UNSURE),
}


@dataclass(frozen=True, slots=True)
class Strip:
    """Samples of one stage over one kind of connection: dots, the middle half as a box, the median.

    Times in milliseconds, places in units of the view box. ``dots`` is the data of a path. ``notes`` say what
    is not alike among the samples, and what is in no time.
    """

    stage: str
    phase: str
    version: str
    what: str
    count: int
    drawn: int
    median: float
    quartiles: tuple[float, float]
    most: float
    box: tuple[float, float]
    middle: float
    dots: str
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
    """Failures of one stage; shares and bounds in per cent."""

    event: ErrorRateSeen
    words: str
    share: float
    low: float
    high: float
    line: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that was measured; ``axis`` is shared by all strips, None where there are none."""

    axis: Axis | None
    ticks: tuple[tuple[float, str], ...]
    strips: tuple[Strip, ...]
    more: int
    compared: tuple[Compared, ...]
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class _Series:
    """Samples in order of size, and what they are of."""

    event: LatencySampled
    what: str
    values: list[float]
    line: int
    notes: tuple[str, ...] = ()


def measured(facts: Facts) -> Measured | None:
    """None where nothing was measured."""
    series = list(_series(facts))
    scale = axis([value for each in series for value in each.values], WIDTH)
    rows = version_rows(facts)
    phases = {stage.name: stage.phase for stage in facts.stages}
    strips = [_strip(each, scale, phases, rows) for each in series[:_MOST_ROWS]] if scale else []
    compared = tuple(
        Compared(event, _ANSWERS.get(event.answer, Sign("question", event.answer, Tone.UNSURE)), record.n)
        for record, event in select(facts.records, LatencyCompared)
    )
    rates = tuple(_rate(event, record.n) for record, event in select(facts.records, ErrorRateSeen))
    if not (strips or compared or rates):
        return None
    ticks = tuple((scale.x(value), f"{value:g}") for value in scale.ticks) if scale else ()
    return Measured(scale, ticks, tuple(strips), max(0, len(series) - _MOST_ROWS), compared, rates)


def _series(facts: Facts) -> Iterator[_Series]:
    for record, event in select(facts.records, LatencySampled):
        kinds = {
            "warm": (event.warm, (*_statuses(event.statuses), *_versions(event), *_lost(event))),
            "warm, from when it was due": (event.due, ()),
            "new connection": (event.cold, _statuses(event.cold_statuses)),
        }
        for kind, (samples, notes) in kinds.items():
            values = sorted(value for value in samples if isfinite(value) and value > 0)
            if values:
                yield _Series(event, f"{event.what}, {kind}" if event.what else kind, values, record.n, notes)


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


def _strip(series: _Series, scale: Axis, phases: Mapping[str, Phase], rows: dict[str, VersionRow]) -> Strip:
    event, values = series.event, series.values
    low, median, high = (quantile(values, share) for share in (0.25, 0.5, 0.75))
    drawn = evenly(values)
    left, right = scale.x(low), scale.x(high)
    return Strip(
        stage=event.stage,
        phase=phases.get(event.stage, Phase.LIVE).value,
        version=tagged(rows, event.version) if event.version else "",
        what=series.what,
        count=len(values),
        drawn=len(drawn),
        median=median,
        quartiles=(low, high),
        most=values[-1],
        box=(left, round(max(right - left, 1.0), 1)),
        middle=scale.x(median),
        dots=_dots(drawn, scale),
        line=series.line,
        notes=series.notes,
    )


def _dots(values: Sequence[float], scale: Axis) -> str:
    """Lines of no length, which round ends make dots of: the shortest way to draw many."""
    places = ((scale.x(v), _MIDDLE + _SPREAD[n % len(_SPREAD)]) for n, v in enumerate(values))
    return "".join(f"M{x:g} {y:g}h0" for x, y in places)


def _rate(event: ErrorRateSeen, line: int) -> Rate:
    low, high = (100 * min(max(bound, 0.0), 1.0) for bound in (event.low, event.high))
    share = 100 * min(event.failed / event.sent, 1.0) if event.sent > 0 else 0.0
    unseen = f", {event.unseen} unseen" if event.unseen else ""
    words = (
        f"{event.failed} of {plural(event.sent, 'request')} failed{unseen}: "
        f"between {low:.2g} and {high:.2g} % of all, with 95 % confidence"
    )
    return Rate(event, words, share, low, max(high, low), line)
