"""What to type next after a rollback that was made: never the rollback itself, further back."""

from __future__ import annotations

import pytest

from backstop.journal.conclusion import conclude
from backstop.journal.events import (
    RollbackFinished,
    RollbackStarted,
    SessionFinished,
    SessionStarted,
    StageStarted,
)
from backstop.model.verdict import Ending
from tests.unit.conclusions import check
from tests.unit.samples import FAULTS, GOOD, numbered

ROLL_BACK = ("-m", "post_rollback", "--rollback", "--reason=x", "--yes", "--target=prod")


def _ended(*command: str, outcome: str = "done") -> str:
    """What to do next where not all could be looked at after a rollback that ended so."""
    conclusion = conclude(
        numbered(
            (
                SessionStarted("run", "post_rollback", "prod", "bot", "http://bot", command),
                StageStarted("0-after", "after"),
                RollbackStarted("0-after", FAULTS[0], GOOD, "x", "why"),
                RollbackFinished("0-after", outcome, {"command": 1.0}),
                check(outcome="inconclusive", stage="0-after"),
                SessionFinished(1, 1.0),
            )
        )
    )
    assert conclusion.ending is (Ending.INCONCLUSIVE if outcome == "done" else Ending.REFUSED)
    return conclusion.next_step


@pytest.mark.parametrize(
    ("command", "typed"),
    [
        (("pytest", *ROLL_BACK), "pytest -m post_rollback --target prod"),
        (
            ("pytest", *ROLL_BACK, "--targets-file=../my bot/t.toml", "--reports", "out"),
            "pytest -m post_rollback --target prod '--targets-file=../my bot/t.toml' --reports out",
        ),
        (
            ("backstop", "run", *ROLL_BACK, "--targets-file", "t.toml"),
            "backstop run -m post_rollback --target prod --targets-file t.toml",
        ),
    ],
)
def test_what_could_not_be_looked_at_is_only_looked_at_again(command: tuple[str, ...], typed: str) -> None:
    """From the same place, with the same targets."""
    told = _ended(*command)

    assert "the rollback is done" in told
    assert told.endswith(f"then only look: {typed}")
    assert "--rollback" not in told


def test_what_was_not_made_is_asked_for_again() -> None:
    """The other half of the pair: also where it was practice, whose bot is gone."""
    assert _ended("pytest", *ROLL_BACK, outcome="refused").endswith("--yes --target=prod")
    assert _ended("pytest", *ROLL_BACK, "--fault=slow").endswith("--fault=slow")


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        ("pre_rollback", "do what is decided: the first minute says by when, and what to type"),
        ("look", "begin with a.b: the report shows what it found and wanted"),
    ],
)
def test_an_incident_goes_on_with_what_was_decided(session: str, expected: str) -> None:
    """A session that says itself what to do does not send people to some check instead."""
    start = SessionStarted("run", session, "prod", "bot", "http://bot", ())
    found = conclude(numbered((start, StageStarted("0-live", "live"), check(name="a.b", outcome="fail"))))

    assert expected == found.next_step
