"""The responder: nothing before the guards have agreed, once, and the truth about it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self, cast

import pytest

from backstop.journal.events import (
    Event,
    MutationArmed,
    MutationDone,
    MutationUndone,
    RollbackFinished,
    RollbackPlanned,
    RollbackSpared,
    RollbackStarted,
    Witnessed,
)
from backstop.model.errors import CouldNotLook, Refused, Unconfirmed
from backstop.model.target import Target
from backstop.model.version import VersionId
from backstop.rollback import responder as module
from backstop.rollback.marker import Mark, Part, mark_of, marked
from backstop.rollback.request import RollbackRequest, Via
from backstop.rollback.responder import Responder, Safeguards
from backstop.storage import CannotWrite
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

    def serving_or_answer(self) -> tuple[VersionId | None, None]:
        """The same, before anything is changed."""
        return self.serving(), None

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


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Setup]:
    """Make a responder over a cloud in which version 2 is bad and 1 was good."""

    def setup(*, agrees: bool = True, **lies: Any) -> Setup:
        cloud = Cloud(history(2, 1), {vid(number): version(number) for number in (1, 2, 3)}, **lies)
        monkeypatch.setattr(module, "EdgeWitness", lambda *_arguments: cloud)
        guards = Safeguards.beneath(tmp_path, consent=lambda _: agrees)
        client, events = cast("Any", cloud), list[Event]()
        responder = Responder(
            "abc", TARGET, client, client, client, guards, events.append, clock=FakeClock(), confirm_within=5
        )
        return Setup(responder, cloud, guards, events)

    return setup


def test_a_rollback_is_planned_armed_done_once_and_proven(make: Callable[..., Setup]) -> None:
    """Every step is in the journal, in this order; no note is left."""
    here = make()

    confirmation = here.responder.roll_back("0-after", REQUEST)

    assert confirmation is not None
    assert confirmation.agreed
    assert here.kinds() == [
        RollbackPlanned,
        MutationArmed,
        RollbackStarted,
        Witnessed,
        Witnessed,
        Witnessed,
        RollbackFinished,
        MutationDone,
    ]
    assert (here.cloud.acts, here.note) == (1, None)
    assert Mark("abc", Part.REAL, vid(2), vid(1)) == mark_of(here.cloud.history[0].message)


def test_one_request_does_the_same_where_wrangler_is_missing(make: Callable[..., Setup]) -> None:
    """And without it the way on is named."""
    here = make()
    here.responder.wrangler = None

    with pytest.raises(Refused, match="not installed") as caught:
        here.responder.roll_back("0-after", REQUEST)
    assert "--via api" in caught.value.remedy
    assert here.responder.roll_back("0-after", replace(REQUEST, via=Via.API))


def test_nothing_is_done_unless_somebody_agrees(make: Callable[..., Setup]) -> None:
    """The plan is shown first."""
    here = make(agrees=False)

    with pytest.raises(Refused, match="nobody agreed"):
        here.responder.roll_back("0-after", REQUEST)

    assert here.kinds() == [RollbackPlanned]
    assert (here.cloud.acts, here.note) == (0, None)


def test_nothing_is_done_over_a_hurdle(make: Callable[..., Setup]) -> None:
    """The journal has the plan and why it was refused."""
    here = make()

    with pytest.raises(Refused, match="expected to be live"):
        here.responder.roll_back("0-after", replace(REQUEST, expect_live=vid(9)))

    planned = here.events[-1]
    assert isinstance(planned, RollbackPlanned)
    assert planned.refusals
    assert here.cloud.acts == 0


def test_a_plan_changes_nothing(make: Callable[..., Setup]) -> None:
    """It is only told."""
    here = make()
    here.responder.plan("", REQUEST)

    assert here.kinds() == [RollbackPlanned]
    assert here.cloud.acts == 0


def test_a_second_responder_changes_nothing(make: Callable[..., Setup]) -> None:
    """And the journal says who was first."""
    here = make()
    here.cloud.make(vid(1), marked("first", Mark("first1", Part.REAL, vid(2), vid(1))))

    assert here.responder.roll_back("0-after", REQUEST) is None
    spared = here.events[-1]
    assert isinstance(spared, RollbackSpared)
    assert "run first1 rolled back" in spared.why
    assert here.cloud.acts == 0


def test_somebody_who_deploys_while_the_plan_is_read_stops_it(
    make: Callable[..., Setup], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The history is read again under the lock."""
    here = make()

    def agree_late(_plan: object) -> bool:
        here.cloud.make(vid(3), "hotfix")
        return True

    monkeypatch.setattr(here.responder, "guards", replace(here.guards, consent=agree_late))

    with pytest.raises(Refused, match="deployed while this was planned"):
        here.responder.roll_back("0-after", REQUEST)

    assert (here.cloud.acts, here.note) == (0, None)


def test_somebody_who_deploys_in_between_is_seen_afterwards(make: Callable[..., Setup]) -> None:
    """Ours is the newest, but not right after what we saw."""
    here = make(before_act=lambda cloud: cloud.make(vid(3), "hotfix"))

    with pytest.raises(Unconfirmed, match="in between"):
        here.responder.roll_back("0-after", REQUEST)

    assert here.cloud.acts == 1
    assert here.note is not None


def test_another_session_on_this_machine_stops_it(make: Callable[..., Setup]) -> None:
    """One mutation of a worker at a time."""
    here = make()

    with here.guards.locks.held(TARGET, "other"), pytest.raises(Refused, match="run other"):
        here.responder.roll_back("0-after", REQUEST)

    assert here.cloud.acts == 0


def test_what_cloudflare_refuses_is_refused(make: Callable[..., Setup]) -> None:
    """Nothing was made, and the journal closes the mutation."""
    said = "A request failed.\nAuthentication error [code: 10000]"
    here = make(works=False, ends=lambda: SimpleNamespace(returncode=1, stdout="", stderr=said))

    with pytest.raises(Refused, match="nothing was changed") as caught:
        here.responder.roll_back("0-after", REQUEST)

    assert "Workers Scripts: Edit" in caught.value.remedy
    assert here.kinds()[-3:] == [RollbackFinished, MutationDone, MutationUndone]
    assert here.note is None


def test_success_that_is_none_is_unconfirmed(make: Callable[..., Setup]) -> None:
    """The note stays: the next start looks."""
    here = make(works=False)

    with pytest.raises(Unconfirmed, match="api says"):
        here.responder.roll_back("0-after", REQUEST)

    assert (here.cloud.acts, here.note is not None) == (1, True)


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
    assert (here.note is None) == (not lies["works"])
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
