"""What calls for a rollback after a deploy, and what never does; and how such a session ends."""

from __future__ import annotations

import pytest

from backstop.journal.automation import after_deploy
from backstop.journal.conclusion import conclude
from backstop.journal.events import (
    Event,
    MutationArmed,
    MutationDone,
    OutsideSeen,
    PolicyDiffers,
    Problem,
    RollbackFinished,
    RollbackStarted,
    SessionFinished,
    SessionStarted,
    StageStarted,
)
from backstop.journal.facts import gather
from backstop.journal.record import Damaged, Unknown
from backstop.model.severity import Severity
from backstop.model.verdict import Ending, Verdict
from backstop.report.verdict_json import verdict
from tests.unit.conclusions import check, session
from tests.unit.samples import FAULTS, GOOD, numbered

ON = (Severity.CRITICAL, Severity.HIGH)
DOWN = check("health.status", "fail", severity="critical")
OUTAGE = check("discord.status", "inconclusive", severity="low")
COMMANDS = check("discord.commands", "fail", severity="critical")
FORGED = check("discord.signature.wrong_key", "fail", severity="high")


def _outside(who: str, state: str, *, asked: bool = True) -> OutsideSeen:
    return OutsideSeen("0-live", who, state, "as its page and its API say", asked)


@pytest.mark.parametrize(
    ("events", "rolls_back", "why"),
    [
        pytest.param([DOWN], True, "health.status (critical) failed", id="critical"),
        pytest.param([check(), check("a.b", "fail", severity="high")], True, "a.b (high)", id="high"),
        pytest.param([check("a.b", "fail", severity="medium")], False, "no check of severity", id="medium"),
        pytest.param([check("a.b", "inconclusive", severity="critical")], False, "no check", id="unknown"),
        pytest.param([check("a.b", "degraded", severity="critical")], False, "no check", id="degraded"),
        pytest.param([check("a.b", "accepted", severity="critical")], False, "no check", id="accepted"),
        pytest.param([check()], False, "no check of severity critical, high failed", id="well"),
        pytest.param([], False, "no check", id="nothing was looked at"),
        pytest.param([DOWN, Problem(20, "no network")], False, "no network", id="the session went wrong"),
        pytest.param([COMMANDS, OUTAGE], False, "not known to be well", id="Discord could not be asked"),
        pytest.param([COMMANDS], True, "discord.commands", id="Discord is well"),
        *(
            pytest.param([COMMANDS, _outside("discord", state)], rolls_back, why, id=f"Discord is {state}")
            for state, rolls_back, why in (
                ("well", True, "discord.commands"),
                ("troubled", True, "discord.commands"),
                ("out", False, "external: discord.commands (critical) failed, and Discord reports an outage"),
                ("unseen", False, "not known to be well"),
                ("contradicted", False, "Discord has an API that fails"),
            )
        ),
        pytest.param(
            [COMMANDS, check("discord.token", "fail", severity="critical")],
            False,
            "not known to be well",
            id="the token of this session is stale",
        ),
        pytest.param([FORGED, OUTAGE], True, "wrong_key", id="a forged signature is ours"),
        pytest.param([DOWN, COMMANDS, OUTAGE], True, "health.status", id="down, and nobody says why"),
        *(
            pytest.param([DOWN, _outside(who, state)], rolls_back, why, id=f"down, and {who} is {state}")
            for who, state, rolls_back, why in (
                ("discord", "out", False, "external: health.status (critical) failed, and Discord reports"),
                ("discord", "troubled", True, "health.status"),
                ("discord", "contradicted", True, "health.status"),
                ("discord", "unseen", True, "health.status"),
                ("cloudflare", "out", False, "and Cloudflare reports an outage"),
                ("cloudflare", "troubled", True, "health.status"),
                ("cloudflare", "contradicted", True, "health.status"),
            )
        ),
        pytest.param(
            [DOWN, _outside("discord", "out", asked=False)],
            True,
            "health.status",
            id="down, and its health asks nothing of Discord, which is out",
        ),
        pytest.param(
            [COMMANDS, _outside("discord", "out", asked=False)],
            False,
            "Discord reports an outage",
            id="commands may ask Discord all the same",
        ),
        pytest.param(
            [DOWN, FORGED, _outside("discord", "out")], True, "wrong_key (high) failed", id="not all of it"
        ),
        pytest.param(
            [check("discord.ping", "fail", severity="critical"), _outside("discord", "out")],
            True,
            "discord.ping",
            id="a bot answers a PING by itself",
        ),
        pytest.param(
            [DOWN, PolicyDiffers("critical", {}, ("health",))],
            False,
            "no check of severity",
            id="the target says that this weighs little",
        ),
        pytest.param(
            [check("deployment.expected", "fail", severity="high")],
            False,
            "deployment.expected (high) failed, which no rollback mends",
            id="deployed over",
        ),
        *(
            pytest.param([check(name, "fail", severity="critical")], False, "no rollback mends", id=name)
            for name in (
                "deployment.errors",
                "deployment.serving",
                "discord.endpoint",
                "discord.genuine",
                "discord.registered",
                "discord.token",
                "health.certificate",
                "health.version",
            )
        ),
    ],
)
def test_only_what_failed_and_is_ours_calls_for_a_rollback(
    events: list[Event], rolls_back: bool, why: str
) -> None:
    """Never what could not be looked at, and never Discord's own trouble."""
    found = after_deploy(gather(numbered(session("post_deploy", *events))), ON)

    assert rolls_back == found.roll_back
    assert why in found.why


def _rolled_back(*after: Event, outcome: str = "done") -> tuple[Event, ...]:
    """A deploy that was bad, its rollback, and what was seen then."""
    first = SessionStarted("run", "post_deploy", "prod", "bot", "https://bot", ("pytest",))
    began = RollbackStarted("1-after", FAULTS[0], GOOD, "post_deploy: health.status failed", "it was good")
    return (
        first,
        StageStarted("0-live", "live"),
        DOWN,
        check("security.csp", stage="0-live"),
        StageStarted("1-after", "after"),
        MutationArmed("rollback", "roll bot back", "undo"),
        began,
        RollbackFinished("1-after", outcome, {"serving": 1.2}),
        MutationDone("rollback", ok=outcome == "done"),
        *after,
        SessionFinished(2 + len(after), 4.0),
    )


def test_a_bad_deploy_that_was_rolled_back_and_verified_is_rolled_back() -> None:
    """Exit code 24, with the severity of what was wrong."""
    conclusion = conclude(numbered(_rolled_back(check(stage="1-after"), check("a.b", stage="1-after"))))

    assert conclusion.verdict is Verdict.ROLLED_BACK
    assert conclusion.ending == 24
    assert conclusion.severity is Severity.CRITICAL
    assert conclusion.headline == "ROLLED BACK · critical · 2 passed · 1 failed before the rollback"
    assert "mend it" in conclusion.decision
    assert conclusion.reasons[0] == "the deploy was bad and is rolled back: health.status failed"
    assert conclusion.timings["verified_s"] > 0


@pytest.mark.parametrize(
    ("after", "outcome", "ending"),
    [
        ([check(outcome="fail", stage="1-after")], "done", Ending.FAILED),
        ([check(stage="1-after"), check("a.b", "inconclusive")], "done", Ending.INCONCLUSIVE),
        ([check("a.b", "inconclusive", stage="1-after")], "done", Ending.INCONCLUSIVE),
        ([], "done", Ending.INCONCLUSIVE),
        ([check(stage="1-after")], "unconfirmed", Ending.UNCONFIRMED),
        ([], "refused", Ending.REFUSED),
    ],
)
def test_a_rollback_that_did_not_help_is_never_24(after: list[Event], outcome: str, ending: Ending) -> None:
    """The worst wins; what is not known to be well is said."""
    assert ending is conclude(numbered(_rolled_back(*after, outcome=outcome))).ending


def test_a_leak_is_not_over_with_the_deploy() -> None:
    """What was shown is known, whatever serves now."""
    leak = check("security.leaks.secrets", "fail")
    events = [leak if event is DOWN else event for event in _rolled_back(check(stage="1-after"))]

    assert "rotate the secret that was shown" in conclude(numbered(events)).decision


@pytest.mark.parametrize("spoilt", [Damaged("cut"), Unknown("shouted"), None])
def test_what_is_not_whole_is_never_24(spoilt: Event | None) -> None:
    """Checks that never ran, and lines that can't be read, prove nothing."""
    events = list(_rolled_back(check(stage="1-after")))
    events[-1:] = [SessionFinished(9, 4.0)] if spoilt is None else [spoilt, events[-1]]

    assert Ending.INCONCLUSIVE is conclude(numbered(events)).ending


def test_both_stages_are_in_the_verdict_file() -> None:
    """A check runs in each of them."""
    found = verdict(conclude(numbered(_rolled_back(check(stage="1-after")))))

    assert {"health.status@0-live", "security.csp@0-live", "health.status@1-after"} == set(found["checks"])
