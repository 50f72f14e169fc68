"""The first minute in words: the sentence, the command and the checklists, from the journal alone."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given, settings

from backstop.journal.conclusion import conclude
from backstop.journal.events import (
    Event,
    ImpactSeen,
    NotificationSent,
    OutsideSeen,
    RollbackPlanned,
    RollbackSpared,
    SessionFinished,
    SessionStarted,
    StageStarted,
    VersionSeen,
)
from backstop.journal.record import Record
from backstop.report.first_minute import FirstMinute, Mark, first_minute, first_minute_in_words
from backstop.report.html import page
from backstop.report.incident import incident
from tests.unit.arbitrary import journals
from tests.unit.conclusions import check
from tests.unit.samples import FAULTS, GOOD, numbered

COMMAND = ("pytest", "-m", "pre_rollback", "--target", "prod")
DOWN = check("health.status", "fail", severity="critical", message="found 503\n  → read the log")
PLAN = RollbackPlanned("0-live", FAULTS[0], GOOD, "", "the newest earlier version")
OUTSIDE = ("network", "discord", "cloudflare")
WELL = tuple(OutsideSeen("0-live", who, "well", f"{who} is well") for who in OUTSIDE)
OUT = OutsideSeen("0-live", "cloudflare", "out", "it is out")
REFUSED = RollbackPlanned("0-live", FAULTS[0], GOOD, "", "why", refusals=("a migration lies between",))
SOME = ImpactSeen("0-live", "some", "28 of 31 usual requests failed")


def _records(*events: Event, command: tuple[str, ...] = COMMAND) -> tuple[Record, ...]:
    began = SessionStarted("run", "pre_rollback", "prod", "bot", "https://bot", command)
    due = sum(event.kind == "check-finished" for event in events)
    return numbered((began, StageStarted("0-live", "live"), *events, SessionFinished(due, 1.0)))


def _found(*events: Event, command: tuple[str, ...] = COMMAND) -> FirstMinute:
    found = first_minute(conclude(_records(*events, command=command)))
    assert found is not None
    return found


def _marks(found: FirstMinute) -> dict[str, Mark]:
    return {item.text: item.mark for checklist in found.checklists for item in checklist.items}


def test_an_incident_with_a_way_back() -> None:
    """All that can be proven is ticked; the rest is left to somebody."""
    found = _found(DOWN, check("health.json"), *WELL, SOME, PLAN)

    assert {
        "Confirm issue severity and impact": Mark.DONE,
        "Check if issue affects all users or subset": Mark.DONE,
        "Verify issue is deployment-related (not external)": Mark.DONE,
        "Check if quick fix is obvious and safe": Mark.OPEN,
        "Previous deployment version identified": Mark.DONE,
        "Rollback reason documented": Mark.DONE,
        "Stakeholders notified (if time permits)": Mark.OPEN,
        "Rollback command prepared": Mark.DONE,
    } == _marks(found)
    assert (
        "CRITICAL: health is down or unhealthy: health.status; sure (1 check failed, 1 held) "
        "→ roll back at once (within 2 min), by 03:14:31 UTC"
    ) == found.sentence


def test_the_command_is_the_session_s_own_with_the_rollback() -> None:
    """For the version that was looked at and no other; every option that was typed stays."""
    found = _found(DOWN, PLAN, command=(*COMMAND, "--targets-file", "my targets.toml"))

    assert [
        *("pytest", "-m", "post_rollback", "--target", "prod", "--targets-file", "my targets.toml"),
        *(f"--expect-live={FAULTS[0]}", "--rollback"),
        *("--reason", "health is down or unhealthy: health.status"),
    ] == shlex.split(found.command)


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([check("health.status"), PLAN], "do not roll back; if users say otherwise"),
        (
            [check("health.status", "inconclusive"), PLAN],
            "do not roll back; mend what could not be looked at, first health.status, and look again",
        ),
        (
            [DOWN, OUT, PLAN],
            "look again every few minutes, until it is over there",
        ),
        ([check("discord.endpoint", "fail", severity="critical"), PLAN], "mend it where it is"),
        ([DOWN], "as things stand a rollback would not go ahead"),
        ([DOWN, RollbackSpared("0-live", GOOD, "somebody has just done so")], "would not go ahead"),
        (
            [
                DOWN,
                RollbackPlanned("0-live", FAULTS[0], GOOD, "", "why", refusals=("a migration lies between",)),
            ],
            "as things stand a rollback would not go ahead",
        ),
    ],
)
def test_no_rollback_is_typed_where_none_is_called_for(events: list[Event], words: str) -> None:
    """Or where none would go ahead: then the command is another look."""
    found = _found(*events)

    assert words in found.sentence
    assert shlex.join(COMMAND) == found.command


LEAK = check("security.leaks.secrets", "fail")
STEADY = check("health.steady", "fail", severity="medium")
HELD = check("health.json")
DISCORD_OUT = OutsideSeen("0-live", "discord", "out", "Discord reports critical: Major Service Outage")
OUT_SEEN = check("discord.status", "inconclusive", severity="low")


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        pytest.param(
            [DOWN, LEAK, HELD, *WELL, PLAN],
            "CRITICAL: a secret is shown: security.leaks.secrets (and 1 more row of the policy); "
            "sure (2 checks failed, 1 held) → rotate the secret first, then roll back, by 03:14:31 UTC; "
            "the command below is the second step",
            id="the row that decides is named",
        ),
        pytest.param(
            [STEADY, HELD, *WELL, PLAN],
            "MEDIUM: errors come and go: health.steady; sure (1 check failed, 1 held) "
            "→ investigate, roll back if needed (within 15 min), by 03:27:31 UTC; "
            "the command below is for when it is needed",
            id="nobody types first and investigates then",
        ),
        pytest.param(
            [OUT_SEEN, HELD, *WELL, DISCORD_OUT, PLAN],
            "Nothing is shown to be wrong with the bot; Discord reports critical: Major Service Outage, "
            "which its users may well notice; not quite sure (0 checks failed, 1 held, 1 could not look) "
            "→ do not roll back; wait until it is over there, and look again",
            id="an outage is nothing to mend",
        ),
        pytest.param(
            [check("discord.commands", "n/a", severity="critical"), HELD, *WELL, PLAN],
            "Nothing is wrong with the bot that could be seen from here; "
            "not quite sure (0 checks failed, 1 held, no slash command was tried) "
            "→ do not roll back; if users say otherwise, ask them what they do, and look again",
            id="what users do was not tried",
        ),
        pytest.param(
            [check("deployment.serving", "inconclusive"), HELD, *WELL],
            "Nothing is shown to be wrong with the bot, and not all of it could be looked at; "
            "not quite sure (0 checks failed, 1 held, 1 could not look) "
            "→ do not roll back; mend what could not be looked at, first deployment.serving, and look again",
            id="half blind",
        ),
    ],
)
def test_the_sentence_misleads_nobody(events: list[Event], sentence: str) -> None:
    """What is wrong, how sure, what to do, by when: read at night, by somebody who reads nothing else."""
    assert sentence == _found(*events).sentence


def test_what_is_not_known_is_open() -> None:
    """Neither ticked nor held against a rollback."""
    marks = _marks(_found(DOWN, OutsideSeen("0-live", "discord", "unseen", "no answer")))

    assert Mark.OPEN is marks["Verify issue is deployment-related (not external)"]
    assert Mark.OPEN is marks["Check if issue affects all users or subset"]
    assert Mark.OPEN is marks["Previous deployment version identified"]


def test_what_speaks_against_a_rollback() -> None:
    """An outage, and a plan that would be refused."""
    refused = check("triage.rollback", "degraded", severity="low", message="it would be refused")
    marks = _marks(_found(DOWN, refused, OutsideSeen("0-live", "discord", "out", "Discord is down")))

    assert Mark.AGAINST is marks["Verify issue is deployment-related (not external)"]
    assert Mark.AGAINST is marks["Previous deployment version identified"]
    assert Mark.AGAINST is marks["Rollback command prepared"]


def test_people_who_were_told() -> None:
    """By the channels that took it."""
    told = NotificationSent("slack", "initiated", ok=True, answer="ok", attempts=1, seconds=0.1)
    failed = NotificationSent("slack", "initiated", ok=False, answer="no", attempts=3, seconds=9.0)

    assert Mark.DONE is _marks(_found(DOWN, told))["Stakeholders notified (if time permits)"]
    assert Mark.OPEN is _marks(_found(DOWN, failed))["Stakeholders notified (if time permits)"]


def test_the_reports_show_it() -> None:
    """The page and the incident report; the command stands there as it is typed."""
    seen = VersionSeen(GOOD, "to", 3, message="the good one", created="2026-11-22T10:00:00Z")
    conclusion = conclude(_records(DOWN, *WELL, SOME, seen, PLAN))
    found = first_minute(conclusion)

    assert found is not None
    assert f"    {found.command}\n" in incident(conclusion)
    assert "- [x] Previous deployment version identified: 6f1c2b0e" in incident(conclusion)
    assert "The first minute" in page(conclusion)
    assert "“the good one”" in page(conclusion)


@settings(max_examples=25)
@given(records=journals)
def test_any_journal_has_its_first_minute(records: tuple[Record, ...]) -> None:
    """Total: whatever was written, the checklists have their eight items and the reports are made."""
    began = SessionStarted("run", "pre_rollback", "prod", "bot", "", COMMAND)
    conclusion = conclude(numbered([began, check(), *(record.event for record in records)]))
    found = first_minute(conclusion)

    assert found is not None
    assert 8 == len([item for checklist in found.checklists for item in checklist.items])
    assert all(first_minute_in_words(found))
    assert page(conclusion)
    assert incident(conclusion)


def test_other_sessions_have_none() -> None:
    """The checklists are those of before a rollback."""
    began = SessionStarted("run", "post_rollback", "prod", "bot", "", COMMAND)

    assert first_minute(conclude(numbered((began, DOWN)))) is None
