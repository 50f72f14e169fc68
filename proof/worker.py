"""The worker that a proof changes, from one variant to the next."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from backstop.cloudflare.api import CloudflareApi
from backstop.model.version import Share, VersionId
from backstop.place import Place
from backstop.polling import poll
from proof.around import (
    Surroundings,
    call_discord,
    let_edge_follow,
    let_https_be,
    seen_from,
    served_over_https,
    set_up_discord,
)
from proof.stages import GOOD_AGAIN
from proof.upload import Uploader
from proof.usage import Usage

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
    _arranged: ExitStack = field(default_factory=ExitStack, init=False)

    def serve(self, name: str, around: Surroundings) -> tuple[Place, VersionId]:
        """Deploy the module of this name; the place as it is to be looked at, and the version."""
        self.close()
        version = self.uploader.upload(name, self.modules[name])
        if around.behind:
            self._deploy(GOOD_AGAIN, self.uploader.upload(GOOD_AGAIN, self.modules[GOOD_AGAIN]), _ALL)
            self._arranged.callback(let_edge_follow, self.place.target, 0.0)
            let_edge_follow(self.place.target, around.behind)
        self._deploy(name, version, around.share)
        if around.newer:
            self.uploader.upload(name, self.modules[name])
        return self._seen(self._arrange(around), around), version

    def close(self) -> None:
        """Put right what the last variant had arranged."""
        self._arranged.close()

    def _arrange(self, around: Surroundings) -> Place:
        """Bring about what Discord and https are like; the place as it is found there.

        The variant serves by then: Discord takes the address of no bot that fails its tests.
        """
        if around.discord or around.tls is not None:
            self._arranged.callback(set_up_discord, self.place.target)
        place = self._over_https(around.tls) if around.tls is not None else self.place
        call_discord(self.place.target, around.discord)
        return place

    def _over_https(self, conditions: Mapping[str, Any]) -> Place:
        """The place over https that was well when Discord was told of it."""
        place = served_over_https(self.place)
        self._arranged.callback(place.prober.close)
        let_https_be(place.target, conditions)
        return place

    def _seen(self, place: Place, around: Surroundings) -> Place:
        """The place as a session sees it; somebody uses the bot meanwhile where the surroundings say so."""
        seen = seen_from(place, around)
        if seen.discord is not None and seen.discord is not self.place.discord:
            self._arranged.callback(seen.discord.close)
        if around.genuine and self.place.courier is not None:
            self._arranged.callback(Usage(self.place.courier, self.place.target).close)
        return seen

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
