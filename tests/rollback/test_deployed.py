"""Sessions that roll back a bot that is deployed: consent, ways to act, reasons, plans."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.rollback.incident import BOT, Incident, message_of
from tests.rollback.sessions import Ended, as_deployed, session

ROLL_BACK = ("-m", "post_rollback", "--rollback")
NASTY = 'it\'s "down";\n$(reboot) `x` 100 % 🔥\t— ' + "é🤖" * 2000


def _roll_back(incident: Incident, folder: Path, *arguments: str, more: str = "", reason: str = "x") -> Ended:
    expected = f"--expect-live={incident.bad}"
    targets = as_deployed(incident, folder, more)
    return session(folder, *ROLL_BACK, f"--reason={reason}", expected, *arguments, targets=targets)


@pytest.mark.parametrize("via", ["wrangler", "api"])
def test_with_consent(incident: Incident, tmp_path: Path, via: str) -> None:
    """A protected target is rolled back with --yes, once, and verified."""
    ended = _roll_back(incident, tmp_path, "--yes", f"--via={via}", more="protected = true")

    assert 0 == ended.code, ended.output
    assert (incident.bad, incident.good) == (ended.verdict["from_version"], ended.verdict["to_version"])
    assert incident.good == incident.served()
    assert [incident.last] == incident.made_by(ended.verdict["run"])
    assert not list((tmp_path / ".backstop" / "undo").glob("*"))
    assert [] == ended.left


@pytest.mark.parametrize("via", ["wrangler", "api"])
def test_a_nasty_reason(incident: Incident, tmp_path: Path, via: str) -> None:
    """It is written on one line, cut where it is too long, and the whole mark stands behind it."""
    assert len(NASTY.encode()) > 10_000

    ended = _roll_back(incident, tmp_path, f"--via={via}", reason=NASTY)

    message = message_of(incident.last)
    mark = f"[backstop {ended.verdict['run']} from={incident.bad} to={incident.good}]"
    assert 0 == ended.code, ended.output
    assert message.startswith('it\'s "down"; $(reboot) `x` 100 % 🔥 — é🤖')
    assert message.endswith(f"… {mark}")
    assert message.isprintable()
    assert len(message.encode()) <= 1000


def test_a_reason_in_another_encoding(incident: Incident, tmp_path: Path) -> None:
    """What an old terminal makes of an accent is no reason not to roll back."""
    ended = _roll_back(incident, tmp_path, "--via=api", reason=os.fsdecode(b"caf\xe9"))

    assert 0 == ended.code, ended.output
    assert [incident.last] == incident.made_by(ended.verdict["run"])
    assert message_of(incident.last).startswith("caf")


def _half_mended(incident: Incident, folder: Path) -> str:
    """A targets file whose project somebody is in the middle of mending."""
    project = folder / "half-mended"
    project.mkdir()
    (project / "wrangler.toml").write_text(f'name = "{incident.worker}"\nmain = "gone.js"\n[broken\n')
    return as_deployed(incident, folder).replace(str(BOT), str(project))


@pytest.mark.parametrize("kind", ["drill", "pre_deploy"])
def test_what_builds_wants_a_project_that_is_in_order(incident: Incident, tmp_path: Path, kind: str) -> None:
    """Before anything is begun."""
    ended = session(tmp_path, "-m", kind, targets=_half_mended(incident, tmp_path))

    assert 4 == ended.code, ended.output
    assert "wrangler.toml:3: not valid TOML" in ended.output
    assert {} == ended.verdict


@pytest.mark.parametrize("via", ["wrangler", "api"])
def test_a_project_that_is_not_in_order(incident: Incident, tmp_path: Path, via: str) -> None:
    """The worker's name is all that the way back needs."""
    targets = _half_mended(incident, tmp_path)
    asked = ("--reason=x", f"--via={via}", f"--expect-live={incident.bad}")

    ended = session(tmp_path, *ROLL_BACK, *asked, targets=targets)

    assert 0 == ended.code, ended.output
    assert incident.good == incident.served()
    assert any("wrangler.toml:3" in line["text"] for line in ended.lines("said"))


@pytest.mark.parametrize(("expected", "code"), [("bad", 0), ("good", 21)])
def test_a_plan(incident: Incident, tmp_path: Path, expected: str, code: int) -> None:
    """It is printed, ends as the rollback would begin, and changes nothing."""
    live = {"bad": incident.bad, "good": incident.good}[expected]
    before = incident.history()
    targets = as_deployed(incident, tmp_path)

    ended = session(tmp_path, *ROLL_BACK, "--plan", f"--expect-live={live}", targets=targets)

    assert code == ended.code, ended.output
    assert incident.good in ended.output
    assert before == incident.history()
    assert incident.bad == incident.served()
    assert [] == [
        path.name for path in tmp_path.iterdir() if path.name not in {".env", "targets.toml", "tmp"}
    ]
