"""What Cloudflare and the edge say is deployed, asked once a stage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.paging import Listed
from backstop.cloudflare.refusals import NoSuchWorker
from backstop.model.errors import CouldNotLook
from backstop.model.version import Deployment, Version, VersionId
from backstop.observe.once import once
from backstop.place import Place
from backstop.rollback.survey import Survey
from backstop.rollback.way_back import way_back

Found = TypeVar("Found")


class WorkerIsGone(AssertionError):
    """Raised when the account answers, but has no such worker: nothing can serve."""


class DeployedLook:
    """The deployment history, the versions, and the secrets.

    Everything raises CouldNotLook without credentials or a usable answer, WorkerIsGone without a worker.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._versions: dict[VersionId, Version] = {}

    @property
    @once
    def _whole_history(self) -> Listed[Deployment]:
        return self._ask(lambda api: api.whole_history(self._worker))

    @property
    def history(self) -> tuple[Deployment, ...]:
        """All deployments, newest first, never empty, as far back as they could be read."""
        return self._whole_history.entries

    @property
    def exists(self) -> bool:
        """Whether the account that the credentials belong to has the worker."""
        try:
            return bool(self.history)
        except WorkerIsGone:
            return False

    @property
    def head(self) -> Deployment:
        """The deployment that serves now."""
        return self.history[0]

    @property
    @once
    def listed(self) -> tuple[Version, ...]:
        """The versions that can be deployed, newest first, never empty, as lists show them."""
        found = self._read(lambda api: api.versions(self._worker))
        if not found:
            message = f"{self._worker} has no version that can be deployed, though one is"
            raise CouldNotLook(message, remedy="look at `wrangler versions list`")
        return found

    def version(self, version: VersionId) -> Version:
        """One version in full."""
        if version not in self._versions:
            self._versions[version] = self._read(lambda api: api.version(self._worker, version))
        return self._versions[version]

    @property
    def serving(self) -> tuple[Version, ...]:
        """The versions that share the traffic, in full."""
        return tuple(self.version(share.version) for share in self.head.shares)

    @property
    @once
    def way_back(self) -> Version | None:
        """What a rollback would lead to now, or None when there is nothing."""
        now, cut = datetime.now(UTC), self._whole_history.cut
        return way_back(Survey(self._worker, self.history, self.listed, None, now, self.version, cut))

    @property
    @once
    def secret_names(self) -> frozenset[str]:
        """The names of the worker's secrets."""
        return frozenset(self._read(lambda api: api.secret_names(self._worker)))

    @property
    def _worker(self) -> str:
        return self._place.target.worker

    def _read(self, read: Callable[[CloudflareApi], Found]) -> Found:
        """Read once the history is told: an API that hangs is waited for once, not for each list.

        Raises CouldNotLook where the API then knows no such worker: it contradicts itself.
        """
        _ = self.history
        try:
            return self._ask(read)
        except WorkerIsGone as error:
            message = f"{error.__cause__}\nand it listed the deployments of {self._worker} a moment before"
            raise CouldNotLook(message, remedy="look again; if it stays so, look at the dashboard") from error

    def _ask(self, read: Callable[[CloudflareApi], Found]) -> Found:
        try:
            return read(self._api)
        except NoSuchWorker as error:
            raise WorkerIsGone(f"{error}\n→ is that the right account, and the right name?") from error

    @property
    def _api(self) -> CloudflareApi:
        if self._place.api is None:
            why = self._place.unreadable
            raise CouldNotLook(why.message, remedy=why.remedy)
        return self._place.api
