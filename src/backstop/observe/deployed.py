"""What Cloudflare and the edge say is deployed, asked once a stage."""

from __future__ import annotations

from backstop.cloudflare.api import CloudflareApi
from backstop.model.errors import CouldNotLook
from backstop.model.version import Deployment, VersionId
from backstop.observe.once import once
from backstop.place import Place
from backstop.rollback.edge_witness import EdgeWitness


class DeployedLook:
    """The head of the deployment history, the secrets, and the version that the edge serves."""

    def __init__(self, place: Place) -> None:
        self._place = place

    @property
    @once
    def head(self) -> Deployment:
        """The deployment that serves now. Raises CouldNotLook without credentials or an answer."""
        return self._api.deployments(self._place.target.worker)[0]

    @property
    @once
    def secret_names(self) -> frozenset[str]:
        """The names of the worker's secrets."""
        return frozenset(self._api.secret_names(self._place.target.worker))

    @property
    @once
    def served(self) -> VersionId | None:
        """The version that served a new probe over a fresh connection; None when it can't be seen."""
        known = tuple(v.id for v in self._api.versions(self._place.target.worker))
        with EdgeWitness(self._place.target, self._place.prober, self._api, known) as edge:
            return edge.serving() or edge.serving()

    @property
    def _api(self) -> CloudflareApi:
        if self._place.api is None:
            message = f"{self._place.target.name}: no Cloudflare credentials, so the deployment can't be read"
            raise CouldNotLook(message, remedy="set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID")
        return self._place.api
