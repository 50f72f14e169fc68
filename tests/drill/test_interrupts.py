"""A drill that is cut short leaves nothing behind, and says how it ended."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backstop.polling import poll
from tests.drill.conftest import LIMIT, ROOT, by_itself, descendants, sandboxed, temporary_of

REFERENCE = 'environment = "local"\nhealth = { json = { status = "healthy" } }\n'


@contextmanager
def _drill(folder: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A drill in a process of its own, and the folder by which everything that it starts is known."""
    (folder / "targets.toml").write_text(sandboxed(ROOT / "sandbox" / "bot", REFERENCE))
    temporary = temporary_of(folder)
    argv = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-m", "drill", "--target=mine"]
    argv += ["--scenario=health-check-failure", "--scenario=security-regression"]
    argv += [f"--targets-file={folder / 'targets.toml'}", f"--reports={folder / 'reports'}"]
    with subprocess.Popen(
        argv,
        cwd=ROOT,
        env=by_itself() | {"TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process, temporary
        finally:
            process.kill()


def _until(folder: Path, kind: str) -> None:
    """Wait until the journal has a line of this kind."""

    def look() -> bool | None:
        journals = list((folder / "reports").glob("*-drill-mine/journal.jsonl"))
        return True if journals and f'"kind": "{kind}"' in journals[0].read_text() else None

    poll(look, deadline=LIMIT, what=f"a journal with {kind}")


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        pytest.param(signal.SIGINT, "stage-started", id="SIGINT while the sandbox starts"),
        pytest.param(signal.SIGTERM, "mutation-armed", id="SIGTERM while the fault is uploaded"),
        pytest.param(signal.SIGINT, "mutation-done", id="SIGINT while the fault serves"),
        pytest.param(signal.SIGTERM, "rollback-started", id="SIGTERM while wrangler rolls back"),
    ],
)
def test_an_interrupted_drill_restores(tmp_path: Path, number: signal.Signals, kind: str) -> None:
    """Exit code 2, a report, every mutation undone, no process and no note left, and a record."""
    with _drill(tmp_path) as (process, temporary):
        _until(tmp_path, kind)
        process.send_signal(number)
        output, _ = process.communicate(timeout=LIMIT)
    verdict = json.loads((tmp_path / "reports" / "latest" / "verdict.json").read_text())

    assert process.returncode == 2, output
    assert verdict["verdict"] == "inconclusive"
    assert not descendants(temporary)
    assert not list((tmp_path / ".backstop" / "undo").rglob("*.json"))
    (record,) = (tmp_path / "reports" / "drills").glob("*.json")
    assert 2 == json.loads(record.read_text())["exit_code"]


def test_a_killed_drill_leaves_no_process(tmp_path: Path) -> None:
    """Nobody can clean up after SIGKILL but the children themselves; the journal stays, and a note."""
    with _drill(tmp_path) as (process, temporary):
        _until(tmp_path, "mutation-done")
        process.send_signal(signal.SIGKILL)
        process.wait(LIMIT)
        poll(
            lambda: True if not descendants(temporary) else None, deadline=30, what="the end of all children"
        )

    assert list((tmp_path / ".backstop" / "undo").glob("mine.json"))
