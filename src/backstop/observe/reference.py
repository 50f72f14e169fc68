"""What a version's times are compared with: those of this session, or what a verified session kept. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from backstop.journal.events import LatencySampled, StageStarted
from backstop.journal.record import Record, select
from backstop.model.run import Phase, Stage
from backstop.observe.samples import usual_status
from backstop.observe.series import Series
from backstop.rollback.baselines import Baseline, Shelf

_MS = 1000


class NothingBefore(Exception):
    """Raised where nothing was ever measured that these times could be compared with; it says why."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Times of before, in seconds: ``version`` gave them, ``when`` says in words when they were taken.

    ``stored`` where they are of another session; ``faulty`` where they are of what was rolled back from.
    ``status`` is what most of them were answered with, 0 where nobody kept it.
    """

    version: str
    warm: tuple[float, ...]
    when: str
    stored: bool = False
    faulty: bool = False
    status: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """Where times of before are: in this session's ``records``, and on the ``shelf``; it is ``now``."""

    records: Sequence[Record]
    shelf: Shelf
    now: datetime

    def before_the_fault(self, stage: Stage, series: Series) -> Reference:
        """The bot as it was before this stage broke it. Raises NothingBefore."""
        earlier = tuple(self._earlier(stage, series))
        if not earlier:
            message = "nothing was measured in this session before"
            raise NothingBefore(message)
        return next((times for phase, times in reversed(earlier) if phase is Phase.GOOD), earlier[0][1])

    def previous_version(self, series: Series) -> Reference:
        """The newest version that was verified before the one that serves. Raises NothingBefore."""
        if not series.version:
            message = "which version answers is not known, so neither is the one before it"
            raise NothingBefore(message)
        kept = self.shelf.before({series.version}, series.what)
        if kept is None:
            message = f"no verified session of the last 30 days kept times of another version{self._left_out}"
            raise NothingBefore(message)
        return self._kept(kept)

    def as_it_was(self, stage: Stage, series: Series) -> Reference:
        """The version that serves again, before; else what was rolled back from. Raises NothingBefore."""
        earlier = tuple(self._earlier(stage, series))
        kept = self.shelf.of(series.version, series.what) if series.version else None
        for phase, times in reversed(earlier):
            if phase is Phase.GOOD:
                return times
        if kept is not None:
            return self._kept(kept)
        if not earlier:
            message = f"no times of before are known, of this version or of the bad one{self._left_out}"
            raise NothingBefore(message)
        return replace(earlier[-1][1], faulty=True)

    def _earlier(self, stage: Stage, series: Series) -> Iterator[tuple[Phase, Reference]]:
        phases = {event.stage: Phase(event.phase) for _, event in select(self.records, StageStarted)}
        for record, event in select(self.records, LatencySampled):
            if event.stage != stage.name and event.what == series.what and event.stage in phases:
                when = f"{_age((self.now - record.at).total_seconds())} before, in this session"
                warm = tuple(each / _MS for each in event.warm)
                yield (
                    phases[event.stage],
                    Reference(event.version, warm, when, status=usual_status(event.statuses)),
                )

    def _kept(self, kept: Baseline) -> Reference:
        more = f" and in {kept.sessions - 1} sessions before it" if kept.sessions > 1 else ""
        when = f"{_age(kept.age(self.now).total_seconds())} before, by run {kept.run}{more}"
        return Reference(kept.version, kept.warm, when, stored=True, status=kept.status)

    @property
    def _left_out(self) -> str:
        shelf = self.shelf
        counts = {
            "that can't be read": shelf.unreadable,
            "dated ahead of this machine's clock": shelf.ahead,
            "measured from elsewhere": shelf.elsewhere,
        }
        parts = ", ".join(f"{count} {why}" for why, count in counts.items() if count)
        return f"; left out of what was kept: {parts}" if parts else ""


def _age(seconds: float) -> str:
    """How long ago, as people say it."""
    for length, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= length:
            count = round(seconds / length)
            return f"{count} {name}{'s' if count != 1 else ''}"
    return f"{max(seconds, 0):.0f} s"
