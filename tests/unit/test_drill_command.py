"""A drill puts a team's own rollback command to the test, and puts right what it left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from backstop.drill import operator as operator_module
from backstop.drill.operator import DrillOperator
from backstop.drill.rollback_command import CommandEnded
from backstop.journal.events import (
    Event,
    MutationUndone,
    RollbackCommandEnded,
    RollbackFinished,
    ScenarioRestored,
)
from backstop.model.errors import Unconfirmed
from backstop.model.scenario import RollbackOutcome, Surroundings
from backstop.model.target import Target
from backstop.model.version import Deployment, Share, Version
from backstop.rollback.testimony import Act, Word
from backstop.rollback.undo import UndoNotes
from tests.unit.drilling import (
    BAD,
    FAULT_STAGE,
    FOREIGN,
    GOOD,
    GOOD_STAGE,
    NOW,
    SCENARIO,
    Cloud,
    FakeEdge,
    InstantClock,
)

Deed = Callable[["Lent"], object]


@dataclass
class Lent(Cloud):
    """A cloud on which a team's command acts."""

    project: Any = field(default_factory=lambda: SimpleNamespace(directory=Path()))

    def lent(self) -> dict[str, str]:
        """What the command gets to see."""
        return {"CLOUDFLARE_API_TOKEN": "token"}


@dataclass
class Command:
    """Does its deed, and says that it ended well or not."""

    cloud: Lent
    deed: Deed
    word: Word = Word.DONE
    values: dict[str, str] = field(default_factory=dict)

    def run(self, values: dict[str, str], *_rest: object) -> CommandEnded:
        """What the drill calls."""
        self.values = values
        self.deed(self.cloud)
        return CommandEnded(("mend",), "it ended so", "", Act(self.word, 1.0))


@dataclass
class Drilled:
    """An operator at the moment of its rollback."""

    operator: DrillOperator
    cloud: Lent
    events: list[Event]
    command: Command

    def outcome(self) -> str:
        """What the journal says of the rollback."""
        return next(e.outcome for e in self.events if isinstance(e, RollbackFinished))


@pytest.fixture
def drilled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Drilled]:
    """A drill whose fault serves, with a command that does ``deed``."""

    def make(deed: Deed, word: Word = Word.DONE) -> Drilled:
        cloud, events = Lent(), list[Event]()
        monkeypatch.setattr(operator_module, "EdgeWitness", lambda *_arguments: FakeEdge(cloud))
        client, command = cast("Any", cloud), Command(cloud, deed, word)
        operator = DrillOperator(
            "run1",
            Target("staging", sandbox=False, worker="bot", url="https://bot.example"),
            client,
            client,
            client,
            UndoNotes(tmp_path),
            events.append,
            clock=InstantClock(),
            command=cast("Any", command),
        )
        operator.begin()
        operator.break_with(FAULT_STAGE, SCENARIO)
        return Drilled(operator, cloud, events, command)

    return make


def _nothing(_cloud: Lent) -> None:
    """What many a script does."""


def test_a_command_that_rolls_back_is_done(drilled: Callable[..., Drilled]) -> None:
    """Three witnesses agree; it was told all that it needs, and nothing is restored by us."""
    drill = drilled(lambda cloud: cloud.deploy(GOOD, "mended"))

    confirmation = drill.operator.roll_back(GOOD_STAGE, SCENARIO)

    told = drill.command.values
    assert confirmation.agreed
    assert drill.outcome() == "done"
    assert (told["worker"], told["from"], told["to"], told["url"]) == (
        "bot",
        BAD,
        GOOD,
        "https://bot.example",
    )
    assert drill.cloud.history[0].message == "mended"
    assert any(isinstance(event, RollbackCommandEnded) for event in drill.events)


@pytest.mark.parametrize(
    ("deed", "word", "outcome"),
    [
        pytest.param(_nothing, Word.FAILED, "did nothing", id="nothing"),
        pytest.param(_nothing, Word.DONE, "lied", id="lies"),
        pytest.param(
            lambda cloud: cloud.deploy(FOREIGN, "?"), Word.DONE, "went to the wrong version", id="wrong"
        ),
        pytest.param(
            lambda cloud: cloud.deploy(GOOD, "?"),
            Word.FAILED,
            "rolled back and said that it had failed",
            id="misreports",
        ),
    ],
)
def test_what_a_command_leaves_is_put_right(
    drilled: Callable[..., Drilled], deed: Deed, word: Word, outcome: str
) -> None:
    """The witnesses do not agree, which its checks will say; the good version serves for what follows."""
    drill = drilled(deed, word)

    confirmation = drill.operator.roll_back(GOOD_STAGE, SCENARIO)

    assert not confirmation.agreed
    assert drill.outcome() == outcome
    assert drill.cloud.history[0].only_version == drill.cloud.edge == GOOD
    assert drill.operator.notes.pending("staging") is None
    assert sum(isinstance(event, MutationUndone) for event in drill.events) == 1


def test_the_good_source_deployed_anew_is_told_from_another_version(
    drilled: Callable[..., Drilled], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot is well, but the night's checkout may be another: it is no rollback, and is replaced by one."""
    drill = drilled(lambda cloud: cloud.deploy(FOREIGN, "good again"))
    built = {GOOD: "good", FOREIGN: "good", BAD: "bad"}
    monkeypatch.setattr(
        drill.cloud, "version", lambda _worker, each: Version(each, 1, NOW, "dev", etag=built[each])
    )

    drill.operator.roll_back(GOOD_STAGE, SCENARIO)

    assert "deployed the good code anew" == drill.outcome()
    assert GOOD == drill.cloud.history[0].only_version


def test_what_somebody_else_deploys_meanwhile_is_left_alone(drilled: Callable[..., Drilled]) -> None:
    """Another author: not the command's doing, and not ours to undo."""

    def hotfix(cloud: Lent) -> None:
        cloud.history.insert(0, Deployment("hot", NOW, "dash", "ada@example.com", (Share(FOREIGN, 100),)))

    drill = drilled(hotfix)

    with pytest.raises(Unconfirmed, match=r"deployed by ada@example\.com meanwhile"):
        drill.operator.roll_back(GOOD_STAGE, SCENARIO)

    assert drill.cloud.history[0].only_version == FOREIGN


class Around:
    """What is wrong at Discord until it is put right."""

    wrong = False

    def arrange(self, _what: Surroundings) -> None:
        """It goes wrong."""
        self.wrong = True

    def is_still_there(self, _what: Surroundings) -> bool:
        """Whether it is wrong still."""
        return self.wrong

    def put_right(self) -> None:
        """It is well again."""
        self.wrong = False


DROPPED = replace(SCENARIO, surroundings=Surroundings.ENDPOINT_DROPPED, rollback=RollbackOutcome.NOT_MENDED)


@pytest.mark.parametrize(
    ("deed", "told"),
    [(lambda cloud: cloud.deploy(GOOD, "mended"), [False]), (_nothing, [])],
    ids=["rolls back", "does nothing"],
)
def test_what_is_around_the_bot_is_put_right_and_told_only_where_it_was_looked_at(
    drilled: Callable[..., Drilled], deed: Deed, told: list[bool]
) -> None:
    """After a restore of ours nobody knows whether the command would have mended it."""
    drill, around = drilled(deed), Around()
    drill.operator.arranger = cast("Any", around)
    around.arrange(Surroundings.ENDPOINT_DROPPED)

    drill.operator.roll_back(GOOD_STAGE, DROPPED)

    assert told == [each.mended for each in drill.events if isinstance(each, ScenarioRestored)]
    assert not around.wrong


def test_a_lie_that_was_not_told_is_taken_back(drilled: Callable[..., Drilled]) -> None:
    """The next scenario must not meet it."""
    drill, around = drilled(lambda cloud: cloud.deploy(GOOD, "mended")), Around()
    drill.operator.arranger = cast("Any", around)

    drill.operator.roll_back(GOOD_STAGE, replace(SCENARIO, surroundings=Surroundings.API_LIES))

    assert not around.wrong


@pytest.mark.parametrize("wanted", [RollbackOutcome.REFUSED, RollbackOutcome.CAUGHT_LYING])
def test_a_command_that_holds_back_where_it_has_to_is_right(
    drilled: Callable[..., Drilled], wanted: RollbackOutcome
) -> None:
    """It failed and left the fault: it refused, or saw that nothing had come of it. The drill restores."""
    drill, around = drilled(_nothing, Word.FAILED), Around()
    drill.operator.arranger = cast("Any", around)

    confirmation = drill.operator.roll_back(GOOD_STAGE, replace(SCENARIO, rollback=wanted))

    assert wanted.value == drill.outcome()
    assert confirmation.agreed
    assert ["deploy"] == [each.how for each in drill.events if isinstance(each, ScenarioRestored)]
    assert drill.cloud.history[0].only_version == GOOD


@pytest.mark.parametrize(
    ("wanted", "deed", "found"),
    [
        pytest.param(RollbackOutcome.CAUGHT_LYING, _nothing, "lied", id="believes the lie"),
        pytest.param(
            RollbackOutcome.REFUSED,
            lambda cloud: cloud.deploy(GOOD, "mended"),
            "done",
            id="goes back over a changed secret",
        ),
    ],
)
def test_a_command_that_does_not_hold_back_is_found_out(
    drilled: Callable[..., Drilled], wanted: RollbackOutcome, deed: Deed, found: str
) -> None:
    """Its outcome is none that the scenario declares."""
    drill, around = drilled(deed), Around()
    drill.operator.arranger = cast("Any", around)

    drill.operator.roll_back(GOOD_STAGE, replace(SCENARIO, rollback=wanted))

    assert found == drill.outcome()
    assert drill.cloud.history[0].only_version == GOOD
