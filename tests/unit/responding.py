"""A responder over a cloud that can be changed, and lie; and what it recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self, cast

import pytest

from backstop.journal.events import Event
from backstop.model.errors import CouldNotLook
from backstop.model.target import Target
from backstop.model.version import VersionId
from backstop.rollback import responder as module
from backstop.rollback.request import RollbackRequest
from backstop.rollback.responder import Responder, Safeguards
from tests.unit.fakeclock import FakeClock
from tests.unit.rollbacks import NOW, Account, deployed, history, version, vid

REQUEST = RollbackRequest("health is red")
TARGET = Target("prod", sandbox=False, url="http://127.0.0.1:1", worker="bot")


@dataclass
class Cloud(Account):
    """An account that can be changed: by wrangler, by one request, and by somebody else."""

    before_act: Callable[[Cloud], None] = lambda _: None
    ends: Callable[[], Any] = lambda: SimpleNamespace(returncode=0, stdout="", stderr="", argv=("wrangler",))
    works: bool = True
    silent_api: bool = False
    acts: int = 0

    def deployments(self, worker: str) -> Any:
        """The history, unless nobody answers."""
        if self.silent_api:
            message = "no answer"
            raise CouldNotLook(message)
        return super().deployments(worker)

    def make(self, wanted: VersionId, message: str) -> None:
        """Put a deployment on top, now."""
        made = replace(
            deployed(int(wanted[:8], 16), message=message), created=NOW, id=f"n{len(self.history)}"
        )
        self.history = (made, *self.history)

    def rollback(self, wanted: VersionId, message: str) -> Any:
        """Wrangler's."""
        self.acts += 1
        self.before_act(self)
        if self.works:
            self.make(wanted, message)
        return self.ends()

    def deploy_version(self, _worker: str, shares: Any, message: str, *, force: bool = False) -> str:
        """The API's."""
        assert not force
        self.acts += 1
        self.make(shares[0].version, message)
        return "d"

    def serving(self) -> VersionId | None:
        """What the edge serves."""
        return self.history[0].only_version

    def serving_or_answer(self) -> tuple[VersionId | None, None, str]:
        """The same, before anything is changed."""
        return self.serving(), None, ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_details: object) -> None:
        """Nothing to close."""


@dataclass
class Setup:
    """A responder with its cloud, its guards and what it recorded."""

    responder: Responder
    cloud: Cloud
    guards: Safeguards
    events: list[Event] = field(default_factory=list)

    def kinds(self) -> list[type[Event]]:
        """The kinds of what was recorded, without the versions."""
        return [type(event) for event in self.events if not event.kind.startswith("version")]

    @property
    def note(self) -> object:
        """What would outlive the process."""
        return self.guards.notes.pending("prod")


def responding(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Setup]:
    """What makes a responder over a cloud in which version 2 is bad and 1 was good."""

    def setup(*, agrees: bool = True, **lies: Any) -> Setup:
        cloud = Cloud(history(2, 1), {vid(number): version(number) for number in (1, 2, 3)}, **lies)
        monkeypatch.setattr(module, "EdgeWitness", lambda *_arguments: cloud)
        guards = Safeguards.beneath(folder, consent=lambda _: agrees)
        client, events = cast("Any", cloud), list[Event]()
        responder = Responder(
            "abc", TARGET, client, client, client, guards, events.append, clock=FakeClock(), confirm_within=5
        )
        return Setup(responder, cloud, guards, events)

    return setup
