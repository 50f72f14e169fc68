"""The worker that a proof changes, from one variant to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from backstop.cloudflare.api import CloudflareApi
from backstop.discord.api import DiscordApi
from backstop.model.version import Share, VersionId
from backstop.place import Place
from backstop.polling import poll
from proof.around import Surroundings, call_discord, let_edge_follow, seen_from, set_up_discord
from proof.stages import GOOD_AGAIN
from proof.upload import Uploader

_ALL = 100.0  # per cent
CONFIRM_WITHIN = 10.0  # seconds; the API follows at once, also when the edge is told to be late


@dataclass(slots=True)
class Worker:
    """The modules that can serve, and ``good``: the version that wrangler deployed."""

    place: Place
    api: CloudflareApi
    modules: Mapping[str, bytes]
    uploader: Uploader
    good: VersionId
    _rearranged: bool = field(default=False, init=False)
    _behind: float = field(default=0.0, init=False)
    _discord: DiscordApi | None = field(default=None, init=False)

    def serve(self, name: str, around: Surroundings) -> tuple[Place, VersionId]:
        """Deploy the module of this name; the place as it is to be looked at, and the version."""
        self._put_right()
        version = self.uploader.upload(name, self.modules[name])
        self._arrange(around)
        self._deploy(name, version, around.share)
        if around.newer:
            self.uploader.upload(name, self.modules[name])
        seen = seen_from(self.place, around)
        self._discord = seen.discord
        return seen, version

    def close(self) -> None:
        """Put right what the last variant had arranged."""
        self._put_right()

    def _arrange(self, around: Surroundings) -> None:
        if around.behind:
            self._behind = around.behind
            let_edge_follow(self.place.target, around.behind)
        self._rearranged = bool(around.discord)
        call_discord(self.place.target, around.discord)

    def _put_right(self) -> None:
        """Undo what the variant before had arranged."""
        if self._discord is not None and self._discord is not self.place.discord:
            self._discord.close()
        if self._rearranged:
            self._rearranged = False
            set_up_discord(self.place.target)
        if self._behind:
            self._behind = 0.0
            let_edge_follow(self.place.target, 0.0)

    def _deploy(self, name: str, version: VersionId, share: float) -> None:
        worker, shares = self.place.target.worker, [Share(version, share)]
        if share < _ALL:
            other = self.uploader.upload(GOOD_AGAIN, self.modules[GOOD_AGAIN])
            shares.append(Share(other, _ALL - share))
        self.api.deploy_version(worker, shares, f"proof: {name}")
        poll(
            lambda: set(self.api.deployments(worker)[0].shares) == set(shares) or None,
            deadline=CONFIRM_WITHIN,
            what=f"{name} to be deployed",
        )
