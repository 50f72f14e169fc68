"""A directory of the team that can't be written: one clear line, and the session's verdict is what it was."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from backstop.model.run import SessionKind
from backstop.rollback.baselines import Baselines
from backstop.rollback.verified import VerifiedVersions
from backstop.scoreboard import Scoreboard
from backstop.settings.targets import Targets
from fixtures.remembering import remember_drill, remember_verified
from fixtures.state import Session
from tests.unit.rollbacks import vid
from tests.unit.samples import drill


def _session(state: Path, reports: Path) -> Session:
    """What is read of a session that has ended."""
    board = Scoreboard(Targets(Path("targets.toml"), {}, state), reports, ())
    guards = SimpleNamespace(
        verified=VerifiedVersions(state / "verified"), baselines=Baselines(state / "latency")
    )
    ours = SimpleNamespace(
        run="1234abcd",
        kind=SessionKind.DRILL,
        board=board,
        journal=SimpleNamespace(records=drill()),
        target=SimpleNamespace(name="prod"),
        conductor=SimpleNamespace(guards=guards),
    )
    return cast("Session", ours)


@pytest.fixture
def blocked(tmp_path: Path) -> Path:
    """A file where the directory of the team would be."""
    (tmp_path / "team").write_text("")
    return tmp_path / "team"


def test_a_drill_that_can_not_be_shared_is_kept_here(
    blocked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its record is among the reports, the page is made, and one line says what others will not know."""
    remember_drill(_session(blocked, tmp_path / "reports"))

    said = capsys.readouterr().err
    assert 1 == said.count("\n")
    assert f"other machines can't know the record of this drill: {blocked}/drills" in said
    assert {".json", ".html"} == {path.suffix for path in (tmp_path / "reports" / "drills").iterdir()}


def test_a_verified_version_that_can_not_be_shared_is_said(
    blocked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It was said by nobody once, and the next rollback chose without it."""
    remember_verified(_session(blocked, tmp_path / "reports"), vid(7))

    said = capsys.readouterr().err
    assert 1 == said.count("\n")
    assert f"can't know that {vid(7)} is verified" in said


def test_what_can_be_written_is_not_talked_about(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both are there for the next machine."""
    ours = _session(tmp_path / "team", tmp_path / "reports")
    remember_drill(ours)
    remember_verified(ours, vid(7))

    assert "" == capsys.readouterr().err
    assert 1 == len(list((tmp_path / "team" / "drills").iterdir()))
    assert 1 == len(list((tmp_path / "team" / "verified" / "prod").iterdir()))
