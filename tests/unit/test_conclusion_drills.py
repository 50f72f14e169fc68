"""What the journal of a drill amounts to: each scenario noticed, rolled back and well again, or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from backstop.journal.conclusion import Conclusion, conclude
from backstop.journal.events import (
    CheckFinished,
    Event,
    MutationArmed,
    MutationUndone,
    RollbackFinished,
    RollbackStarted,
    ScenarioDeclared,
    ScenarioRestored,
    StageReady,
)
from backstop.model.decision import Decision
from backstop.model.severity import Severity
from backstop.model.verdict import Ending
from tests.unit.conclusions import check, concluded
from tests.unit.samples import drill, numbered

Change = Callable[[Event], Event | None]


def drilled(change: Change) -> Conclusion:
    """The conclusion of the sample drill with its events changed; None drops one."""
    changed = (change(record.event) for record in drill())
    return conclude(numbered(event for event in changed if event is not None))


def without(*unwanted: type[Event]) -> Change:
    """Drops events of these kinds."""
    return lambda event: None if isinstance(event, unwanted) else event


def of_health(event: Event) -> bool:
    """Whether an event is of the sample drill's first fault stage."""
    return getattr(event, "stage", "") == "1-fault-health-failure"


def with_outcome(name: str, outcome: str, stage: str) -> Callable[[Event], Event]:
    """Gives one check of one stage another outcome."""

    def change(event: Event) -> Event:
        if isinstance(event, CheckFinished) and (event.check, event.stage) == (name, stage):
            return replace(event, outcome=outcome)
        return event

    return change


def test_the_sample_drill_is_verified() -> None:
    """Three scenarios, each noticed by exactly the checks that were declared, each rolled back."""
    conclusion = conclude(drill())

    assert conclusion.ending is Ending.VERIFIED
    assert [scenario.verdict for scenario in conclusion.scenarios] == ["verified"] * 3
    assert conclusion.scenarios[0].noticed == ("health.status", "health.healthy")
    assert conclusion.counts == {"noticed": 6, "pass": 106}
    assert conclusion.headline == "VERIFIED · 3 of 3 scenarios as declared · 106 passed · 6 red on purpose"
    assert conclusion.severity is Severity.NONE


def test_a_drill_measures_each_step_and_keeps_the_longest() -> None:
    """Verified comes from the last check after the rollback."""
    conclusion = conclude(drill())

    assert list(conclusion.scenarios[0].timings) == [
        "detected",
        "command",
        "api_active",
        "first_correct",
        "serving",
        "verified",
    ]
    assert conclusion.timings["command_s"] == conclusion.scenarios[2].timings["command"] == 1.52
    assert conclusion.timings["verified_s"] > conclusion.timings["serving_s"]


@pytest.mark.parametrize("outcome", ["pass", "degraded"])
def test_a_fault_that_is_not_noticed_fails_the_drill(outcome: str) -> None:
    """The check that should have gone red is worth nothing."""
    conclusion = drilled(with_outcome("health.status", outcome, "1-fault-health-failure"))

    assert conclusion.ending is Ending.FAILED
    assert conclusion.scenarios[0].verdict == "failed"
    assert conclusion.scenarios[0].missed == ("health.status",)
    assert [scenario.verdict for scenario in conclusion.scenarios[1:]] == ["verified", "verified"]
    assert "health.status" in conclusion.reasons[0]


@pytest.mark.parametrize("outcome", ["inconclusive", "accepted", "n/a"])
def test_a_look_that_could_not_be_had_notices_nothing(outcome: str) -> None:
    """Not shown is neither noticed nor missed."""
    conclusion = drilled(with_outcome("health.status", outcome, "1-fault-health-failure"))

    assert conclusion.ending is Ending.INCONCLUSIVE
    assert conclusion.scenarios[0].verdict == "not shown"
    assert conclusion.scenarios[0].not_shown == ("health.status",)


def test_red_that_the_fault_does_not_explain_is_collateral() -> None:
    """A fault must break what it says and nothing else."""
    conclusion = drilled(with_outcome("latency.health", "fail", "1-fault-health-failure"))

    assert conclusion.ending is Ending.FAILED
    assert conclusion.scenarios[0].collateral == ("latency.health",)


def test_red_after_the_rollback_fails_its_scenario() -> None:
    """Rolled back is not well again."""
    conclusion = drilled(with_outcome("latency.health", "fail", "2-good-health-failure"))

    assert conclusion.ending is Ending.FAILED
    assert conclusion.scenarios[0].verdict == "failed"
    assert "verified" not in conclusion.scenarios[0].timings


def test_red_before_any_fault_fails_the_drill() -> None:
    """A drill starts from a good bot."""
    assert drilled(with_outcome("health.status", "fail", "0-good")).ending is Ending.FAILED


def drop(unwanted: Callable[[Event], bool]) -> Change:
    """Drops the events for which this holds."""
    return lambda event: None if unwanted(event) else event


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        (drop(of_health), "its fault never served"),
        (drop(lambda e: of_health(e) and isinstance(e, StageReady)), "its fault never served"),
        (
            drop(lambda e: of_health(e) and getattr(e, "check", "") == "health.status"),
            "health.status did not run",
        ),
        (drop(lambda e: getattr(e, "stage", "") == "0-good"), "no good stage before it"),
        (drop(lambda e: getattr(e, "stage", "") == "2-good-health-failure"), "no good stage after it"),
        (drop(lambda e: isinstance(e, RollbackFinished)), "no rollback from it finished"),
        (drop(lambda e: isinstance(e, RollbackStarted | RollbackFinished)), "no rollback from it finished"),
    ],
)
def test_a_scenario_that_was_not_gone_through_is_not_shown(change: Change, lacks: str) -> None:
    """The drill says what is lacking, even when no check complains."""
    conclusion = drilled(change)

    assert conclusion.ending is Ending.INCONCLUSIVE
    assert conclusion.scenarios[0].verdict == "not shown"
    assert any("health-failure was not shown" in reason and lacks in reason for reason in conclusion.reasons)


def test_a_drill_without_scenarios_shows_nothing() -> None:
    """Green checks alone are a look, not a drill."""
    assert concluded(check(), kind="drill").ending is Ending.INCONCLUSIVE


def test_a_fault_that_nobody_has_to_notice_shows_nothing() -> None:
    """A scenario must name what it proves."""
    harmless = without(CheckFinished)
    conclusion = drilled(lambda e: replace(e, notices=()) if isinstance(e, ScenarioDeclared) else harmless(e))

    assert any("no check had to notice it" in reason for reason in conclusion.reasons)


@pytest.mark.parametrize(
    ("declared", "outcome", "ending"),
    [
        ("done", "done", Ending.VERIFIED),
        ("refused", "refused", Ending.VERIFIED),
        ("caught lying", "caught lying", Ending.VERIFIED),
        ("caught lying", "unconfirmed", Ending.UNCONFIRMED),
        ("done", "caught lying", Ending.UNCONFIRMED),
        ("done", "refused", Ending.REFUSED),
        ("done", "unconfirmed", Ending.UNCONFIRMED),
        ("refused", "done", Ending.FAILED),
        ("refused", "unconfirmed", Ending.UNCONFIRMED),
        ("caught lying", "done", Ending.FAILED),
    ],
)
def test_a_rollback_must_end_as_its_scenario_declares(declared: str, outcome: str, ending: Ending) -> None:
    """A refusal that was wanted is a pass, one that was not is a refusal."""

    def change(event: Event) -> Event:
        if isinstance(event, ScenarioDeclared):
            return replace(event, rollback=declared)
        return replace(event, outcome=outcome) if isinstance(event, RollbackFinished) else event

    assert drilled(change).ending is ending


def declaring(**members: object) -> Change:
    """The first scenario declares more; the others as in an old journal."""

    def change(event: Event) -> Event:
        if isinstance(event, ScenarioDeclared) and event.name == "health-failure":
            return replace(event, **members)  # type: ignore[arg-type]
        return event

    return change


@pytest.mark.parametrize(
    ("members", "says"),
    [
        pytest.param({}, "", id="as declared"),
        pytest.param({"severity": "high"}, "the severity was 'critical', wanted 'high'", id="severity"),
        pytest.param({"decision": "nothing"}, "wanted 'nothing'", id="decision"),
        pytest.param({"budget": 0.5}, "from the fault to verified good, wanted at most 0.5 s", id="budget"),
        pytest.param({"rollback": "done, not mended"}, "wanted 'done, not mended'", id="it mended"),
    ],
)
def test_a_scenario_must_go_as_it_declares(members: dict[str, object], says: str) -> None:
    """What was found beside what was wanted; anything else fails the scenario, and no other."""
    as_it_goes = {"decision": Decision.AT_ONCE.value, "budget": 120.0}

    conclusion = drilled(declaring(**(as_it_goes | members)))

    assert conclusion.ending is (Ending.FAILED if says else Ending.VERIFIED)
    assert conclusion.scenarios[0].verdict == ("failed" if says else "verified")
    assert conclusion.scenarios[1].verdict == "verified"
    assert says in " ".join(conclusion.reasons)
    assert conclusion.scenarios[0].found.decision == Decision.AT_ONCE.value


def left_at_discord(mended: bool) -> Conclusion:
    """The sample drill with something at Discord that the first rollback leaves there, or does not."""
    events: list[Event] = []
    declare = declaring(decision=Decision.AT_ONCE.value, rollback="done, not mended")
    for record in drill():
        event = declare(record.event)
        events.append(event or record.event)
        if isinstance(event, RollbackFinished) and event.scenario == "health-failure":
            events.append(ScenarioRestored(event.stage, event.scenario, "discord", "put right", mended))
    return conclude(numbered(events))


def test_what_a_rollback_does_not_mend_is_declared_so() -> None:
    """It was there still after the rollback: that is what the scenario shows."""
    conclusion = left_at_discord(mended=False)

    assert conclusion.ending is Ending.VERIFIED
    assert conclusion.scenarios[0].found.rollback == "done, not mended"


def test_what_a_rollback_mends_after_all_fails_the_scenario() -> None:
    """Then there was nothing to show."""
    conclusion = left_at_discord(mended=True)

    assert conclusion.ending is Ending.FAILED
    assert "the rollback ended 'done', wanted 'done, not mended'" in " ".join(conclusion.reasons)


def in_a_split(red: bool, *able: str) -> Conclusion:
    """The sample drill with its first fault at a tenth of the traffic, where one check is red, or none."""

    def change(event: Event) -> Event | None:
        split = declaring(decision=Decision.AT_ONCE.value, percent=10.0, notices=(), able=able)
        event = split(event) or event
        if isinstance(event, CheckFinished) and of_health(event):
            by_chance = red and event.check == "health.status"
            return replace(event, expected_red=by_chance, outcome="fail" if by_chance else "pass")
        return event

    return drilled(change)


@pytest.mark.parametrize(
    ("red", "able", "says"),
    [
        (True, (), ""),
        (True, ("health.status",), ""),
        (True, ("security.methods",), "no check of the 1 that can notice it was red"),
        (False, (), "no check was red while it had 10 % of the traffic"),
    ],
)
def test_in_a_split_one_check_must_be_red(red: bool, able: tuple[str, ...], says: str) -> None:
    """Which one is chance; none of those that can notice it, and the bad version went unnoticed."""
    conclusion = in_a_split(red, *able)

    assert conclusion.ending is (Ending.FAILED if says else Ending.VERIFIED)
    assert says in " ".join(conclusion.reasons)


def cut_at(line: int) -> Conclusion:
    """The sample drill, killed after so many lines."""
    return conclude(drill()[:line])


def armed_and_open(line: int) -> bool:
    """Whether a fault is in place when the sample drill is killed there."""
    events: Iterable[Event] = [record.event for record in drill()[:line]]
    armed = sum(isinstance(event, MutationArmed) for event in events)
    return armed > sum(isinstance(event, MutationUndone) for event in events)


def test_a_drill_killed_anywhere_is_unrestored_or_inconclusive() -> None:
    """After a SIGKILL the journal still tells whether something is left."""
    for line in range(len(drill())):
        wanted = Ending.UNRESTORED if armed_and_open(line) else Ending.INCONCLUSIVE
        assert cut_at(line).ending is wanted


BEFORE = pytest.mark.parametrize("before", ["accepted", "degraded"])


@BEFORE
def test_what_was_not_green_before_can_not_notice(before: str) -> None:
    """A check that is red anyway, and lived with, says nothing of the fault: others must."""
    conclusion = drilled(with_outcome("health.status", before, "0-good"))

    assert conclusion.scenarios[0].noticed == ("health.healthy",)
    assert conclusion.ending is Ending.VERIFIED


@BEFORE
def test_a_fault_is_not_shown_when_none_was_green_before(before: str) -> None:
    """All checks that should notice were red anyway."""
    one, other = (with_outcome(name, before, "0-good") for name in ("health.status", "health.healthy"))
    conclusion = drilled(lambda event: other(one(event)))

    assert conclusion.scenarios[0].not_shown == ("health.status", "health.healthy")
    assert conclusion.ending is Ending.INCONCLUSIVE


@pytest.mark.parametrize(("before", "ending"), [("pass", Ending.FAILED), ("accepted", Ending.VERIFIED)])
def test_a_standing_finding_is_not_the_faults_doing(before: str, ending: Ending) -> None:
    """What was lived with before the fault does not fail its stage; what was green before does."""
    bystander = next(
        event.check
        for event in (record.event for record in drill())
        if isinstance(event, CheckFinished) and of_health(event) and not event.expected_red
    )

    def change(event: Event) -> Event:
        if isinstance(event, CheckFinished) and event.check == bystander and not event.expected_red:
            if event.stage == "0-good":
                return replace(event, outcome=before)
            return replace(event, outcome="fail") if of_health(event) else event
        return event

    conclusion = drilled(change)
    assert conclusion.ending is ending
    assert ("not green before the fault either" in conclusion.headline) == (before != "pass")
