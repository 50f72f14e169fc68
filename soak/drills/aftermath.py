"""What there is after a drill was cut short, on its own machine and as another one sees it; not judged."""

from __future__ import annotations

from dataclasses import dataclass, replace

from backstop.model.version import Deployment, Share, Version, VersionId
from backstop.process import Completed
from backstop.rollback.marker import Mark
from backstop.rollback.remains import fault_that_serves, faulty_upload
from backstop.rollback.undo import UndoNote, UndoNotes
from soak.aftermath import Left, Told, left_by, lock_of, told_by
from soak.drills.plan import Cut
from soak.plan import Way
from soak.scene import STATE, Scene
from soak.session import LOOK, Desk, Ended, look, undisturbed

RESTORE = (*LOOK, "--restore")


@dataclass(frozen=True, slots=True)
class Cloud:
    """What is at Cloudflare. ``fault`` is the mark of one that serves, ``upload`` a faulty newest upload."""

    head: Deployment
    live: tuple[Share, ...]
    fault: Mark | None
    upload: Version | None

    @property
    def clean(self) -> bool:
        """Whether nothing of a drill is left."""
        return self.fault is None and self.upload is None

    def serves(self, version: VersionId) -> bool:
        """Whether that version has all of the traffic, by the API and by the edge."""
        return self.head.only_version == version and self.live == (Share(version, 100.0),)


@dataclass(frozen=True, slots=True)
class Aftermath:
    """Everything that is known after one interruption.

    ``good`` is the version that the drill began with. ``told`` is None where the session had not begun.
    ``after`` is None where the sandbox went with the session. ``elsewhere`` is what a look on another machine
    said, ``restored`` what ``--restore`` there said, each None where there was no need; ``finally_there`` is
    what there is after that.
    """

    good: VersionId
    ended: Ended
    told: Told | None
    left: Left
    note: UndoNote | None
    after: Cloud | None = None
    elsewhere: Completed | None = None
    restored: Completed | None = None
    finally_there: Cloud | None = None


def seen_here(scene: Scene, desk: Desk, ended: Ended, good: VersionId) -> Aftermath:
    """What a drill left on its own machine."""
    left = left_by(desk, lock_of(scene, desk))
    note = UndoNotes(desk.targets.parent / STATE / "undo").pending(desk.target)
    return Aftermath(good, ended, told_by(desk), left, note)


def seen_elsewhere(scene: Scene, desk: Desk, cut: Cut, seen: Aftermath) -> Aftermath:
    """What it left at Cloudflare; where that is something, another machine looks at it and finishes it."""
    after = _cloud(scene)
    if after.clean and cut.planned.way is not Way.KILL:
        return replace(seen, after=after)
    elsewhere = look(scene, desk)
    restored = None if after.clean else undisturbed(scene, desk, RESTORE)
    return replace(seen, after=after, elsewhere=elsewhere, restored=restored, finally_there=_cloud(scene))


def _cloud(scene: Scene) -> Cloud:
    head = scene.history()[0]
    return Cloud(head, scene.live(), fault_that_serves(head), faulty_upload(scene.api.versions(scene.worker)))
