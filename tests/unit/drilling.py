"""A drill's operator over a cloud that can lie, for the tests of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self, cast

import pytest

from backstop.drill import operator as operator_module
from backstop.drill.operator import DrillOperator
from backstop.journal.events import (
    Event,
)
from backstop.model.errors import CouldNotLook
from backstop.model.run import Phase, Stage
from backstop.model.scenario import Fault, Place, Scenario
from backstop.model.severity import Severity
from backstop.model.target import Target
from backstop.model.version import Deployment, Share, Version, VersionId, version_id
from backstop.rollback.undo import UndoNotes

GOOD = version_id("11111111-1111-4111-8111-111111111111")
BAD = version_id("22222222-2222-4222-8222-222222222222")
FOREIGN = version_id("33333333-3333-4333-8333-333333333333")
NOW = datetime(2026, 11, 23, 3, 12, 41, tzinfo=UTC)
FAULT = Fault("health-503", "says 503", Path("health-503.js"), ("health.status",), Severity.CRITICAL)
SCENARIO = Scenario("health", "health", FAULT, ("health.status",), Severity.CRITICAL, (Place.SANDBOX,))
FAULT_STAGE = Stage(1, Phase.FAULT, "health")
GOOD_STAGE = Stage(2, Phase.GOOD, "health")


class InstantClock:
    """Time passes only when somebody waits."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        """The time so far."""
        return self.time

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.time += seconds


@dataclass
class Cloud:
    """A worker's history, what the edge serves, and ways in which either can lie."""

    history: list[Deployment] = field(default_factory=list)
    worker: str = "bot"
    edge_follows: bool = True
    edge: VersionId = GOOD
    rollback_exit: int = 0
    rollback_says: str = ""
    rollback_works: bool = True
    deploy_fails: bool = False

    def __post_init__(self) -> None:
        self.deploy(GOOD, "first")

    def deploy(self, version: VersionId, message: str, percentage: float = 100) -> None:
        """Put a deployment on top of the history."""
        shares = (
            (Share(version, percentage),)
            if percentage == 100
            else (Share(version, percentage), Share(BAD, 10))
        )
        self.history.insert(
            0, Deployment(f"d{len(self.history)}", NOW, "wrangler", "dev@example.com", shares, message)
        )
        if self.edge_follows:
            self.edge = version

    def deployments(self, _worker: str) -> tuple[Deployment, ...]:
        """The API's history, newest first."""
        return tuple(self.history)

    def version(self, _worker: str, version: VersionId) -> Version:
        """One version."""
        return Version(version, 1, NOW, "dev@example.com")

    def deploy_version(
        self, _worker: str, shares: Sequence[Share], message: str, *, force: bool = False
    ) -> str:
        """The API's way of deploying."""
        if self.deploy_fails:
            message = "Cloudflare answered 500"
            raise CouldNotLook(message)
        self.deploy(shares[0].version, message)
        self.history[0] = replace(self.history[0], shares=tuple(shares))
        return "d"

    def upload_wrapped(self, _shim: Path, *, message: str, tag: str) -> VersionId:
        """Wrangler's upload."""
        assert message
        assert tag == "health-503"
        return BAD

    def rollback(self, version: VersionId, message: str) -> Any:
        """Wrangler's rollback."""
        if self.rollback_works:
            self.deploy(version, message)
        return SimpleNamespace(returncode=self.rollback_exit, stdout="", stderr=self.rollback_says)


class FakeEdge:
    """Stands for the edge witness."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_details: object) -> None:
        """Nothing to close."""

    def serving(self) -> VersionId:
        """What the edge serves."""
        return self._cloud.edge


@dataclass
class Setup:
    """An operator with its cloud and everything that it recorded."""

    operator: DrillOperator
    cloud: Cloud
    events: list[Event]
    notes: UndoNotes

    def all(self, kind: type[Event]) -> list[Any]:
        """The recorded events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture(name="drill")
def drill_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Setup]:
    """Make an operator over a cloud."""

    def make(**lies: Any) -> Setup:
        cloud, events, notes = Cloud(**lies), list[Event](), UndoNotes(tmp_path)
        monkeypatch.setattr(operator_module, "EdgeWitness", lambda *_arguments: FakeEdge(cloud))
        client = cast("Any", cloud)
        operator = DrillOperator(
            "run1",
            Target("staging", sandbox=False, worker="bot"),
            client,
            client,
            client,
            notes,
            events.append,
            clock=InstantClock(),
        )
        return Setup(operator, cloud, events, notes)

    return make
