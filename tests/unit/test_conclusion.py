"""What a journal amounts to: every way to end, and why."""

from __future__ import annotations

import pytest

from backstop.journal.conclusion import conclude
from backstop.journal.events import (
    Event,
    MutationArmed,
    MutationDone,
    MutationUndone,
    Problem,
    RollbackFinished,
    RollbackStarted,
    TargetResolved,
    VersionSeen,
)
from backstop.journal.record import Damaged, Unknown
from backstop.model.severity import Severity
from backstop.model.verdict import Ending, Verdict
from tests.unit.conclusions import check, concluded, session
from tests.unit.samples import FAULTS, GOOD, failed_post_rollback, numbered, refused


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
        ("post_rollback", [ARMED, MutationDone("m1", ok=False)], WHOLE, Ending.VERIFIED),
        ("post_rollback", [ARMED], WHOLE, Ending.UNCONFIRMED),
        ("post_rollback", [ARMED], CUT, Ending.UNCONFIRMED),
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
