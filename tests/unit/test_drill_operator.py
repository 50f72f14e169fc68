"""The operator of a drill: armed before, confirmed by three witnesses, restored whatever happens."""

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
    MutationArmed,
    MutationDone,
    MutationUndone,
    RollbackFinished,
    ScenarioRestored,
)
from backstop.model.errors import CouldNotLook, Refused, Unconfirmed, Unrestored
from backstop.model.run import Phase, Stage
from backstop.model.scenario import Fault, Place, RollbackOutcome, Scenario, Surroundings
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


@pytest.fixture
def drill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Setup]:
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


def test_a_round_trip_leaves_nothing(drill: Callable[..., Setup]) -> None:
    """Armed before, three witnesses after, and no note is left."""
    setup = drill()
    setup.operator.begin()
    setup.operator.break_with(FAULT_STAGE, SCENARIO)
    armed = setup.notes.pending("staging")

    confirmation = setup.operator.roll_back(GOOD_STAGE, SCENARIO)

    assert armed is not None
    assert armed.restore == GOOD
    assert confirmation.agreed
    assert len(confirmation.testimonies) == 3
    assert setup.notes.pending("staging") is None
    assert [len(setup.all(kind)) for kind in (MutationArmed, MutationDone, MutationUndone)] == [1, 1, 1]


def test_armed_comes_before_anything_is_uploaded(drill: Callable[..., Setup]) -> None:
    """A killed process leaves a note, whatever it was doing."""
    setup = drill()
    setup.operator.begin()
    setup.cloud.upload_wrapped = lambda *_a, **_k: _raise(KeyboardInterrupt())  # type: ignore[method-assign]

    with pytest.raises(KeyboardInterrupt):
        setup.operator.break_with(FAULT_STAGE, SCENARIO)

    assert setup.notes.pending("staging") is not None


def test_a_split_is_no_steady_state(drill: Callable[..., Setup]) -> None:
    """A drill does not start from a split deployment."""
    setup = drill()
    setup.cloud.deploy(GOOD, "canary", percentage=90)

    with pytest.raises(Refused, match="split"):
        setup.operator.begin()


def test_a_command_that_lies_is_caught(drill: Callable[..., Setup]) -> None:
    """Exit code 0 and nothing rolled back: the API disagrees, so it is unconfirmed."""
    setup = drill(rollback_works=False)
    setup.operator.begin()
    setup.operator.break_with(FAULT_STAGE, SCENARIO)

    with pytest.raises(Unconfirmed, match="api says"):
        setup.operator.roll_back(GOOD_STAGE, SCENARIO)

    assert [e.outcome for e in setup.all(RollbackFinished)] == ["caught lying"]


def test_a_lie_that_is_wanted_is_restored(drill: Callable[..., Setup]) -> None:
    """Caught, and the drill deploys the good version itself; three witnesses say so."""
    setup = drill(rollback_works=False)
    setup.operator.begin()
    setup.operator.break_with(FAULT_STAGE, SCENARIO)

    lying = replace(SCENARIO, rollback=RollbackOutcome.CAUGHT_LYING)
    confirmation = setup.operator.roll_back(GOOD_STAGE, lying)

    assert [e.outcome for e in setup.all(RollbackFinished)] == ["caught lying"]
    assert confirmation.agreed
    assert setup.cloud.history[0].only_version == GOOD
    assert [e.how for e in setup.all(ScenarioRestored)] == ["deploy"]
    assert setup.notes.pending("staging") is None


def test_a_lie_that_is_wanted_and_not_told_is_said(drill: Callable[..., Setup]) -> None:
    """The rollback was done; that it should have lied is for the verdict."""
    setup = drill()
    setup.operator.begin()
    setup.operator.break_with(FAULT_STAGE, SCENARIO)

    setup.operator.roll_back(GOOD_STAGE, replace(SCENARIO, rollback=RollbackOutcome.CAUGHT_LYING))

    assert [e.outcome for e in setup.all(RollbackFinished)] == ["done"]
    assert setup.all(ScenarioRestored) == []


@pytest.mark.parametrize("why", ["secrets changed", ""])
def test_a_refusal_that_is_wanted_is_restored(
    drill: Callable[..., Setup], monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    """With a reason no rollback is made and the drill restores; without one the rollback is made."""
    monkeypatch.setattr(operator_module, "refusal", lambda *_arguments: why)
    setup = drill()
    setup.operator.begin()
    setup.operator.break_with(FAULT_STAGE, SCENARIO)

    confirmation = setup.operator.roll_back(GOOD_STAGE, replace(SCENARIO, rollback=RollbackOutcome.REFUSED))

    assert confirmation.agreed
    assert [e.outcome for e in setup.all(RollbackFinished)] == ["refused" if why else "done"]
    assert len(setup.all(ScenarioRestored)) == (1 if why else 0)
    assert setup.cloud.history[0].only_version == GOOD


@pytest.mark.parametrize("chosen", [GOOD, BAD])
def test_the_other_bad_version_is_not_gone_to(
    drill: Callable[..., Setup], monkeypatch: pytest.MonkeyPatch, chosen: VersionId
) -> None:
    """Told nothing, the rollback must choose the good one; else nothing is done, and it is said."""
    monkeypatch.setattr(operator_module, "chosen_by_itself", lambda *_arguments: (chosen, "why"))
    setup = drill()
    setup.operator.begin()
    twice = replace(SCENARIO, previous=FAULT)
    setup.operator.break_with(FAULT_STAGE, twice)

    if chosen == GOOD:
        assert setup.operator.roll_back(GOOD_STAGE, twice).agreed
    else:
        with pytest.raises(Refused, match="not to the good"):
            setup.operator.roll_back(GOOD_STAGE, twice)
    assert [entry.only_version for entry in reversed(setup.cloud.history)][:3] == [GOOD, BAD, BAD]


def test_a_split_is_rolled_back_whole(drill: Callable[..., Setup]) -> None:
    """The fault gets its part beside the good version, and afterwards the good one has all."""
    setup = drill()
    setup.operator.begin()
    split = replace(SCENARIO, percent=10.0)

    setup.operator.break_with(FAULT_STAGE, split)
    shares = setup.cloud.history[0].shares
    confirmation = setup.operator.roll_back(GOOD_STAGE, split)

    assert shares == (Share(BAD, 10.0), Share(GOOD, 90.0))
    assert confirmation.agreed
    assert setup.cloud.history[0].only_version == GOOD


def test_a_split_that_never_serves_its_fault_is_not_shown(drill: Callable[..., Setup]) -> None:
    """No request met it, so no check can have."""
    setup = drill()
    setup.operator.begin()
    setup.cloud.edge_follows = False

    with pytest.raises(Unconfirmed, match="is not what serves"):
        setup.operator.break_with(FAULT_STAGE, replace(SCENARIO, percent=10.0))


def test_surroundings_are_for_the_sandbox(drill: Callable[..., Setup]) -> None:
    """Elsewhere there is nobody to arrange them, and nothing is touched."""
    setup = drill()
    setup.operator.begin()

    with pytest.raises(CouldNotLook, match="is no sandbox"):
        setup.operator.break_with(FAULT_STAGE, replace(SCENARIO, surroundings=Surroundings.ENDPOINT_DROPPED))


def test_an_edge_that_does_not_follow_is_caught(drill: Callable[..., Setup]) -> None:
    """Command and API agree, but users still get the bad version."""
    setup = drill()
    setup.operator.begin()
    setup.operator.break_with(FAULT_STAGE, SCENARIO)
    setup.cloud.edge_follows = False

    with pytest.raises(Unconfirmed, match="edge says"):
        setup.operator.roll_back(GOOD_STAGE, SCENARIO)


def test_a_command_that_fails_is_not_believed(drill: Callable[..., Setup]) -> None:
    """Even when the right version serves in the end, the witnesses do not agree."""
    setup = drill(rollback_exit=1)
    setup.operator.begin()
    setup.operator.break_with(FAULT_STAGE, SCENARIO)

    with pytest.raises(Unconfirmed, match="exit code 1"):
        setup.operator.roll_back(GOOD_STAGE, SCENARIO)


def test_a_command_that_fails_says_why(drill: Callable[..., Setup]) -> None:
    """On one line and within bounds, however much it wrote."""
    said = "\x1b[31m✘ [ERROR]\x1b[0m No such version.\n\n  [code: 10007]\n" + "x" * 200 + "\n" + "y" * 900
    setup = drill(rollback_exit=1, rollback_says=said)
    setup.operator.begin()
    setup.operator.break_with(FAULT_STAGE, SCENARIO)

    told = r"exit code 1: ✘ \[ERROR\] No such version\. \[code: 10007\] x+ y+…"
    with pytest.raises(Unconfirmed, match=told):
        setup.operator.roll_back(GOOD_STAGE, SCENARIO)

    assert all(len(e.detail) < 600 for e in setup.all(RollbackFinished))


def test_a_fault_that_never_serves_is_not_shown(drill: Callable[..., Setup]) -> None:
    """If the broken version is not what serves, no check can have noticed it."""
    setup = drill()
    setup.operator.begin()
    setup.cloud.edge_follows = False

    with pytest.raises(Unconfirmed, match="health-503"):
        setup.operator.break_with(FAULT_STAGE, SCENARIO)


def test_restore_puts_the_good_version_back(drill: Callable[..., Setup]) -> None:
    """A drill that ends in its fault stage leaves the good version serving, and no note."""
    setup = drill()
    setup.operator.begin()
    setup.operator.break_with(FAULT_STAGE, SCENARIO)

    setup.operator.restore()

    assert setup.cloud.history[0].only_version == GOOD
    assert setup.notes.pending("staging") is None
    assert len(setup.all(MutationUndone)) == 1


def test_restore_leaves_a_foreign_deployment_alone(drill: Callable[..., Setup]) -> None:
    """What somebody else deployed meanwhile is theirs, and said."""
    setup = drill()
    setup.operator.begin()
    setup.operator.break_with(FAULT_STAGE, SCENARIO)
    setup.cloud.deploy(FOREIGN, "hotfix")

    with pytest.raises(Unconfirmed, match="meanwhile"):
        setup.operator.restore()

    assert setup.cloud.history[0].only_version == FOREIGN


def test_a_restore_that_fails_says_what_is_left(drill: Callable[..., Setup]) -> None:
    """The note stays on disk and the message names the command that finishes it."""
    setup = drill()
    setup.operator.begin()
    setup.operator.break_with(FAULT_STAGE, SCENARIO)
    setup.cloud.deploy_fails = True

    with pytest.raises(Unrestored, match=str(GOOD)) as caught:
        setup.operator.restore()

    assert "wrangler rollback" in caught.value.remedy
    assert setup.notes.pending("staging") is not None


def test_restore_without_a_mutation_asks_nothing(drill: Callable[..., Setup]) -> None:
    """Nothing armed, nothing to restore."""
    setup = drill()

    setup.operator.restore()

    assert setup.events == []


def _raise(error: BaseException) -> Any:
    raise error
