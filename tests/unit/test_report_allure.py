"""Allure's results: one for each check and stage, none hidden by another, each as bad as it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from backstop.journal.conclusion import Conclusion, conclude
from backstop.journal.events import RollbackFinished, RollbackStarted
from backstop.journal.record import Record
from backstop.model.verdict import Ending
from backstop.report.allure import allure_results
from tests.unit.arbitrary import journals
from tests.unit.conclusions import check, concluded
from tests.unit.samples import drill, failed_post_rollback

RED = {"failed", "broken"}


def _results(conclusion: Conclusion) -> list[dict[str, Any]]:
    return [json.loads(text) for name, text in allure_results(conclusion) if name.endswith("-result.json")]


def _named(conclusion: Conclusion, name: str) -> dict[str, Any]:
    return next(result for result in _results(conclusion) if result["fullName"] == name)


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("pass", "passed"),
        ("degraded", "passed"),
        ("fail", "failed"),
        ("inconclusive", "broken"),
        ("accepted", "skipped"),
        ("n/a", "skipped"),
    ],
)
def test_each_outcome_has_its_status(outcome: str, status: str) -> None:
    """With its message, so that broken says that nobody could look, and degraded that it is no plain pass."""
    result = _named(concluded(check("discord.ping", outcome, message="why"), check()), "discord.ping")

    assert status == result["status"]
    assert f"{outcome}: why" == result["statusDetails"]["message"]


def test_results_of_two_stages_are_two() -> None:
    """Allure takes what has the same history for retries, and shows the last one only."""
    results = _results(conclude(drill()))
    stages = [r["parameters"] for r in results if r["fullName"] == "health.status"]

    assert len(results) == len({result["historyId"] for result in results})
    assert len(results) == len({result["uuid"] for result in results})
    assert {"0-good", "1-fault-health-failure"} < {each[0]["value"] for each in stages}
    assert {("stage", "target", "run")} == {tuple(p["name"] for p in each) for each in stages}


def test_results_of_two_places_are_two() -> None:
    """Two sessions of the same target that are shown together, as two vantage points are."""
    here = _results(concluded(check()))
    there = _results(conclude(failed_post_rollback()))

    assert not {r["historyId"] for r in here} & {r["historyId"] for r in there}


def test_result_says_how_bad_and_where() -> None:
    """Severity, suite, session, run and the report, in the members that Allure has for them."""
    result = _named(
        concluded(check("discord.ping", "fail", severity="critical", message="why")), "discord.ping"
    )
    labels = {label["name"]: label["value"] for label in result["labels"]}

    assert "blocker" == labels["severity"]
    assert ("look of local", "discord", "look", "run") == tuple(
        labels[name] for name in ("parentSuite", "suite", "session", "run")
    )
    assert ["report.html"] == [link["url"] for link in result["links"]]


def test_red_result_carries_its_evidence() -> None:
    """What was found, and the lines of the journal that it rests on; every attachment is there."""
    conclusion = concluded(check("discord.ping", "fail", message="POST /: found 200"))
    files, result = dict(allure_results(conclusion)), _named(conclusion, "discord.ping")
    texts = {each["name"]: files[each["source"]] for each in result["attachments"]}

    assert "POST /: found 200" == texts["found, wanted, request and response"]
    assert '"kind": "check-finished"' in texts["lines of the journal"]
    assert "discord.ping: fail" == result["steps"][-1]["name"]


def test_red_that_a_drill_wants_is_passed() -> None:
    """It says that it noticed the fault."""
    noticed = [
        r
        for r in _results(conclude(drill()))
        if r.get("statusDetails", {}).get("message", "").startswith("noticed")
    ]

    assert noticed
    assert {"passed"} == {result["status"] for result in noticed}


def test_session_is_red_by_a_witness_alone() -> None:
    """With the rollback and its end among the steps."""
    started = RollbackStarted("0-live", "old", "new", "reason", "why")
    finished = RollbackFinished("0-live", "unconfirmed", {}, "the edge disagrees")
    result = _named(concluded(check(), started, finished, kind="post_rollback"), "session.post_rollback")

    assert "failed" == result["status"]
    assert "the edge disagrees" in result["statusDetails"]["message"]
    assert {"name": "line 4: rollback unconfirmed the edge disagrees", "status": "failed"}.items() <= result[
        "steps"
    ][-1].items()


@given(journals)
def test_any_journal_is_red_where_its_session_is(records: tuple[Record, ...]) -> None:
    """Whatever it holds: some result is red if and only if the session is not verified."""
    conclusion = conclude(records)
    statuses = {result["status"] for result in _results(conclusion)}

    assert not records or (conclusion.ending is not Ending.VERIFIED) is bool(RED & statuses)
