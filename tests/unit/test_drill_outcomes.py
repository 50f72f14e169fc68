"""What a drill's operator does where a rollback is not to be done plainly: refused, a lie, a split."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from backstop.drill import operator as operator_module
from backstop.journal.events import (
    MutationDone,
    MutationUndone,
    RollbackFinished,
    ScenarioRestored,
)
from backstop.model.errors import CouldNotLook, Refused, Unconfirmed
from backstop.model.scenario import RollbackOutcome, Surroundings
from backstop.model.version import Share, VersionId
from tests.unit.drilling import BAD, FAULT, FAULT_STAGE, GOOD, GOOD_STAGE, SCENARIO, Setup, drill_fixture

__all__ = ["drill_fixture"]  # pytest finds it here


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


def test_a_small_split_that_is_not_met_may_be_chance(
    drill: Callable[..., Setup], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too few requests to blame the edge: the drill could not look, and the note of it is undone."""
    setup = drill()
    setup.operator.begin()
    setup.cloud.edge_follows = False
    monkeypatch.setattr(setup.operator, "confirm_within", 10.0)

    with pytest.raises(CouldNotLook, match=r"none of \d+ requests met health-503 at 1 %, .* takes 688"):
        setup.operator.break_with(FAULT_STAGE, replace(SCENARIO, percent=1.0))
    setup.operator.restore()

    assert [False] == [each.ok for each in setup.all(MutationDone)]
    assert 1 == len(setup.all(MutationUndone))
    assert GOOD == setup.cloud.history[0].only_version


def test_surroundings_are_for_the_sandbox(drill: Callable[..., Setup]) -> None:
    """Elsewhere there is nobody to arrange them, and nothing is touched."""
    setup = drill()
    setup.operator.begin()

    with pytest.raises(CouldNotLook, match="is no sandbox"):
        setup.operator.break_with(FAULT_STAGE, replace(SCENARIO, surroundings=Surroundings.ENDPOINT_DROPPED))
