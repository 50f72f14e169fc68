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
from backstop.rollback.history import newest_of, rolled_away_from

T = TypeVar("T")
_READS = 4


@dataclass(slots=True)
class Survey:
    """A worker's history and versions at one moment.

    ``history`` is newest first and not empty. ``listed`` are the versions that can be deployed, newest
    first, without bindings and etags. ``crons`` is None where they could not be read. ``now`` is Cloudflare's
    own time, so that a clock of ours that is off does no harm. ``read`` fetches one version in full.
    ``cut`` says why the history may have begun earlier than is shown; it is empty where it is whole.
    """

    worker: str
    history: tuple[Deployment, ...]
    listed: tuple[Version, ...]
    crons: tuple[str, ...] | None
    now: datetime
    read: Callable[[VersionId], Version]
    cut: str = ""
    _full: dict[VersionId, Version] = field(default_factory=dict, init=False)

    @property
    def head(self) -> Deployment:
        """The deployment that serves."""
        return self.history[0]

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
        return rolled_away_from(self.history, self.numbers)

    def version(self, version: VersionId) -> Version:
        """One version in full, read once. Raises CouldNotLook, ApiRefused where there is none."""
        if version not in self._full:
            self._full[version] = self.read(version)
        return self._full[version]

    def age(self, moment: datetime) -> timedelta:
        """How long ago that was."""
        return self.now - moment


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
        )
    found.version(found.serving)
    return found


def _or_none(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except CouldNotLook:
        return None
