"""Alarms of monitors that end at the same moment, and a state directory that takes nothing."""

from __future__ import annotations

import subprocess

from tests.drill.conftest import LIMIT, ROOT, by_itself
from tests.rollback.sessions import PYTEST
from tests.telling.audience import Audience, trail

MONITOR = """
[targets.mine.monitor]
raise_after = 1
"""
ALERTS = 'alerts = ["slack", "discord", "statuspage"]\n'
SUITES = ("health", "errors")


def _tell_all(audience: Audience) -> None:
    """Every channel hears of the first look that fails."""
    target = audience.desk.target.replace("[targets.mine.channels]\n", f"[targets.mine.channels]\n{ALERTS}")
    audience.desk.target = target + MONITOR


def _started(audience: Audience, suite: str) -> subprocess.Popen[str]:
    folder = audience.desk.folder
    argv = [
        *PYTEST,
        "-m",
        f"monitor and {suite}",
        "--target=mine",
        f"--targets-file={folder / 'targets.toml'}",
    ]
    return subprocess.Popen(
        [*argv, f"--reports={folder / 'reports'}"],
        cwd=ROOT,
        env=by_itself() | audience.desk.shell,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_two_alarms_at_once_of_two_processes(audience: Audience) -> None:
    """One notice, one public incident, and a message for the team for each of them."""
    _tell_all(audience)
    audience.desk.write()

    both = [_started(audience, suite) for suite in SUITES]
    outputs = [process.communicate(timeout=LIMIT)[0] for process in both]

    assert [1, 1] == [process.returncode for process in both], outputs
    assert all("alert raised" in output for output in outputs), outputs
    assert {f"🔔 mine: {suite} is failing" for suite in SUITES} == set(audience.headers())
    assert 2 == len(audience.headers())
    assert 1 == len(audience.discord())
    assert 1 == len(audience.incidents())


def test_a_state_directory_that_takes_nothing(audience: Audience) -> None:
    """One line each; the rollback and its verdict are its own, and people are told."""
    (audience.desk.folder / "told").write_text("")  # in the place of a folder: nobody can write below it
    audience.desk.target += f'\n[state]\ndirectory = "{audience.desk.folder}"\n'

    ended = audience.roll_back()

    assert 0 == ended.code, ended.output
    assert {"slack", "discord", "statuspage"} == {who for who, _, ok in trail(ended) if ok}
    assert "Traceback" not in ended.output
