"""What Cloudflare and the edge say is deployed, asked once a stage."""

from __future__ import annotations

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.refusals import NoSuchWorker
from backstop.model.errors import CouldNotLook
from backstop.model.version import Deployment, Version, VersionId
from backstop.observe.history import way_back
from backstop.observe.once import once
from backstop.place import Place


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
    def history(self) -> tuple[Deployment, ...]:
        """All deployments, newest first, never empty."""
        try:
            return self._api.deployments(self._worker)
        except NoSuchWorker as error:
            raise WorkerIsGone(f"{error}\n→ is that the right account, and the right name?") from error

    @property
    def head(self) -> Deployment:
        """The deployment that serves now."""
        return self.history[0]

    @property
    @once
    def listed(self) -> tuple[Version, ...]:
        """The versions that can be deployed, newest first, as lists show them."""
        return self._api.versions(self._worker)

    def version(self, version: VersionId) -> Version:
        """One version in full."""
        if version not in self._versions:
            self._versions[version] = self._api.version(self._worker, version)
        return self._versions[version]

    @property
    def serving(self) -> tuple[Version, ...]:
        """The versions that share the traffic, in full."""
        return tuple(self.version(share.version) for share in self.head.shares)

    @property
    @once
    def way_back(self) -> Version | None:
        """What a rollback would lead to now, or None when there is nothing."""
        return way_back(self.history, self.version)

    @property
    @once
    def secret_names(self) -> frozenset[str]:
        """The names of the worker's secrets."""
        return frozenset(self._api.secret_names(self._worker))

    @property
    def _worker(self) -> str:
        return self._place.target.worker

    @property
    def _api(self) -> CloudflareApi:
        if self._place.api is None:
            message = f"{self._place.target.name}: no Cloudflare credentials, so the deployment can't be read"
            raise CouldNotLook(message, remedy="set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID")
        return self._place.api
