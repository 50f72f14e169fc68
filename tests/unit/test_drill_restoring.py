"""``--restore``: what a drill left is put back, whatever it was, and by whichever machine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from backstop.drill.restoring import restore
from backstop.model.errors import Refused, Unrestored
from backstop.model.target import Target
from backstop.model.version import Deployment, Version
from backstop.rollback.lock import Locks
from backstop.rollback.marker import Mark, Part, marked
from backstop.rollback.remains import GOOD_AGAIN
from backstop.rollback.request import Aim, RollbackRequest
from tests.unit.rollbacks import deployed, version, vid

REQUEST = RollbackRequest("restore", Aim.RESTORE)
BOT = Target("staging", sandbox=False, worker="bot", cloudflare_account="account")
SERVES = deployed(2, message=marked("drill: x", Mark("drl", Part.FAULT, vid(1), vid(2))))
SPLIT = deployed(2, 1, split=(10, 90), message=SERVES.message)
FAULT = replace(version(2), message="drill: x [backstop fault drl]")


@dataclass
class Cloud:
    """A worker of which a drill left something; also wrangler, and who rolls back."""

    head: Deployment
    uploads: list[Version]
    did: list[str] = field(default_factory=list)

    def deployments(self, _worker: str) -> tuple[Deployment, ...]:
        """What serves."""
        return (self.head,)

    def versions(self, _worker: str) -> tuple[Version, ...]:
        """The uploads, newest first."""
        return tuple(self.uploads)

    def version(self, _worker: str, _wanted: str) -> Version:
        """All have the same code."""
        return version(1)

    def versions_upload(self, *, message: str, tag: str) -> Any:
        """Wrangler's upload."""
        assert tag == "good"
        self.uploads.insert(0, replace(version(3), message=message))
        self.did.append("upload")
        return SimpleNamespace(version_id=vid(3))

    def roll_back(self, _stage: str, _request: RollbackRequest) -> Any:
        """As the responder does."""
        if "drill: x" not in self.head.message:
            message = "no fault of a drill serves"
            raise Refused(message)
        self.did.append("roll back")
        self.head = deployed(1)
        return "confirmed"


def _restored(cloud: Cloud, folder: Path, *, wrangler: bool = True) -> tuple[Any, list[str]]:
    said: list[str] = []
    responder: Any = SimpleNamespace(
        api=cloud,
        run="now",
        target=BOT,
        guards=SimpleNamespace(locks=Locks(folder)),
        roll_back=cloud.roll_back,
    )
    tool = SimpleNamespace(worker="bot", versions_upload=cloud.versions_upload) if wrangler else None
    place: Any = SimpleNamespace(wrangler=tool)
    return restore(place, responder, "0-after", REQUEST, said.append), said


@pytest.mark.parametrize("head", [SERVES, SPLIT], ids=["all of it", "a part"])
def test_what_serves_and_what_was_uploaded_are_put_back(tmp_path: Path, head: Deployment) -> None:
    """The good version serves again, and the next edit starts from a good build."""
    cloud = Cloud(head, [FAULT, version(1)])

    confirmation, said = _restored(cloud, tmp_path)

    assert "confirmed" == confirmation
    assert ["roll back", "upload"] == cloud.did
    assert GOOD_AGAIN in cloud.uploads[0].message
    assert [f"the newest upload is {vid(3)} again, the same code as what serves"] == said


def test_an_upload_alone_is_put_back_without_a_rollback(tmp_path: Path) -> None:
    """Cut short between upload and deployment: nothing faulty ever served."""
    cloud = Cloud(deployed(1), [FAULT, version(1)])

    confirmation, said = _restored(cloud, tmp_path)

    assert confirmation is None
    assert ["upload"] == cloud.did
    assert len(said) == 1


def test_where_nothing_is_left_it_is_refused(tmp_path: Path) -> None:
    """Nothing is rolled back that no drill deployed."""
    cloud = Cloud(deployed(1), [version(1)])

    with pytest.raises(Refused):
        _restored(cloud, tmp_path)
    assert [] == cloud.did


def test_an_upload_that_can_not_be_renewed_here_is_unrestored(tmp_path: Path) -> None:
    """The good version serves, and what is left is said."""
    cloud = Cloud(SERVES, [FAULT, version(1)])

    with pytest.raises(Unrestored, match="the newest upload of bot is still a fault: there is no wrangler"):
        _restored(cloud, tmp_path, wrangler=False)
    assert ["roll back"] == cloud.did


def test_a_split_that_came_meanwhile_is_left(tmp_path: Path) -> None:
    """Which of two versions is the good one is not ours to say."""
    cloud = Cloud(deployed(1, 3, split=(50, 50)), [FAULT, version(1)])

    with pytest.raises(Unrestored, match="what serves is split"):
        _restored(cloud, tmp_path)
    assert [] == cloud.did
