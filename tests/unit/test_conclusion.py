"""What a journal amounts to: every way to end, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from backstop.journal.conclusion import Conclusion, conclude
from backstop.journal.events import (
    CheckFinished,
    Event,
    MutationArmed,
    MutationDone,
    MutationUndone,
    Problem,
    RollbackFinished,
    RollbackStarted,
    ScenarioDeclared,
    SessionFinished,
    SessionStarted,
    StageReady,
    StageStarted,
    TargetResolved,
    VersionSeen,
)
from backstop.journal.record import Damaged, Unknown
from backstop.model.severity import Severity
from backstop.model.verdict import Ending, Verdict
from tests.unit.samples import (
    FAULTS,
    GOOD,
    drill,
    failed_post_rollback,
    numbered,
    refused,
)

Change = Callable[[Event], Event | None]


def check(
    name: str = "health.status", outcome: str = "pass", stage: str = "0-live", **other: str
) -> CheckFinished:
    """A finished check."""
    severity = other.pop("severity", "high")
    return CheckFinished(name, "title", name.partition(".")[0], severity, stage, outcome, **other)  # type: ignore[arg-type]


def session(kind: str, *events: Event, planned: int | None = None) -> tuple[Event, ...]:
    """A whole session of some kind with these events in it."""
    due = sum(isinstance(event, CheckFinished) for event in events) if planned is None else planned
    first = SessionStarted("run", kind, "local", "bot", "http://bot", ("pytest", "-m", kind))
    return (first, StageStarted("0-live", "live"), *events, SessionFinished(due, 1.0))


def concluded(*events: Event, kind: str = "look", planned: int | None = None) -> Conclusion:
    """The conclusion of such a session."""
    return conclude(numbered(session(kind, *events, planned=planned)))


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


def with_outcome(name: str, outcome: str, stage: str) -> Change:
    """Gives one check of one stage another outcome."""

    def change(event: Event) -> Event:
        if isinstance(event, CheckFinished) and (event.check, event.stage) == (name, stage):
            return replace(event, outcome=outcome)
        return event

    return change


def test_a_session_whose_checks_pass_is_verified() -> None:
    """Nothing failed, nothing is unknown, something passed."""
    conclusion = concluded(check(), check("health.fresh", "n/a"))

    assert conclusion.verdict is Verdict.VERIFIED
    assert conclusion.ending == 0
    assert conclusion.headline == "VERIFIED · 1 passed"
    assert conclusion.reasons == ()
    assert conclusion.next_step == ""
    assert conclusion.decision == "nothing"


@pytest.mark.parametrize(
    ("outcomes", "ending"),
    [
        (["pass", "fail"], Ending.FAILED),
        (["pass", "inconclusive"], Ending.INCONCLUSIVE),
        (["fail", "inconclusive"], Ending.FAILED),
        (["pass", "degraded"], Ending.VERIFIED),
        (["pass", "accepted"], Ending.VERIFIED),
        (["pass", "n/a"], Ending.VERIFIED),
        (["accepted", "accepted"], Ending.INCONCLUSIVE),
        (["n/a"], Ending.INCONCLUSIVE),
        (["degraded"], Ending.INCONCLUSIVE),
        (["pass", "sideways"], Ending.INCONCLUSIVE),
        ([], Ending.INCONCLUSIVE),
    ],
)
def test_outcomes_of_checks_decide(outcomes: list[str], ending: Ending) -> None:
    """Red fails, a look that could not be had is inconclusive, and nothing passed is no pass."""
    checks = [check(f"health.{number}", outcome) for number, outcome in enumerate(outcomes)]

    assert concluded(*checks).ending is ending


def test_the_headline_names_what_was_accepted() -> None:
    """A verdict says what it did not prove."""
    accepted = check("discord.signed.ping", "accepted", message="no key; accepted: Discord holds the key")

    assert concluded(check(), accepted).headline == (
        "VERIFIED · 1 passed · 1 not proven (accepted: Discord holds the key)"
    )


def test_a_failed_session_has_the_severity_and_the_action_of_its_worst_check() -> None:
    """In the words of the decision policy."""
    conclusion = concluded(check(outcome="fail", severity="low"), check("a.b", "fail", severity="critical"))

    assert conclusion.severity is Severity.CRITICAL
    assert conclusion.decision == "roll back at once (within 2 min)"
    assert conclusion.headline == "FAILED · critical · 2 failed · none passed"
    assert "a.b" in conclusion.next_step


def test_fewer_checks_than_planned_are_partial() -> None:
    """A check that never finished is not known to hold."""
    conclusion = concluded(check(), planned=2)

    assert conclusion.ending is Ending.INCONCLUSIVE
    assert conclusion.reasons == ("partial: 1 of 2 checks finished",)


def test_a_session_without_its_last_line_is_never_verified() -> None:
    """It was killed, whatever its checks said."""
    conclusion = conclude(numbered(session("look", check())[:-1]))

    assert conclusion.ending is Ending.INCONCLUSIVE
    assert "cut short" in conclusion.reasons[0]


def test_an_empty_journal_is_inconclusive() -> None:
    """Nothing is known, not even of whom."""
    conclusion = conclude(())

    assert conclusion.ending is Ending.INCONCLUSIVE
    assert conclusion.session == ""


@pytest.mark.parametrize("ending", [e for e in Ending if e is not Ending.VERIFIED])
def test_a_problem_brings_its_ending_and_its_remedy(ending: Ending) -> None:
    """What stopped the session decides, and says what to do next."""
    conclusion = concluded(check(), Problem(int(ending), "it broke", "mend it"))

    assert conclusion.ending is ending
    assert conclusion.reasons == ("it broke",)
    assert conclusion.next_step == "mend it"


def test_an_unknown_ending_is_an_internal_error() -> None:
    """A number that nobody defined is never taken for a good one."""
    assert concluded(check(), Problem(77, "?")).ending is Ending.INTERNAL_ERROR


def test_the_worst_ending_wins_and_its_reason_comes_first() -> None:
    """A refusal outranks a failure."""
    conclusion = concluded(check(outcome="fail"), Problem(21, "no"))

    assert conclusion.ending is Ending.REFUSED
    assert conclusion.reasons[0] == "no"


@pytest.mark.parametrize("event", [Damaged("cut"), Unknown("shouted")])
def test_what_could_not_be_read_is_not_taken_on_trust(event: Event) -> None:
    """A journal that is damaged, or newer than this program, proves nothing."""
    assert concluded(check(), event).ending is Ending.INCONCLUSIVE


def test_worker_and_url_are_what_they_turned_out_to_be() -> None:
    """A sandbox's address is known only once it runs."""
    conclusion = concluded(check(), TargetResolved("bot-2", "http://127.0.0.1:1"))

    assert (conclusion.worker, conclusion.url) == ("bot-2", "http://127.0.0.1:1")


WHOLE, CUT = slice(None), slice(-1)
ARMED = MutationArmed("m1", "deploy x", "deploy y")


@pytest.mark.parametrize(
    ("kind", "events", "part", "ending"),
    [
        ("drill", [ARMED], WHOLE, Ending.UNRESTORED),
        ("drill", [ARMED, MutationDone("m1", ok=True)], WHOLE, Ending.UNRESTORED),
        ("drill", [ARMED, MutationDone("m1", ok=True)], CUT, Ending.UNRESTORED),
        ("drill", [ARMED, MutationDone("m1", ok=False)], CUT, Ending.UNRESTORED),
        ("look", [ARMED, MutationDone("m1", ok=False)], WHOLE, Ending.VERIFIED),
        ("look", [ARMED, MutationDone("m1", ok=True), MutationUndone("m1", "seen")], WHOLE, Ending.VERIFIED),
        ("look", [ARMED, MutationUndone("m1", "seen"), ARMED], WHOLE, Ending.UNRESTORED),
        ("post_rollback", [ARMED, MutationDone("m1", ok=True)], WHOLE, Ending.VERIFIED),
        ("post_rollback", [ARMED, MutationDone("m1", ok=True)], CUT, Ending.UNCONFIRMED),
        ("post_rollback", [ARMED], WHOLE, Ending.UNRESTORED),
    ],
)
def test_a_change_must_be_accounted_for(
    kind: str,
    events: list[Event],
    part: slice,
    ending: Ending,
) -> None:
    """Armed and not undone is still in place, save a rollback that was asked for."""
    whole = session(kind, check(), *events)

    assert conclude(numbered(whole[part])).ending is ending


def test_an_unrestored_change_says_how_to_undo_it() -> None:
    """The next thing to do is named."""
    assert concluded(check(), ARMED).next_step == "undo by hand: deploy y"


@pytest.mark.parametrize(
    ("outcome", "ending"),
    [("done", Ending.VERIFIED), ("refused", Ending.REFUSED), ("unconfirmed", Ending.UNCONFIRMED)],
)
def test_a_rollback_ends_a_session_as_it_ended(outcome: str, ending: Ending) -> None:
    """Whatever the checks say of the bot."""
    conclusion = concluded(
        RollbackStarted("0-live", FAULTS[0], GOOD, "reason", "why"),
        RollbackFinished("0-live", outcome, {"command": 1.0}),
        check(),
        kind="post_rollback",
    )

    assert conclusion.ending is ending
    assert (conclusion.from_version, conclusion.to_version) == (FAULTS[0], GOOD)


def test_a_rollback_that_never_finished_is_unconfirmed() -> None:
    """It was acted, and nobody knows what came of it."""
    started = RollbackStarted("0-live", FAULTS[0], GOOD, "reason", "why")

    assert concluded(started, check(), kind="post_rollback").ending is Ending.UNCONFIRMED


def test_after_a_rollback_that_did_not_help_another_is_not_advised() -> None:
    """The sample: rolled back as asked, and the old version fails too."""
    conclusion = conclude(failed_post_rollback())

    assert conclusion.ending is Ending.FAILED
    assert conclusion.severity is Severity.CRITICAL
    assert conclusion.decision.startswith("do not roll back again")
    assert "verified_s" not in conclusion.timings


def test_a_refused_session_names_the_reason_in_its_headline() -> None:
    """No check ran, so the reason is all there is to say."""
    conclusion = conclude(refused())

    assert conclusion.headline == "REFUSED · there is no earlier version of beluga-staging to go back to"
    assert conclusion.next_step == "deploy a good build: wrangler deploy --env staging"


def test_versions_that_somebody_else_rolled_between_are_taken_from_what_was_seen() -> None:
    """A session after a rollback by hand knows them from the history."""
    conclusion = concluded(
        VersionSeen(FAULTS[0], "from"), VersionSeen(GOOD, "to"), check(), kind="post_rollback"
    )

    assert (conclusion.from_version, conclusion.to_version) == (FAULTS[0], GOOD)


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
        ("caught lying", "unconfirmed", Ending.VERIFIED),
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
