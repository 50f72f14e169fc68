"""A rollback that is cut short, by a person, the disk or the network: what became of it is said."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from backstop.journal.events import Event, RollbackFinished, Witnessed
from backstop.model.errors import CouldNotLook, Unconfirmed
from backstop.rollback.marker import Mark, Part, marked
from backstop.storage import CannotWrite
from tests.unit.responding import REQUEST, TARGET, Setup, responding
from tests.unit.rollbacks import vid


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Setup]:
    """Make a responder."""
    return responding(tmp_path, monkeypatch)


def test_a_full_disk_before_the_act_stops_it(
    make: Callable[..., Setup], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can't be armed is not done."""
    here = make()
    monkeypatch.setattr("backstop.rollback.undo.write_atomic", _full)

    with pytest.raises(CannotWrite):
        here.responder.roll_back("0-after", REQUEST)

    assert here.cloud.acts == 0


def test_a_full_disk_after_the_act_does_not_hide_it(make: Callable[..., Setup]) -> None:
    """The journal gives out in the middle; what became of the rollback is said all the same."""
    here = make()

    def record(event: Event) -> None:
        if isinstance(event, Witnessed):
            _full()
        here.events.append(event)

    here.responder.record = record
    with pytest.raises(CannotWrite):
        here.responder.roll_back("0-after", REQUEST)
    with pytest.raises(Unconfirmed, match="cut short before that was proven"):
        here.responder.settle()

    assert here.note is not None


@pytest.mark.parametrize("by", [2, 3])
def test_what_is_deployed_over_ours_while_it_is_validated_is_told(
    make: Callable[..., Setup], by: int
) -> None:
    """The checks may have looked at either, so that what they found says nothing of the older version."""
    here = make()
    here.responder.roll_back("0-after", REQUEST)

    here.responder.settle()
    here.cloud.make(vid(1), "the same again")
    here.responder.settle()
    here.cloud.silent_api = True
    here.responder.settle()
    here.cloud.silent_api = False
    here.cloud.make(vid(by), "by hand")

    with pytest.raises(Unconfirmed, match=r"before that was validated dev@example\.com deployed"):
        here.responder.settle()


def _full(*_arguments: object) -> None:
    message = "the disk is full"
    raise CannotWrite(message)


def _interrupted() -> Any:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("lies", "settles"),
    [
        pytest.param({"works": True}, pytest.raises(Unconfirmed, match="cut short"), id="it was made"),
        pytest.param({"works": False}, nullcontext(), id="nothing was made"),
    ],
)
def test_an_interrupt_in_the_middle_is_settled(
    make: Callable[..., Setup], lies: dict[str, Any], settles: AbstractContextManager[object]
) -> None:
    """By the history, once the command is gone."""
    here = make(ends=_interrupted, **lies)

    with pytest.raises(KeyboardInterrupt):
        here.responder.roll_back("0-after", REQUEST)
    with settles:
        here.responder.settle()

    assert here.kinds().count(RollbackFinished) == 1
    assert here.note is not None  # it may still land: the next session looks
    assert here.guards.locks.free(TARGET)
    here.responder.settle()
    assert here.kinds().count(RollbackFinished) == 1


def test_what_lands_a_moment_after_the_interrupt_is_seen(make: Callable[..., Setup]) -> None:
    """The request was on its way when the command was stopped."""
    here = make(works=False, ends=_interrupted)
    with pytest.raises(KeyboardInterrupt):
        here.responder.roll_back("0-after", REQUEST)
    looks = 0
    original = here.cloud.deployments

    def late(worker: str) -> Any:
        nonlocal looks
        looks += 1
        if looks == 3:
            here.cloud.make(vid(1), marked("late", Mark("abc", Part.REAL, vid(2), vid(1))))
        return original(worker)

    here.cloud.deployments = late  # type: ignore[method-assign]

    with pytest.raises(Unconfirmed):
        here.responder.settle()


def test_a_network_that_is_lost_in_the_middle_leaves_it_unknown(make: Callable[..., Setup]) -> None:
    """Neither done nor not done: the note stays."""
    here = make(works=False, ends=_interrupted)
    with pytest.raises(KeyboardInterrupt):
        here.responder.roll_back("0-after", REQUEST)
    here.cloud.silent_api = True

    with pytest.raises(Unconfirmed, match="does not say what became"):
        here.responder.settle()

    assert here.note is not None


def test_a_network_that_is_lost_before_the_act_could_not_look(make: Callable[..., Setup]) -> None:
    """Nothing is known, nothing was done."""
    here = make(silent_api=True)

    with pytest.raises(CouldNotLook):
        here.responder.roll_back("0-after", REQUEST)

    assert here.cloud.acts == 0
