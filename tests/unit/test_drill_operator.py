"""The operator of a drill: armed before, confirmed by three witnesses, restored whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backstop.journal.events import (
    MutationArmed,
    MutationDone,
    MutationUndone,
    RollbackFinished,
)
from backstop.model.errors import Refused, Unconfirmed, Unrestored
from backstop.model.version import VersionId
from tests.unit.drilling import BAD, FAULT_STAGE, FOREIGN, GOOD, GOOD_STAGE, SCENARIO, Setup, drill_fixture

__all__ = ["drill_fixture"]  # pytest finds it here


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


def test_a_deploy_before_the_first_fault_refuses_the_drill(drill: Callable[..., Setup]) -> None:
    """Nothing was changed, so that it is no more than refused."""
    setup = drill()
    setup.operator.begin()
    setup.cloud.deploy(FOREIGN, "hotfix")

    with pytest.raises(Refused, match="in the middle of the drill"):
        setup.operator.break_with(FAULT_STAGE, SCENARIO)

    assert setup.all(MutationArmed) == []


def test_a_deploy_over_the_fault_is_not_rolled_back(drill: Callable[..., Setup]) -> None:
    """Somebody's hotfix must not be undone by a drill."""
    setup = drill()
    setup.operator.begin()
    setup.operator.break_with(FAULT_STAGE, SCENARIO)
    setup.cloud.deploy(FOREIGN, "hotfix")

    with pytest.raises(Unconfirmed, match="in the middle of the drill"):
        setup.operator.roll_back(GOOD_STAGE, SCENARIO)

    assert setup.cloud.history[0].only_version == FOREIGN


def test_a_deploy_while_the_rollback_command_runs_is_found_out(drill: Callable[..., Setup]) -> None:
    """The command takes seconds; what it went over is named, so that it can be deployed again."""
    setup = drill()
    setup.operator.begin()
    setup.operator.break_with(FAULT_STAGE, SCENARIO)
    rollback = setup.cloud.rollback

    def late(version: VersionId, message: str) -> Any:
        setup.cloud.deploy(FOREIGN, "hotfix")
        return rollback(version, message)

    setup.cloud.rollback = late  # type: ignore[method-assign]

    with pytest.raises(Unconfirmed, match=f"deployed {FOREIGN} .*in the middle of the drill.* went over it"):
        setup.operator.roll_back(GOOD_STAGE, SCENARIO)


def test_a_deploy_while_the_fault_is_uploaded_is_not_gone_over(drill: Callable[..., Setup]) -> None:
    """An upload takes seconds too; afterwards somebody else's version serves."""
    setup = drill()
    setup.operator.begin()
    upload = setup.cloud.upload_wrapped

    def late(_shim: Path, *, message: str, tag: str) -> VersionId:
        setup.cloud.deploy(FOREIGN, "hotfix")
        return upload(_shim, message=message, tag=tag)

    setup.cloud.upload_wrapped = late  # type: ignore[method-assign]

    with pytest.raises(Unconfirmed, match="in the middle of the drill"):
        setup.operator.break_with(FAULT_STAGE, SCENARIO)

    assert setup.cloud.history[0].only_version == FOREIGN


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


def test_a_fault_that_lands_after_its_request_was_cut_off_is_put_back_too(
    drill: Callable[..., Setup], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was interrupted on its way may still come: an API that shows the good version is asked again."""
    setup = drill()
    setup.operator.begin()
    cloud, deploy, looks = setup.cloud, setup.cloud.deploy_version, 0

    def cut_off(_worker: str, _shares: object, message: str) -> Any:
        monkeypatch.setattr(cloud, "deploy_version", deploy)
        monkeypatch.setattr(cloud, "deployments", lambda _worker: lands(message))
        raise KeyboardInterrupt

    def lands(message: str) -> Any:
        nonlocal looks
        looks += 1
        if looks == 3:
            cloud.deploy(BAD, message)
        return tuple(cloud.history)

    monkeypatch.setattr(cloud, "deploy_version", cut_off)
    with pytest.raises(KeyboardInterrupt):
        setup.operator.break_with(FAULT_STAGE, SCENARIO)

    setup.operator.restore()

    assert GOOD == cloud.history[0].only_version
    assert "the good version was deployed again" == setup.all(MutationUndone)[0].how


def test_restore_without_a_mutation_asks_nothing(drill: Callable[..., Setup]) -> None:
    """Nothing armed, nothing to restore."""
    setup = drill()

    setup.operator.restore()

    assert setup.events == []


def _raise(error: BaseException) -> Any:
    raise error
