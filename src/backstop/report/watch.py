"""A watch, minute by minute, in words and as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backstop.journal.events import MinuteWatched
from backstop.journal.facts import Facts
from backstop.journal.record import select
from backstop.report.text import duration, plural

_WIDTH, _LEFT, _TOP, _BOTTOM = 960.0, 60.0, 12.0, 112.0
_GAP = 1.0
_MOST = 1440  # minutes that are drawn: a day


@dataclass(frozen=True, slots=True)
class Column:
    """One minute in the picture: ``well`` above ``bad``, as parts of its height; ``words`` say it."""

    x: float
    width: float
    well_y: float
    well: float
    bad_y: float
    bad: float
    blind: bool
    words: str


@dataclass(frozen=True, slots=True)
class WatchView:
    """All minutes: ``lede`` sums them up, ``highest`` is the number at the top of the picture."""

    lede: str
    highest: int
    columns: tuple[Column, ...]
    rows: tuple[MinuteWatched, ...]
    versions: tuple[str, ...]
    notes: tuple[str, ...]


def watch_view(facts: Facts) -> WatchView | None:
    """What to show of a watch; None where there was none."""
    minutes = [event for _, event in select(facts.records, MinuteWatched)][:_MOST]
    if not minutes:
        return None
    highest = max(1, *(max(each.sent + each.events, 0) for each in minutes))
    return WatchView(
        lede=_lede(minutes),
        highest=highest,
        columns=tuple(_columns(minutes, highest)),
        rows=tuple(minutes),
        versions=tuple(_versions(minutes)),
        notes=tuple(_notes(minutes)),
    )


def minute_in_words(minute: MinuteWatched) -> str:
    """One minute in one line."""
    bad = sum(minute.failures.values())
    told = [
        f"minute {minute.minute}",
        f"probes {minute.sent}, {minute.failed} failed",
        f"tail {minute.events}, {bad} failed",
    ]
    other = {word: number for word, number in minute.outcomes.items() if word != "ok"}
    told += [f"{word} {number}" for word, number in other.items()]
    if minute.mean:
        told.append(f"mean {duration(minute.mean)}")
    told += _doubts(minute)
    return " · ".join(told)


def _doubts(minute: MinuteWatched) -> Iterator[str]:
    if minute.unseen:
        yield f"{minute.unseen} probes say nothing"
    if minute.blind > 0:
        yield f"tail blind for {duration(minute.blind)}"
    if minute.sampled:
        yield "tail sampled by Cloudflare"
    if minute.lost:
        yield f"tail lost {minute.lost} times"


def _lede(minutes: Sequence[MinuteWatched]) -> str:
    sent, failed = sum(each.sent for each in minutes), sum(each.failed for each in minutes)
    events, bad = sum(each.events for each in minutes), sum(sum(each.failures.values()) for each in minutes)
    watched = duration(max(0.0, sum(each.seconds for each in minutes)))
    return (
        f"Watched for {watched}: {failed} of {plural(sent, 'probe')} failed; "
        f"the tail showed {plural(events, 'request')}, of which {bad} failed."
    )


def _columns(minutes: Sequence[MinuteWatched], highest: int) -> Iterator[Column]:
    step = (_WIDTH - _LEFT) / len(minutes)
    for place, minute in enumerate(minutes):
        bad = max(0, minute.failed + sum(minute.failures.values()))
        well = max(0, minute.sent + minute.events - bad)
        high, low = _height(well, highest), _height(bad, highest)
        yield Column(
            x=round(_LEFT + place * step, 2),
            width=round(max(step - _GAP, 0.5), 2),
            well_y=round(_BOTTOM - low - high, 2),
            well=high,
            bad_y=round(_BOTTOM - low, 2),
            bad=low,
            blind=minute.blind > 0 or minute.sampled,
            words=minute_in_words(minute),
        )


def _height(number: int, highest: int) -> float:
    return round((_BOTTOM - _TOP) * min(number / highest, 1.0), 2)


def _versions(minutes: Sequence[MinuteWatched]) -> Iterator[str]:
    """A line for each version that was in the tail."""
    for version in dict.fromkeys(name for each in minutes for name in each.versions):
        seen = sum(each.versions.get(version, 0) for each in minutes)
        failed = sum(each.failures.get(version, 0) for each in minutes)
        yield f"{version or 'a version that the tail does not name'}: {failed} of {seen} requests failed"


def _notes(minutes: Sequence[MinuteWatched]) -> Iterator[str]:
    """What the tail can't be relied upon for, and why."""
    blind, lost = sum(max(0.0, each.blind) for each in minutes), sum(each.lost for each in minutes)
    if blind:
        yield f"For {duration(blind)} the tail did not show our probes: what it lacks then is no data."
    if lost:
        yield f"The tail was lost {plural(lost, 'time')}, and opened anew."
    if sampled := sum(each.sampled for each in minutes):
        yield f"In {plural(sampled, 'minute')} Cloudflare left events out of the tail, as it does under load."
