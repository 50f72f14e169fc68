"""The responder: nothing before the guards have agreed, and only once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from backstop.journal.events import (
    MutationArmed,
    MutationDone,
    MutationUndone,
    RollbackFinished,
    RollbackPlanned,
    RollbackSpared,
    RollbackStarted,
    Witnessed,
)
from backstop.model.errors import Refused, Unconfirmed
from backstop.rollback.marker import Mark, Part, mark_of, marked
from backstop.rollback.request import Via
from tests.unit.responding import REQUEST, TARGET, Setup, responding
from tests.unit.rollbacks import vid


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Setup]:
    """Make a responder."""
    return responding(tmp_path, monkeypatch)


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

    with pytest.raises(Refused, match="can't be run here") as caught:
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

    with pytest.raises(Refused, match="not the one that this was planned for"):
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
