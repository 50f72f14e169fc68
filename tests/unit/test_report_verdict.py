"""verdict.json: the keys that scripts rely on."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from backstop.journal.conclusion import conclude
from backstop.journal.events import (
    CheckFinished,
    SessionFinished,
    SessionStarted,
    StageStarted,
)
from backstop.journal.record import Record
from backstop.report.verdict_json import as_text, verdict, verdict_text
from tests.unit.arbitrary import journals
from tests.unit.samples import drill, failed_post_rollback, numbered, refused


def test_a_failed_session_for_programs() -> None:
    """Plain ids, the exit code of the table, versions and the longest timings."""
    members = verdict(conclude(failed_post_rollback()))

    assert members["verdict"] == "failed"
    assert members["exit_code"] == 1
    assert members["severity"] == "critical"
    assert members["to_version"] == "6f1c2b0e-5a77-4f0c-9e0b-8f6a1d0c4b21"
    assert members["checks"]["health.fresh"] == {
        "outcome": "degraded",
        "severity": "medium",
        "suite": "health",
        "stage": "0-live",
        "message": "held after a retry: first answer was 74 s old, wanted ≤ 60 s",
    }
    assert members["timings"]["serving_s"] == 12.6
    assert members["report"] == "report.html"


def test_a_drill_names_checks_by_stage_and_scenarios_by_name() -> None:
    """A check runs once in each stage, so its id alone would hide six of seven outcomes."""
    members = verdict(conclude(drill()))

    assert members["checks"]["health.status@1-fault-health-failure"]["outcome"] == "fail"
    assert members["checks"]["health.status@2-good-health-failure"]["outcome"] == "pass"
    assert members["scenarios"]["discord-failure"] == {
        "verdict": "verified",
        "noticed": ["discord.signed.ping", "discord.command.register"],
        "missed": [],
        "expected": {"severity": "critical", "decision": None, "rollback": "done", "seconds": None},
        "found": {
            "severity": "critical",
            "decision": "roll back at once (within 2 min)",
            "rollback": "done",
            "seconds": 2.499,
        },
    }


def test_what_is_not_known_is_null() -> None:
    """An empty string would look like a version."""
    members = verdict(conclude(refused()))

    assert members["from_version"] is not None
    assert members["to_version"] is None
    assert members["severity"] == "none"


def test_a_check_that_ran_twice_shows_its_worst_end() -> None:
    """Parameters of one check share its id; a pass must not paper over a failure."""
    ends = [CheckFinished("a.b", "t", "a", "low", "0-live", outcome) for outcome in ("pass", "fail", "pass")]
    started = SessionStarted("r", "look", "t", "w", "u", ())
    events = (started, StageStarted("0-live", "live"), *ends, SessionFinished(3, 1.0))

    members = verdict(conclude(numbered(events)))

    assert members["checks"]["a.b"]["outcome"] == "fail"


@given(records=journals)
def test_any_journal_gives_json(records: tuple[Record, ...]) -> None:
    """Strict JSON, always with the same keys."""
    members = json.loads(verdict_text(conclude(records)), parse_constant=_refuse)

    assert list(members) == list(verdict(conclude(())))


def _refuse(constant: str) -> None:
    raise AssertionError(constant)


@pytest.mark.parametrize("records", [drill(), failed_post_rollback(), ()])
def test_the_file_is_written_as_json_is_written(records: tuple[Record, ...]) -> None:
    """Indented by two, whatever saves memory in between."""
    members = verdict(conclude(records))

    assert json.dumps(members, indent=2) + "\n" == as_text(members)
