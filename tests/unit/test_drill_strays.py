"""What a rollback command detaches is gone when it ends, however it ends, and is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from backstop.drill import strays as strays_module
from backstop.drill.rollback_command import CommandEnded, RollbackCommand
from backstop.drill.strays import caught
from backstop.polling import SYSTEM, poll
from backstop.rollback.testimony import Word
from tests.unit.processes import is_gone

# Detaches a sleeper as daemons do: forks twice, with a session of its own, and tells its id.
DETACH = """
import os, sys, time
def detach(told):
    if os.fork():
        return os.wait()
    os.setsid()
    if os.fork():
        os._exit(0)
    os.execv(sys.executable, [sys.executable, "-S", "-c",
        "import os, sys, time; open(sys.argv[1] + '.new', 'w').write(str(os.getpid())); "
        "os.rename(sys.argv[1] + '.new', sys.argv[1]); time.sleep(120)", told])
detach(sys.argv[1])
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
"""
HANG = "import time; time.sleep(120)"


def _run(script: str, told: Path, limit: float = 60.0) -> CommandEnded:
    words = (sys.executable, "-S", "-c", script, str(told))
    return RollbackCommand(words).run({}, {"PATH": os.defpath}, None, limit, SYSTEM)


def _gone(told: Path) -> bool:
    return poll(lambda: is_gone(int(told.read_text())), deadline=10, what="the sleeper gone")


def test_what_was_detached_is_gone_and_told(tmp_path: Path) -> None:
    """Its word stands, and beside it what it left."""
    told = tmp_path / "pid"

    ended = _run(DETACH, told)

    assert _gone(told)
    assert (Word.DONE, False) == (ended.act.word, ended.hung)
    assert ended.ended.startswith("it ended with exit code 0 and left python")
    assert ended.ended.endswith(f"({told.read_text()}) running, detached, which was ended")


@pytest.mark.parametrize(
    ("then", "found"),
    [("sys.exit(3)", "it ended with exit code 3 and left"), (HANG, "and was killed and left")],
)
def test_it_is_gone_too_when_the_command_fails_or_hangs(then: str, found: str, tmp_path: Path) -> None:
    """However it ended: what acts later would act on a worker that nobody watches."""
    told = tmp_path / "pid"

    ended = _run(DETACH + then, told, limit=60.0 if then != HANG else 3.0)

    assert _gone(told)
    assert found in ended.ended


def test_it_is_gone_after_an_interrupt(tmp_path: Path) -> None:
    """Ctrl-C reaches the drill once nothing of the command is left."""
    told = tmp_path / "pid"

    def interrupt() -> None:
        poll(lambda: told.exists() or None, deadline=30, what="the sleeper")
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        _run(DETACH + HANG, told)
    thread.join()

    assert _gone(told)


def test_a_command_that_detaches_nothing_is_not_said_to(tmp_path: Path) -> None:
    """Nor is anything ended that ran before it."""
    with subprocess.Popen([sys.executable, "-S", "-c", HANG], stdin=subprocess.DEVNULL) as others:
        ended = _run("", tmp_path / "pid")
        alive = others.poll() is None
        others.kill()

    assert alive
    assert ("it ended with exit code 0", "") == (ended.ended, ended.detached)


def test_what_does_not_end_is_told_and_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as one that is started anew each time."""
    monkeypatch.setattr(strays_module, "_kill_all", lambda _mark: {7: "phoenix"})
    monkeypatch.setattr(strays_module, "_WITHIN_S", 0.01)

    with caught({}) as strays:
        pass
    ended = RollbackCommand((sys.executable, "-c", "")).run({}, {}, None, 60.0, SYSTEM)

    assert "left phoenix (7) running, which could not be ended" == strays.told
    assert ended.hung
