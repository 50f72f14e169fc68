"""A session lists itself with those before it, and removes what the rule of [reports] does not keep."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.plugins.conftest import SessionRunner
from tests.unit.test_history import leave

PASSING = """
import pytest

@pytest.mark.check("health.fine", severity="high", step="")
def test_fine(looks):
    "The place can be opened"
"""
OLD = timedelta(days=800)


def ran(pytester: pytest.Pytester) -> Path:
    """The folder of the session."""
    return (pytester.path / "reports" / "latest").resolve()


def test_a_session_ends_with_its_seal_and_lists_itself(
    session: SessionRunner, pytester: pytest.Pytester
) -> None:
    """What the terminal says last of us is what the journal ends with, and the reports show."""
    session.suite(PASSING)

    ended = session.run()

    folder = ran(pytester)
    chain = json.loads((folder / "journal.jsonl").read_bytes().splitlines()[-1])["chain"]
    assert [chain] == re.findall(r"^seal:   (\w+)$", ended.output, re.MULTILINE)
    assert chain == (ended.verdict or {})["seal"]
    assert all(chain in (folder / name).read_text() for name in ("report.html", "incident.md"))
    assert f"{folder.name}/report.html" in (folder.parent / "index.html").read_text()


def test_what_has_outlived_the_rule_goes(session: SessionRunner, pytester: pytest.Pytester) -> None:
    """Once the session has ended, and never what might be needed."""
    session.suite(PASSING)
    reports = pytester.path / "reports"
    gone, kept = leave(reports, OLD), leave(reports, 2 * OLD, verdict="unrestored")

    ended = session.run()

    assert (False, True) == (gone.path.is_dir(), kept.path.is_dir())
    assert "removed 1 old report," in ended.output


def test_the_rule_is_the_one_of_the_targets_file(
    session: SessionRunner, pytester: pytest.Pytester, fake_bot: object
) -> None:
    """The same reports, another rule."""
    session.suite(PASSING)
    kept = leave(pytester.path / "reports", OLD)
    targets = pytester.path / "targets.toml"
    targets.write_text("[reports]\nkeep_days = 3000\n" + targets.read_text())

    session.run()

    assert kept.path.is_dir()


def test_a_list_that_can_not_be_made_says_nothing_of_the_bot(
    session: SessionRunner, pytester: pytest.Pytester
) -> None:
    """It is said, and the session ends as it would have."""
    session.suite(PASSING)
    (pytester.path / "reports" / "index.html").mkdir(parents=True)
    usual = session.run()

    assert "the list of sessions is not up to date" in usual.output
    assert "verified" == (usual.verdict or {})["verdict"], usual.output
    assert 0 == usual.code
