"""What speaks against a proof, and what does not."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from proof.around import Surroundings
from proof.judge import Judgement, judge
from proof.manifest import Variant
from proof.matrix import as_text, findings
from proof.results import BotResult, Row, Seen
from proof.session import ran_to_its_end
from tests.unit.conclusions import check
from tests.unit.samples import numbered

FAULT = Variant("down", "It is down.", Path("down.js"), benign=False, noticed_by=frozenset({"health.status"}))
SPLIT = Variant(
    "split",
    "It is split.",
    Path("split.js"),
    benign=False,
    noticed_by=frozenset({"security.grade"}),
    degrades=frozenset({"deployment.one"}),
)
BENIGN = Variant("pretty", "It is pretty.", Path("pretty.js"), benign=True)
VARIANTS = (FAULT, SPLIT, BENIGN)
UNPROVABLE = {"drills.done": "needs a rollback to be seen"}
STAGES = {
    "good": {},
    "down": {"health.status": "fail"},
    "split": {"security.grade": "fail", "deployment.one": "degraded"},
    "pretty": {},
    "good-again": {},
}
CHECKS = ("deployment.one", "health.status", "security.grade")


def _result(changes: dict[str, dict[str, str]] | None = None) -> BotResult:
    """A proof without a fault of its own, but for what ``changes`` says of a stage's checks."""
    rows = {}
    for stage, special in STAGES.items():
        outcomes = {**dict.fromkeys(CHECKS, "pass"), **special, **(changes or {}).get(stage, {})}
        rows[stage] = Row({check: Seen(outcome, "") for check, outcome in outcomes.items() if outcome})
    return BotResult("bot", rows, (), (), 1.0)


def _against(judgement: Judgement) -> dict[str, list[str]]:
    found = {field.name: getattr(judgement, field.name) for field in fields(judgement)}
    return {
        name: [each.check or each.variant for each in entries] for name, entries in found.items() if entries
    }


def _judged(result: BotResult, variants: tuple[Variant, ...] = VARIANTS, *, whole: bool = True) -> Judgement:
    return judge(variants, [result], UNPROVABLE, whole=whole)


@pytest.mark.parametrize(
    ("outcome", "against"),
    [
        ("fail", {}),
        ("pass", {"missed": ["security.limit"]}),
        ("n/a", {"unnoticeable": ["limited"]}),
    ],
)
def test_a_check_that_only_the_manifest_makes_apply(outcome: str, against: dict[str, list[str]]) -> None:
    """The bot as it is declares nothing of the kind, so that the check is not applicable there."""
    around = Surroundings(target={"rate_limit": {"requests": 1}})
    fault = replace(FAULT, name="limited", noticed_by=frozenset({"security.limit"}), around=around)
    stages = {stage: {"security.limit": "n/a"} for stage in STAGES} | {"limited": {"security.limit": outcome}}
    rows = {
        stage: Row({check: Seen(said, "") for check, said in row.items()}) for stage, row in stages.items()
    }
    result = BotResult("bot", rows, (), (), 1.0)

    assert against == _against(_judged(result, (fault,), whole=False))


def test_a_proof_without_fault() -> None:
    """Red where it must be, degraded where it must be, green elsewhere."""
    judgement = _judged(_result())

    assert judgement.proven, _against(judgement)


@pytest.mark.parametrize(
    ("changes", "against"),
    [
        pytest.param(
            {"down": {"health.status": "pass"}},
            {"missed": ["health.status"], "unproven": ["health.status"]},
            id="stays green",
        ),
        pytest.param(
            {"down": {"health.status": "inconclusive"}},
            {"missed": ["health.status"], "unproven": ["health.status"]},
            id="could not look",
        ),
        pytest.param(
            {"down": {"health.status": ""}},
            {"missed": ["health.status"], "unproven": ["health.status"]},
            id="was not run",
        ),
        pytest.param(
            {"down": {"security.grade": "fail"}}, {"surplus": ["security.grade"]}, id="another one is red"
        ),
        pytest.param(
            {"split": {"deployment.one": "fail"}},
            {"missed": ["deployment.one"], "surplus": ["deployment.one"]},
            id="red instead of degraded",
        ),
        pytest.param({"pretty": {"health.status": "fail"}}, {"alarms": ["health.status"]}, id="benign, red"),
        pytest.param(
            {"pretty": {"health.status": "degraded"}}, {"alarms": ["health.status"]}, id="benign, degraded"
        ),
        pytest.param(
            {"good-again": {"health.status": "inconclusive"}},
            {"alarms": ["health.status"]},
            id="not good again",
        ),
        pytest.param(
            {
                stage: {"drills.done": "fail"} if stage == "down" else {"drills.done": "pass"}
                for stage in STAGES
            },
            {"surplus": ["drills.done"], "provable": ["drills.done"]},
            id="declared unprovable, and red",
        ),
    ],
)
def test_what_speaks_against_a_proof(
    changes: dict[str, dict[str, str]], against: dict[str, list[str]]
) -> None:
    """Each under its own heading."""
    judgement = _judged(_result(changes))

    assert against == _against(judgement)
    assert not judgement.proven


def test_what_is_red_over_the_good_bot_proves_nothing() -> None:
    """It is an alarm there, and no fault has turned it red."""
    judgement = _judged(_result({stage: {"health.status": "fail"} for stage in STAGES}))

    assert set(_against(judgement)) == {"alarms", "missed", "unproven"}


def test_what_is_accepted_raises_no_alarm() -> None:
    """A target may live with a finding."""
    result = _result({stage: {"latency.mean": "fail"} for stage in STAGES})

    accepted = _judged(replace(result, accepted=("latency.mean",)), whole=False)

    assert accepted.proven, _against(accepted)
    assert set(_against(_judged(result, whole=False))) == {"alarms"}


def test_what_a_bot_does_not_have_is_not_missed() -> None:
    """The rest is judged; a fault that no bot at all can show is told."""
    judgement = _judged(_result({stage: {"health.status": "n/a"} for stage in STAGES}))

    assert _against(judgement) == {"unnoticeable": ["down"], "unproven": ["health.status"]}


def test_what_a_bot_has_under_a_fault_only_is_noticed_or_missed() -> None:
    """A certificate, where the fault is one of https; the good bot is none."""
    good = {stage: {"health.status": "n/a"} for stage in STAGES}

    assert _judged(_result({**good, "down": {"health.status": "fail"}})).proven
    assert _against(_judged(_result({**good, "down": {"health.status": "pass"}}))) == {
        "missed": ["health.status"],
        "unproven": ["health.status"],
    }


def test_a_fault_for_another_bot_is_not_asked_of_this_one() -> None:
    """Its stage is left out, and nothing is missed."""
    result = _result()
    rows = {name: row for name, row in result.rows.items() if name != "down"}
    elsewhere = replace(FAULT, bots=frozenset({"other"}))

    judgement = _judged(replace(result, rows=rows), (elsewhere, SPLIT, BENIGN), whole=False)

    assert _against(judgement) == {"unnoticeable": ["down"]}


def test_what_is_degraded_anyway_may_stay_so_where_another_bot_shows_it() -> None:
    """But not where no bot does."""
    everywhere = {stage: {"health.status": "degraded"} for stage in STAGES}
    degraded = replace(_result(everywhere), bot="other")

    assert judge(VARIANTS, [_result(), degraded], UNPROVABLE, whole=True).proven
    assert set(_against(_judged(degraded))) == {"missed", "unproven"}


def test_a_check_that_does_not_exist_is_told() -> None:
    """The manifest is wrong, not the bot."""
    wrong = replace(FAULT, noticed_by=FAULT.noticed_by | {"health.stauts"})

    assert _against(_judged(_result(), (wrong, SPLIT, BENIGN))) == {"unknown": ["health.stauts"]}


def test_a_stage_or_a_session_that_could_not_be_is_a_problem() -> None:
    """Whatever its checks say."""
    result = _result()
    rows = {**result.rows, "down": replace(result.rows["down"], problem="it does not start")}

    assert "problems" in _against(_judged(replace(result, rows=rows)))
    assert "problems" in _against(_judged(replace(result, problems=("cut short",))))
    assert "problems" in _against(_judged(BotResult("bot", {}, (), (), 0.0)))


def test_the_matrix_shows_each_kind_of_mark() -> None:
    """A mark for each check, suite by suite; the list names what speaks against it."""
    result = _result({"down": {"health.status": "pass", "security.grade": "fail"}})
    text = "\n".join(as_text(VARIANTS, result))
    told = "\n".join(findings(_judged(result)))

    assert "down        . ? !" in text
    assert "split       + . #" in text
    assert "down: security.grade (bot)" in told


@pytest.mark.parametrize(
    ("code", "planned", "whole"),
    [(0, 2, True), (1, 2, True), (20, 2, True), (20, 3, False), (1, 3, False), (20, 0, False), (3, 2, False)],
)
def test_a_session_that_ran_to_its_end(code: int, planned: int, whole: bool) -> None:
    """One in which nothing is red is inconclusive, and whole; one that lacks checks is not."""
    records = numbered([check("a.b"), check("a.c", "degraded")])

    assert whole == ran_to_its_end(code, planned, records)
