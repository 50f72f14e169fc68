"""Where drills are cut short: the scene of the soak, two machines, and a bot that is well to begin with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from backstop.model.errors import CouldNotLook
from backstop.model.version import Share, VersionId
from backstop.polling import SYSTEM
from backstop.rollback.confirm import Confirmer
from backstop.rollback.edge_witness import EdgeWitness
from soak.deployed_target import patient_bot, targets_file
from soak.scene import TARGET, Scene

PASSING = "passing"  # the target whose sandbox goes with its session
_PER_MINUTE = 6000  # a drill that waits for its turn is cut short there most of the time, and nowhere else


@dataclass(frozen=True, slots=True)
class Machine:
    """A folder with a targets file, what sessions keep beside it, and a checkout of the bot of its own."""

    folder: Path

    @property
    def targets(self) -> Path:
        """The targets file."""
        return self.folder / "targets.toml"


def machine(scene: Scene, name: str) -> Machine:
    """Set one up."""
    made = Machine(scene.folder / name)
    bot = patient_bot(made.folder / "bot")
    made.targets.write_text(
        f"{targets_file(TARGET, scene.seen, bot)}requests_per_minute = {_PER_MINUTE}\n"
        f'\n[targets.{PASSING}]\nsandbox = true\nproject = "{bot}"\n'
        'environment = "local"\nhealth = { json = { status = "healthy" } }\n',
        encoding="utf-8",
    )
    return made


def make_steady(scene: Scene) -> VersionId:
    """Have the newest upload be a good build that serves all; its id. Raises CouldNotLook if it does not."""
    good = _newest_good(scene)
    if scene.history()[0].only_version == good:
        return good
    began = SYSTEM.now()
    scene.api.deploy_version(scene.worker, (Share(good, 100),), "well again")
    known = (good, *scene.history()[0].versions, *scene.history()[1].versions)
    with EdgeWitness(scene.place.target, scene.place.prober, scene.api, known) as edge:
        confirmation = Confirmer(scene.api, scene.worker).confirm(good, edge, began)
    if not confirmation.agreed:
        raise CouldNotLook(f"the good version does not come to serve: {confirmation.dissent}")
    return good


def _newest_good(scene: Scene) -> VersionId:
    newest = scene.api.versions(scene.worker)[0].id
    etags = {scene.api.version(scene.worker, each).etag for each in (newest, scene.good)}
    if len(etags) == 1:
        return newest
    wrangler = scene.place.wrangler
    if wrangler is None:
        raise CouldNotLook("a sandbox has wrangler; this one has not")
    return wrangler.versions_upload(message="a good build").version_id
