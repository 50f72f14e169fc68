"""Everything that a plan is made from, read once over the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from backstop.cloudflare.api import CloudflareApi
from backstop.model.errors import CouldNotLook
from backstop.model.version import Deployment, Version, VersionId
from backstop.rollback.history import newest_of, rolled_away_from, without_rehearsals

T = TypeVar("T")
_READS = 4
A_CLOCKS_ERROR = timedelta(seconds=5)  # Cloudflare tells its time to the second, and its machines differ
_APART = timedelta(minutes=1)  # what answers take, and what a clock that is set by hand may be off


@dataclass(slots=True)
class Survey:
    """A worker's history and versions at one moment.

    ``history`` is newest first and not empty. ``listed`` are the versions that can be deployed, newest
    first, without bindings and etags. ``crons`` is None where they could not be read. ``now`` is Cloudflare's
    own time and ``here`` this machine's, None where it is the only one; either may be off. ``read`` fetches
    one version in full. ``cut`` says why the history may have begun earlier than is shown; it is empty where
    it is whole.
    """

    worker: str
    history: tuple[Deployment, ...]
    listed: tuple[Version, ...]
    crons: tuple[str, ...] | None
    now: datetime
    read: Callable[[VersionId], Version]
    cut: str = ""
    here: datetime | None = None
    _full: dict[VersionId, Version] = field(default_factory=dict, init=False)

    @property
    def head(self) -> Deployment:
        """The deployment that serves."""
        return self.history[0]

    @property
    def served(self) -> tuple[Deployment, ...]:
        """What decided what serves, newest first: all deployments but rehearsals that moved no traffic."""
        return without_rehearsals(self.history)

    @property
    def numbers(self) -> Mapping[VersionId, int]:
        """The number of each version that can be deployed."""
        return {version.id: version.number for version in self.listed}

    @property
    def serving(self) -> VersionId:
        """The version to go back from: in a split the one that is being let in."""
        return newest_of(self.head, self.numbers)

    @property
    def newest(self) -> VersionId:
        """The version that was uploaded last, as far as is known."""
        return self.listed[0].id if self.listed else self.serving

    @property
    def away(self) -> frozenset[VersionId]:
        """The versions that somebody went back from."""
        return rolled_away_from(self.served, self.numbers)

    def version(self, version: VersionId) -> Version:
        """One version in full, read once. Raises CouldNotLook, ApiRefused where there is none."""
        if version not in self._full:
            self._full[version] = self.read(version)
        return self._full[version]

    def age(self, moment: datetime) -> timedelta | None:
        """How long ago that was, at least, by the clocks that can be right; None where none can.

        One for which it is yet to come can't. Of two that differ nobody knows which is off.
        """
        ages = [clock - moment for clock in (self.now, self.here) if clock is not None]
        return min((age for age in ages if age >= -A_CLOCKS_ERROR), default=None)

    @property
    def clocks(self) -> str:
        """That the two clocks differ by more than a minute, and by how much; nothing where they agree."""
        ahead = (self.here or self.now) - self.now
        if abs(ahead) < _APART:
            return ""
        way = "ahead of" if ahead > timedelta(0) else "behind"
        days, minutes = abs(ahead).days, round(abs(ahead).total_seconds() / 60)
        apart = f"{days} days" if days > 1 else f"{minutes} min"
        return f"the clock of this machine is {apart} {way} Cloudflare's"


def survey(api: CloudflareApi, worker: str) -> Survey:
    """Read it, all at the same time. Raises CouldNotLook as the API does, for what can't be done without."""
    with ThreadPoolExecutor(_READS, thread_name_prefix="backstop-survey") as pool:
        history = pool.submit(api.whole_history, worker)
        listed = pool.submit(api.versions, worker)
        crons = pool.submit(_or_none, lambda: api.schedules(worker))
        found = Survey(
            worker=worker,
            history=history.result().entries,
            listed=listed.result(),
            crons=crons.result(),
            now=api.server_time or datetime.now(UTC),
            read=lambda version: api.version(worker, version),
            cut=history.result().cut,
            here=datetime.now(UTC),
        )
    found.version(found.serving)
    return found


def _or_none(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except CouldNotLook:
        return None
