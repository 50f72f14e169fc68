"""The act is done once, and what its silence means is settled by the history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from backstop.cloudflare.refusals import ApiRefused, NotPermitted
from backstop.model.errors import CouldNotLook, Refused
from backstop.model.version import Deployment, VersionId
from backstop.probes.rest import OutcomeUnknown, RateLimited
from backstop.process import ProcessMissing, ProcessTimedOut
from backstop.rollback.act import Order, by_api, by_wrangler, roll_back
from backstop.rollback.confirm import Confirmer, Handover
from backstop.rollback.marker import Mark, Part, marked
from backstop.rollback.testimony import Act, Word
from tests.unit.fakeclock import FakeClock
from tests.unit.rollbacks import deployed, vid

ORDER = Order("abc", vid(2), vid(1), "why", "because")
MESSAGE = marked("why", Mark("abc", Part.REAL, vid(2), vid(1)))
FORCED = """Performing rollback...
? The following secrets have changed since version x was deployed. Please confirm you wish to continue
  * ADDED
  * TOKEN
🤖 Using fallback value in non-interactive context: yes
"""


def _wrangler(ending: object) -> Any:
    """Wrangler that ends like this: an exception, or exit code, stdout and stderr."""

    def rollback(_version: VersionId, _message: str) -> Any:
        if isinstance(ending, Exception):
            raise ending
        code, out, err = cast("tuple[int, str, str]", ending)
        return SimpleNamespace(returncode=code, stdout=out, stderr=err, argv=("wrangler",))

    return SimpleNamespace(rollback=rollback)


@pytest.mark.parametrize(
    ("ending", "word"),
    [
        pytest.param((0, "SUCCESS", ""), Word.DONE, id="success"),
        pytest.param((0, FORCED, ""), Word.FORCED, id="it forced changed secrets"),
        pytest.param(
            (1, "", "A request to the Cloudflare API (/x/deployments) failed.\nno [code: 10000]"),
            Word.REFUSED,
            id="not permitted",
        ),
        pytest.param((1, "", "no such version [code: 100146]"), Word.REFUSED, id="no such version"),
        pytest.param((1, "", "busy [code: 10013]"), Word.LOST, id="a code that says nothing"),
        pytest.param((1, "", "fetch failed"), Word.LOST, id="the answer was lost"),
        pytest.param((1, "", "POST /x/deployments -> 502 Bad Gateway"), Word.LOST, id="502"),
        pytest.param((-9, "", ""), Word.LOST, id="killed"),
        pytest.param((134, "", "FATAL ERROR: heap"), Word.LOST, id="crashed"),
        pytest.param(ProcessTimedOut(("node",), 60, "", ""), Word.LOST, id="time limit"),
    ],
)
def test_how_wrangler_ended_is_weighed(ending: object, word: Word) -> None:
    """Only what is surely not done is a refusal."""
    assert word is by_wrangler(_wrangler(ending))(ORDER, FakeClock()).word


def test_secrets_that_were_accepted_may_be_forced() -> None:
    """Somebody said so beforehand."""
    order = Order("abc", vid(2), vid(1), "why", "because", accept_secrets=True)

    assert Word.DONE is by_wrangler(_wrangler((0, FORCED, "")))(order, FakeClock()).word


def test_forced_secrets_are_named_with_the_way_forward() -> None:
    """It was done, against a guard."""
    act = by_wrangler(_wrangler((0, FORCED, "")))(ORDER, FakeClock())

    assert "ADDED, TOKEN" in act.detail
    assert "--undo abc" in act.remedy


def test_wrangler_that_can_not_be_started_points_at_the_other_way() -> None:
    """Nothing was changed."""
    with pytest.raises(Refused) as caught:
        by_wrangler(_wrangler(ProcessMissing("no node")))(ORDER, FakeClock())

    assert "--via api" in caught.value.remedy


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (None, Word.DONE),
        (ApiRefused("no", status=403, code=10000, remedy="permission"), Word.REFUSED),
        (ApiRefused("secrets", status=400, code=10220), Word.REFUSED),
        (ApiRefused("conflict", status=409, code=0), Word.REFUSED),
        (ApiRefused("timed out", status=408, code=0), Word.LOST),
        (ApiRefused("internal error", status=200, code=10013), Word.LOST),
        (RateLimited("429", 3.0), Word.REFUSED),
        (OutcomeUnknown("502"), Word.LOST),
        (CouldNotLook("no JSON"), Word.LOST),
    ],
)
def test_how_the_api_answered_is_weighed(error: Exception | None, word: Word) -> None:
    """One request, with the same three words."""
    sent: list[bool] = []

    def deploy_version(*_arguments: object, force: bool) -> str:
        sent.append(force)
        if error:
            raise error
        return "d"

    act = by_api(cast("Any", SimpleNamespace(deploy_version=deploy_version)), "bot")(ORDER, FakeClock())

    assert word is act.word
    assert sent == [False]


def test_secrets_that_changed_unseen_have_a_way_on() -> None:
    """The history did not show it, Cloudflare does: whoever knows better says so."""

    def deploy_version(*_arguments: object, **_more: object) -> str:
        message = "secrets"
        raise ApiRefused(message, status=400, code=10220, remedy="the dashboard")

    by_one_request = by_api(cast("Any", SimpleNamespace(deploy_version=deploy_version)), "bot")
    for command in (by_one_request, by_wrangler(_wrangler((1, "", "changed [code: 10220]")))):
        act = command(ORDER, FakeClock())

        assert Word.REFUSED is act.word
        assert "--accept secrets" in act.remedy


@dataclass
class World:
    """A history that ``then`` may change while it is looked at; the edge serves what is newest."""

    history: list[Deployment] = field(default_factory=lambda: [deployed(2), deployed(1, minutes_ago=700)])
    looks: int = 0
    then: Callable[[World], None] = lambda _: None
    edge_follows: bool = True

    def deployments(self, _worker: str) -> tuple[Deployment, ...]:
        """What the API says, one look later."""
        self.looks += 1
        self.then(self)
        return tuple(self.history)

    def serving(self) -> VersionId | None:
        """What the edge serves."""
        return self.history[0].only_version if self.edge_follows else vid(2)

    def make(self, *entries: Deployment) -> None:
        """Put deployments on top."""
        self.history[:0] = entries


OURS = deployed(1, message=MESSAGE, minutes_ago=0)
FOREIGN = deployed(3, minutes_ago=0)


def _confirmed(world: World, act: Act, before: Deployment | None = None) -> Any:
    handover = Handover((before or deployed(2)).id, "abc")
    confirmer = Confirmer(cast("Any", world), "bot", 5.0, FakeClock(), handover)
    return roll_back(ORDER, lambda _order, _clock: act, confirmer, cast("Any", world))


DONE, LOST = Act(Word.DONE, 1.0), Act(Word.LOST, 1.0, "did not end within 60 s")


def test_three_witnesses_agree() -> None:
    """The ordinary case."""
    world = World()
    world.make(OURS)

    assert _confirmed(world, DONE).agreed


def test_a_stale_read_is_waited_for() -> None:
    """The history shows it two looks later."""
    world = World(then=lambda here: here.make(OURS) if here.looks == 3 else None)

    assert _confirmed(world, DONE).agreed


def test_a_lost_answer_is_settled_by_our_mark() -> None:
    """And by nothing else: the same version deployed by somebody else is not ours."""
    ours, theirs = World(), World()
    ours.make(OURS)
    theirs.make(deployed(1, message="by hand", minutes_ago=0))

    assert _confirmed(ours, LOST).agreed
    assert "bears our mark" in _confirmed(ours, LOST).testimonies[0].detail
    assert not _confirmed(theirs, LOST).agreed
    assert "does not show the message of ours" in _confirmed(theirs, LOST).dissent


def test_ours_may_have_been_sent_twice() -> None:
    """By something on the way; nobody else has deployed anything."""
    world = World()
    world.make(replace(OURS, id="second"), OURS)

    assert _confirmed(world, DONE).agreed


def test_ours_that_is_not_what_was_wanted_is_not_blamed_on_somebody() -> None:
    """It bears our mark, and gives the version half of the traffic."""
    world = World()
    world.make(deployed(1, 2, message=MESSAGE, minutes_ago=0))

    assert "what was made is" in _confirmed(world, DONE).dissent
    assert "meanwhile" not in _confirmed(world, DONE).dissent


@pytest.mark.parametrize("act", [DONE, LOST], ids=["it says success", "no answer"])
def test_what_is_not_in_the_history_was_not_done(act: Act) -> None:
    """Whatever the command says."""
    confirmation = _confirmed(World(), act)

    assert not confirmation.agreed
    assert not confirmation.refused


def test_a_refusal_is_looked_at_once() -> None:
    """Nothing is on its way."""
    world = World()
    confirmation = _confirmed(world, Act(Word.REFUSED, 1.0, "no", "permission"))

    assert (confirmation.agreed, confirmation.refused, world.looks) == (False, True, 1)
    assert confirmation.remedy == "permission"


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        pytest.param((FOREIGN,), f"deployed {vid(3)} at 100 % meanwhile", id="over"),
        pytest.param((FOREIGN, OURS), "meanwhile", id="over ours"),
        pytest.param((OURS, FOREIGN), "in between", id="between"),
    ],
)
def test_a_foreign_deployment_is_never_taken_for_ours(entries: tuple[Deployment, ...], says: str) -> None:
    """Seen at once, not after a time limit."""
    world = World()
    world.make(*entries)
    confirmation = _confirmed(world, DONE)

    assert not confirmation.agreed
    assert says in confirmation.dissent
    assert world.looks == 1


def test_an_edge_that_does_not_follow_is_no_agreement() -> None:
    """Users still get the bad version."""
    world = World(edge_follows=False)
    world.make(OURS)

    assert "edge says" in _confirmed(world, DONE).dissent


def test_forced_secrets_are_no_agreement_although_everything_serves() -> None:
    """A guard of Cloudflare's was overridden, and nobody had accepted that."""
    world = World()
    world.make(OURS)

    assert "against a guard" in _confirmed(world, Act(Word.FORCED, 1.0, "forced")).dissent


def test_a_token_that_may_not_read_the_tail_is_not_asked_again_and_again() -> None:
    """Which version serves will never be seen: that is said at once."""

    class NoTail(World):
        asked = 0

        def serving(self) -> VersionId | None:
            self.asked += 1
            raise NotPermitted("may not tail", status=403, code=10000)

    world = NoTail()
    world.make(OURS)

    assert "may not tail" in _confirmed(world, DONE).dissent
    assert world.asked == 1


def test_times_say_how_exact_they_are() -> None:
    """Between two looks lies what is not known."""
    world = World(then=lambda here: here.make(OURS) if here.looks == 3 else None)
    confirmation = _confirmed(world, Act(Word.DONE, 0.0))

    assert 0 < confirmation.within["api_active"] <= 0.25
