"""Two monitors of one target at the same moment, and one that is killed: the next one finds a whole state."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.drill.conftest import LIMIT, ROOT, by_itself
from tests.rollback.incident import Incident
from tests.rollback.sessions import PYTEST, as_deployed, session

HEALTH = ("-m", "monitor and health")


def _started(folder: Path) -> subprocess.Popen[str]:
    argv = [*PYTEST, *HEALTH, "--target=mine", f"--targets-file={folder / 'targets.toml'}"]
    return subprocess.Popen(
        [*argv, f"--reports={folder / 'reports'}"],
        cwd=ROOT,
        env=by_itself(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_two_at_once_and_one_that_is_killed(incident: Incident, tmp_path: Path) -> None:
    """Each has its own verdict; they count as one look, or as two where one began after the other."""
    incident.deploy_by_hand(incident.good)
    (tmp_path / "targets.toml").write_text(as_deployed(incident, tmp_path))
    both = [_started(tmp_path), _started(tmp_path)]
    outputs = [process.communicate(timeout=LIMIT)[0] for process in both]
    killed = _started(tmp_path)
    assert killed.stdout is not None
    killed.stdout.readline()
    killed.kill()
    killed.communicate(timeout=LIMIT)

    after = session(tmp_path, *HEALTH, targets=(tmp_path / "targets.toml").read_text())

    assert [0, 0] == [process.returncode for process in both], outputs
    assert all("health: well" in text or "they count once" in text for text in outputs)
    assert 0 == after.code, after.output
    assert "health: well" in after.output
    assert [] == list((tmp_path / ".backstop" / "monitors").rglob("*broken*"))
