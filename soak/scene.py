"""Where the soak takes place: a sandbox with a good version and a bad one, as a target with an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from backstop.cloudflare.api import CloudflareApi
from backstop.environment import read_environment
from backstop.model.errors import CouldNotLook
from backstop.model.target import Target
from backstop.model.version import Deployment, Share, VersionId
from backstop.place import Place
from backstop.polling import SYSTEM
from backstop.provision import Say, open_place
from backstop.rollback.confirm import Confirmer
from backstop.rollback.edge_witness import EdgeWitness
from backstop.rollback.undo import UndoNotes
from backstop.settings.targets import load_targets
from backstop.settings.worker import with_worker
from soak.deployed_target import environment_for, patient_bot, targets_file
from soak.network import Network, network

ROOT = Path(__file__).resolve().parent.parent
TARGET = "soak"
_FAULT = ROOT / "sandbox" / "faults" / "health-503.js"
STATE = ".backstop"  # what a session keeps beside the targets file
_API = "/client/v4"  # beside it, on the same port, is the sandbox's own control
_LIMIT = 10.0  # seconds for one request to it


@dataclass(frozen=True, slots=True)
class Scene:
    """The sandbox and its two versions; the targets file is in ``folder``, with what sessions keep.

    Sessions reach the sandbox by way of ``network``, and ``seen`` is the target as
    they see it; what looks at it from here does not.
    """

    place: Place
    api: CloudflareApi
    good: VersionId
    bad: VersionId
    folder: Path
    network: Network
    seen: Target

    @property
    def targets(self) -> Path:
        """The targets file."""
        return self.folder / "targets.toml"

    @property
    def notes(self) -> UndoNotes:
        """The undo notes of the sessions."""
        return UndoNotes(self.folder / STATE / "undo")

    @property
    def worker(self) -> str:
        """The name of the bot's worker."""
        return self.place.target.worker

    def history(self) -> tuple[Deployment, ...]:
        """The deployments, newest first."""
        return self.api.deployments(self.worker)

    def live(self) -> tuple[Share, ...]:
        """What the edge serves, by the sandbox's own word."""
        control = self.place.target.cloudflare_api.removesuffix(_API) + "/sandbox"
        answer = httpx.get(f"{control}/workers/{self.worker}", timeout=_LIMIT, trust_env=False)
        found: Any = answer.raise_for_status().json()
        return tuple(Share(VersionId(each["version"]), float(each["percentage"])) for each in found["live"])

    def break_it(self) -> None:
        """Have the bad version serve. Raises CouldNotLook where it does not come to."""
        if self.history()[0].only_version == self.bad:
            return
        began = SYSTEM.now()
        self.api.deploy_version(self.worker, (Share(self.bad, 100),), "the incident")
        with EdgeWitness(self.place.target, self.place.prober, self.api, (self.good, self.bad)) as edge:
            confirmation = Confirmer(self.api, self.worker).confirm(self.bad, edge, began)
        if not confirmation.agreed:
            raise CouldNotLook(f"the bad version does not come to serve: {confirmation.dissent}")

    def environment(self) -> Mapping[str, str]:
        """All variables that a session at this sandbox may have."""
        return environment_for(self.seen)


@contextmanager
def scene(folder: Path, say: Say) -> Iterator[Scene]:
    """Start a sandbox, deploy the bot as it is, upload it under a fault; all of it is gone at the end."""
    local = with_worker(load_targets(ROOT / "targets.toml", read_environment()).get("local"))
    local = replace(local, project=patient_bot(folder / "bot"))
    with open_place(local, TARGET, say) as place, network() as between:
        if place.api is None or place.wrangler is None:
            raise CouldNotLook("a sandbox has an API and wrangler; this one has not")
        good = place.api.deployments(place.target.worker)[0].shares[0].version
        bad = place.wrangler.upload_wrapped(_FAULT, message="the bad version", tag="bad")
        made = Scene(place, place.api, good, bad, folder, between, _through(between, place.target))
        made.targets.write_text(targets_file(TARGET, made.seen), encoding="utf-8")
        yield made


def _through(between: Network, target: Target) -> Target:
    return replace(
        target,
        url=between.through(target.url),
        cloudflare_api=between.through(target.cloudflare_api),
        discord_api=between.through(target.discord_api),
        discord_status=between.through(target.discord_status),
    )
