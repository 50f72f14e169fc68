"""An earlier version beside the one that serves: guarded, armed, and put back whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from backstop.drill import rehearsal as module
from backstop.drill.rehearsal import Rehearsal
from backstop.journal.events import Event, MutationArmed, MutationDone, MutationUndone, Problem, Said
from backstop.model.errors import CouldNotLook, Refused, Unrestored
from backstop.model.version import Deployment, Share, VersionId
from backstop.rollback.marker import Mark, Part, mark_of, marked
from backstop.rollback.plan import Plan
from backstop.rollback.request import Aim, RollbackRequest
from backstop.rollback.responder import Safeguards
from backstop.rollback.undo import UndoNote, UndoNotes
from backstop.storage import CannotWrite
from tests.unit.fakeclock import FakeClock
from tests.unit.responding import TARGET, Cloud
from tests.unit.rollbacks import NOW, deployed, history, version, vid

BACK = RollbackRequest("compared")


@dataclass
class Splitting(Cloud):
    """A cloud that makes what it is asked for; ``meets`` is called before each, with its number."""

    meets: Callable[[Splitting, int], None] = lambda _cloud, _number: None

    def deploy_version(
        self, _worker: str, shares: Sequence[Share], message: str, *, force: bool = False
    ) -> str:
        """Put it on top, now."""
        assert not force
        self.acts += 1
        self.meets(self, self.acts)
        self.put(tuple(shares), message)
        return self.history[0].id

    def put(self, shares: tuple[Share, ...], message: str = "") -> None:
        """Somebody's deployment."""
        entry = Deployment(f"n{len(self.history)}", NOW, "api", "dev@example.com", shares, message)
        self.history = (entry, *self.history)


@dataclass
class Here:
    """A rehearsal with its cloud and what it recorded."""

    rehearsal: Rehearsal
    cloud: Splitting
    guards: Safeguards
    events: list[Event] = field(default_factory=list)

    @property
    def served(self) -> dict[VersionId, float]:
        """The parts of the traffic."""
        return {share.version: share.percentage for share in self.cloud.history[0].shares}

    @property
    def kinds(self) -> list[type[Event]]:
        """What was recorded."""
        return [type(event) for event in self.events]

    @property
    def note(self) -> UndoNote | None:
        """What would outlive the process."""
        return self.guards.notes.pending(TARGET.name)

    @property
    def untouched(self) -> bool:
        """Whether nothing was changed, and nothing is held."""
        nothing = not self.cloud.acts and not self.events and self.note is None
        return nothing and self.guards.locks.free(TARGET)


Make = Callable[..., Here]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Make a rehearsal; version 2 serves, and 1 did before."""

    def setup(request: RollbackRequest = BACK, **other: Any) -> Here:
        entries = other.pop("entries", history(2, 1))
        cloud = Splitting(entries, {vid(number): version(number) for number in (1, 2, 3)}, **other)
        monkeypatch.setattr(module, "EdgeWitness", lambda *_arguments: cloud)
        monkeypatch.setattr(module, "see_that_it_leads_there", lambda *_arguments: "")
        guards, events, client = Safeguards.beneath(tmp_path), list[Event](), cast("Any", cloud)
        made = Rehearsal("abc", TARGET, client, client, guards, events.append, request, FakeClock())
        return Here(made, cloud, guards, events)

    return setup


def test_it_moves_no_traffic_and_is_put_back(make: Make) -> None:
    """Armed before it is made, with a note; nothing is left of it."""
    here = make()
    with here.rehearsal.beside() as pair:
        assert (vid(1), vid(2)) == pair
        assert {vid(2): 100, vid(1): 0} == here.served
        assert Mark("abc", Part.REHEARSAL, vid(2), vid(1)) == mark_of(here.cloud.history[0].message)
        assert here.note is not None
        assert vid(2) == here.note.restore
        assert not here.guards.locks.free(TARGET)

    assert {vid(2): 100} == here.served
    assert [MutationArmed, MutationDone, MutationUndone] == here.kinds
    assert here.note is None
    assert here.guards.locks.free(TARGET)
    here.rehearsal.settle()
    assert 2 == here.cloud.acts


@pytest.mark.parametrize("error", [CouldNotLook("undecided"), KeyboardInterrupt(), AssertionError()])
def test_it_is_put_back_whatever_happens(make: Make, error: BaseException) -> None:
    """What is raised while it is in place goes through."""
    here = make()
    with pytest.raises(type(error)), here.rehearsal.beside():
        raise error

    assert {vid(2): 100} == here.served
    assert here.note is None


@pytest.mark.parametrize(
    ("request_", "entries", "why"),
    [
        (BACK, (deployed(2, 1, split=(90, 10)), *history(1)), "is split"),
        (BACK, (deployed(2, 1, split=(100, 0)), *history(1)), "has a version staged"),
        (BACK, history(2), "nothing to go back to"),
        (RollbackRequest("x", Aim.NAMED, vid(3)), history(2, 1), "newer than what serves"),
        (RollbackRequest("x", Aim.NAMED, vid(2)), history(2, 1), "there is nothing to do"),
        (RollbackRequest("x", Aim.NAMED, vid(2)), history(3, 1, 2, 1), "rolled away"),
        (RollbackRequest("x", expect_live=vid(9)), history(2, 1), "which was expected to be live"),
        (BACK, (replace(deployed(2), created=NOW - timedelta(seconds=3)), *history(1)), "that may go on"),
    ],
)
def test_what_a_rollback_would_be_refused_for_is_not_done(
    make: Make, request_: RollbackRequest, entries: tuple[Deployment, ...], why: str
) -> None:
    """Nor while somebody deploys; nothing is changed, and nothing could be looked at."""
    here = make(request_, entries=entries)
    with pytest.raises(CouldNotLook, match=f"nothing was changed: .*{why}"), here.rehearsal.beside():
        pytest.fail("it was not refused")

    assert here.untouched


def test_a_plan_passes_the_same_guards_and_holds_nobody_up(make: Make) -> None:
    """What would be deployed, and nothing is; a pair that is deployed already is asked as it is."""
    here = make()
    found = here.rehearsal.planned()
    paired = make(entries=(deployed(2, 1, split=(100, 0)), *history(1)))
    refused = make(RollbackRequest("x", expect_live=vid(9)))

    assert isinstance(found, Plan)
    assert (vid(1), vid(2)) == (found.wanted.id, found.serving.id)
    assert paired.cloud.history[0] == paired.rehearsal.planned()
    with pytest.raises(Refused, match="expected to be live"):
        refused.rehearsal.planned()
    with here.guards.locks.held(TARGET, "other"), pytest.raises(Refused, match="another session"):
        here.rehearsal.planned()
    assert here.untouched
    assert paired.untouched


def test_a_session_at_work_or_one_that_left_something_is_not_disturbed(make: Make) -> None:
    """On this machine the lock tells, and the note."""
    here = make()
    with (
        here.guards.locks.held(TARGET, "other"),
        pytest.raises(CouldNotLook, match="another session"),
        here.rehearsal.beside(),
    ):
        pytest.fail("it was not refused")
    assert here.untouched
    left = UndoNote("old", TARGET.name, "bot", vid(1), "roll bot back", vid(1))
    here.guards.notes.arm(left)
    with pytest.raises(CouldNotLook, match="run old was to roll bot back"), here.rehearsal.beside():
        pytest.fail("it was not refused")

    assert left == here.note
    assert 0 == here.cloud.acts


def test_where_it_can_not_be_armed_nobody_is_kept_out(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a note nothing is changed, and the lock is let go."""
    here = make()

    def refuse(_notes: UndoNotes, _note: UndoNote) -> None:
        raise CannotWrite("the disk is full", remedy="make room")

    monkeypatch.setattr(UndoNotes, "arm", refuse)
    with pytest.raises(CannotWrite), here.rehearsal.beside():
        pytest.fail("it was not raised")

    assert here.untouched


def test_where_the_api_falls_silent_nobody_is_kept_out(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was planned can't be seen again: nothing is changed, and the lock is let go."""
    here = make()

    def fall_silent(*_arguments: object) -> None:
        here.cloud.silent_api = True

    monkeypatch.setattr(module, "see_that_it_leads_there", fall_silent)
    with pytest.raises(CouldNotLook, match="no answer"), here.rehearsal.beside():
        pytest.fail("it was not raised")

    assert here.untouched


def test_what_the_api_refuses_leaves_nothing(make: Make) -> None:
    """The history tells that nothing was made."""

    def refuses(_cloud: Splitting, _number: int) -> None:
        message = "no"
        raise CouldNotLook(message)

    here = make(meets=refuses)
    with pytest.raises(CouldNotLook, match="no"), here.rehearsal.beside():
        pytest.fail("it was not raised")

    assert [MutationArmed, MutationUndone] == here.kinds
    assert here.note is None


def test_what_landed_without_an_answer_is_put_back(make: Make) -> None:
    """The request was cut off, and the deployment made."""

    def loses(cloud: Splitting, number: int) -> None:
        if number == 1:
            mark = Mark("abc", Part.REHEARSAL, vid(2), vid(1))
            cloud.put((Share(vid(2), 100.0), Share(vid(1), 0.0)), marked("x", mark))
            message = "timed out"
            raise CouldNotLook(message)

    here = make(meets=loses)
    with pytest.raises(CouldNotLook, match="timed out"), here.rehearsal.beside():
        pytest.fail("it was not raised")

    assert {vid(2): 100} == here.served
    assert here.note is None


def test_what_can_not_be_put_back_is_tried_again_and_told(make: Make) -> None:
    """The note stays, and so does the change in the journal; a later try may do it."""
    down = True

    def fails(_cloud: Splitting, number: int) -> None:
        if number > 1 and down:
            message = "no answer"
            raise CouldNotLook(message)

    here = make(meets=fails)
    with here.rehearsal.beside():
        pass
    with pytest.raises(Unrestored, match="may still be beside") as told:
        here.rehearsal.settle()

    assert "--restore" in told.value.remedy
    assert [MutationArmed, MutationDone] == here.kinds
    assert here.note is not None
    down = False
    here.rehearsal.settle()
    assert {vid(2): 100} == here.served
    assert here.note is None


def test_a_deployment_of_somebody_else_is_left_as_it_is(make: Make) -> None:
    """Nothing of ours serves any more."""
    here = make()
    with here.rehearsal.beside():
        here.cloud.put((Share(vid(3), 100.0),))

    assert {vid(3): 100} == here.served
    assert [MutationArmed, MutationDone, Said, MutationUndone] == here.kinds
    assert here.note is None


def test_what_somebody_deployed_as_ours_was_made_is_put_back(make: Make) -> None:
    """Ours replaced theirs, and so there is no comparison."""

    def races(cloud: Splitting, number: int) -> None:
        if number == 1:
            cloud.put((Share(vid(3), 100.0),))

    here = make(meets=races)
    with pytest.raises(CouldNotLook, match="deployed at the same moment"), here.rehearsal.beside():
        pytest.fail("it was not raised")

    assert {vid(3): 100} == here.served


def test_what_somebody_deployed_as_ours_was_put_back_is_told(make: Make) -> None:
    """It was replaced: nobody may believe that it serves."""

    def races(cloud: Splitting, number: int) -> None:
        if number > 1:
            cloud.put((Share(vid(3), 100.0),))

    here = make(meets=races)
    with here.rehearsal.beside():
        pass

    (problem,) = [event for event in here.events if isinstance(event, Problem)]
    assert 22 == problem.ending
    assert f"{vid(3)} at 100 %" in problem.message
