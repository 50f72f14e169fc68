"""How fast a version answered when a whole session found it well: what a later one is compared with.

One file an entry, as with verified versions: machines share them by copying. What is too old says nothing of
today's way to the bot and is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from math import isfinite
from pathlib import Path
from statistics import median, mode
from typing import Any

from backstop.journal.events import LatencySampled
from backstop.journal.record import Record, select
from backstop.model.version import VersionId, version_id
from backstop.rollback.entries import Entries

LASTS = timedelta(days=30)
POOLED = 5  # sessions of one version of which the times count
_KEPT = 50
_MOST_TIMES = 200
_MS = 1000


@dataclass(frozen=True, slots=True)
class Baseline:
    """Seconds to the first byte of ``what``, in the order measured; ``at`` is UTC in ISO 8601.

    ``connect`` is how long a connection took: who measures from elsewhere has another one. 0 is not known.
    ``sessions`` is of how many sessions the times are. ``status`` is what most were answered with; 0 is not
    known.
    """

    version: VersionId
    run: str
    at: str
    what: str
    warm: tuple[float, ...]
    connect: float = 0.0
    sessions: int = 1
    status: int = 0

    def age(self, now: datetime) -> timedelta:
        """How long ago it was measured."""
        return now - datetime.fromisoformat(self.at)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The baselines of a target that count, the newest first.

    Left out were ``unreadable`` files, those dated ``ahead`` (a clock was off, then or now), and times that
    were measured from ``elsewhere``.
    """

    baselines: tuple[Baseline, ...]
    unreadable: int = 0
    ahead: int = 0
    elsewhere: int = 0

    def near(self, connect: float, within: float) -> Shelf:
        """Those that were measured from as far away, give or take seconds, or from nobody knows where."""
        fit = tuple(
            b for b in self.baselines if not (b.connect and connect) or abs(b.connect - connect) < within
        )
        return replace(self, baselines=fit, elsewhere=len(self.baselines) - len(fit))

    def of(self, version: str, what: str) -> Baseline | None:
        """The newest of one version and one request, with those of the sessions before it."""
        found = [b for b in self.baselines if (b.version, b.what) == (version, what)]
        return _together(found) if found else None

    def before(self, versions: Collection[str], what: str) -> Baseline | None:
        """The newest of a version that is none of these, with those of the sessions before it."""
        newest = next((b for b in self.baselines if b.version not in versions and b.what == what), None)
        return self.of(newest.version, what) if newest else None


def pooled(series: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """The n-th is the middle one of the n-th of each, as long as all have one.

    What one day had of scatter and of a slower way is in it no more: docs/latency.md says what that finds.
    """
    return tuple(median(times) for times in zip(*series, strict=False))


def _together(newest_first: Sequence[Baseline]) -> Baseline:
    """The newest, with the times of those that have as many."""
    newest = newest_first[0]
    alike = [each.warm for each in newest_first if len(each.warm) >= len(newest.warm)][:POOLED]
    return replace(newest, warm=pooled(alike), sessions=len(alike))


def measured(records: Sequence[Record], version: VersionId, run: str, at: datetime) -> Baseline | None:
    """What a session measured of a version last; None where it did not."""
    for _, event in reversed(tuple(select(records, LatencySampled))):
        if event.version == version:
            warm = tuple(round(each / _MS, 6) for each in event.warm)
            moment = at.astimezone(UTC).isoformat(timespec="seconds")
            connect = round(event.connect / _MS, 6)
            status = mode(event.statuses) if event.statuses else 0
            return Baseline(version, run, moment, event.what, warm, connect, status=status)
    return None


class Baselines:
    """Those of one directory."""

    def __init__(self, directory: Path) -> None:
        self._entries = Entries(directory, _KEPT)

    def of(self, target: str, now: datetime) -> Shelf:
        """What is on record of a target and not too old."""
        entries = self._entries.of(target)
        read = [found for found in map(_read, entries) if found is not None]
        known = [each for each in read if timedelta(0) <= each.age(now) <= LASTS]
        newest = sorted(known, key=lambda each: each.at, reverse=True)
        ahead = sum(each.age(now) < timedelta(0) for each in read)
        return Shelf(tuple(newest), len(entries) - len(read), ahead)

    def remember(self, target: str, baseline: Baseline) -> None:
        """Keep what a verified session measured. Raises CannotWrite."""
        self._entries.add(target, datetime.fromisoformat(baseline.at), asdict(baseline))


def _read(entry: Any) -> Baseline | None:
    """A baseline as it stands in a file; None for what is none."""
    try:
        at = datetime.fromisoformat(entry["at"]).astimezone(UTC).isoformat(timespec="seconds")
        warm = tuple(map(float, entry["warm"][:_MOST_TIMES]))
        found = Baseline(
            version_id(entry["version"]),
            str(entry["run"]),
            at,
            str(entry["what"]),
            warm,
            float(entry["connect"]),
            status=int(entry.get("status", 0)),
        )
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return None
    times = (*found.warm, 1.0 + found.connect)
    return found if warm and all(isfinite(each) and each > 0 for each in times) else None
