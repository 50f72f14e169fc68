"""A protected target at a terminal: its name must be typed before anything is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rollback.incident import Incident
from tests.rollback.sessions import PYTEST, Ended, as_deployed
from tests.rollback.terminal import typed_at


def _asked(incident: Incident, folder: Path, answer: str) -> Ended:
    targets = folder / "targets.toml"
    targets.write_text(as_deployed(incident, folder, "protected = true"))
    where = (f"--targets-file={targets}", f"--reports={folder / 'reports'}", "--target=mine")
    what = ("--rollback", "--reason=proof", "--via=api", f"--expect-live={incident.bad}")
    return typed_at(folder, [*PYTEST, "-m", "post_rollback", *what, *where], "Type mine", answer)


def test_the_name(incident: Incident, tmp_path: Path) -> None:
    """It goes on: rolled back, verified."""
    ended = _asked(incident, tmp_path, "mine")

    assert 0 == ended.code, ended.output
    assert [incident.last] == incident.made_by(ended.verdict["run"])
    assert incident.good == incident.served()


@pytest.mark.parametrize("answer", ["", "y", "Mine", "\N{END OF TRANSMISSION}"])
def test_anything_else(incident: Incident, tmp_path: Path, answer: str) -> None:
    """Refused, nothing changed."""
    before = incident.history()

    ended = _asked(incident, tmp_path, answer)

    assert 21 == ended.code, ended.output
    assert "refused" == ended.verdict["verdict"]
    assert before == incident.history()
    assert incident.bad == incident.served()
    assert not list((tmp_path / ".backstop" / "undo").glob("*"))


def test_an_interrupt(incident: Incident, tmp_path: Path) -> None:
    """Ctrl-C in place of an answer: interrupted, nothing changed."""
    before = incident.history()

    ended = _asked(incident, tmp_path, "\N{END OF TEXT}")

    assert 2 == ended.code, ended.output
    assert before == incident.history()
    assert incident.bad == incident.served()
