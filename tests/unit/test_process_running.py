"""Programs that run beside us."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from backstop.polling import poll
from backstop.process import ProcessMissing, start
from backstop.running import NoLine
from tests.unit.processes import is_gone

ENV = {"PATH": os.defpath}
ECHO = "import sys\nfor line in sys.stdin: print('got', line, end='', flush=True)"


def command(code: str, *arguments: str) -> list[str]:
    """The command line for a piece of Python."""
    return [sys.executable, "-S", "-c", code, *arguments]


def test_lines_are_read_as_they_come() -> None:
    """What is written to the program and what it answers can alternate."""
    with start(command(ECHO), env=ENV) as running:
        running.write("one\n")
        first = running.read_line(10)
        running.write("two\n")
        second = running.read_line(10)

    assert (first, second) == ("got one", "got two")


def test_end_of_the_context_is_the_end_of_the_program() -> None:
    """A program that stops at the end of its input ends by itself, in order."""
    code = "import sys; print('up', flush=True); sys.stdin.read(); sys.exit(7)"
    with start(command("import signal; signal.signal(15, signal.SIG_IGN)\n" + code), env=ENV) as running:
        running.read_line(10)
        assert running.returncode is None

    assert running.returncode == 7


def test_program_that_ignores_everything_is_killed() -> None:
    """Neither the end of input nor SIGTERM being heeded, SIGKILL follows after the grace."""
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    with start(command(code), env=ENV, grace=0.2) as running:
        running.read_line(10)

    assert running.returncode == -9


def test_children_of_the_program_go_with_it(tmp_path: Path) -> None:
    """An exception in the context leaves no process of the group behind."""
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        "print(child.pid, flush=True)\ntime.sleep(60)"
    )
    pids: list[int] = []

    def fail() -> None:
        with start(command(code), env=ENV, cwd=tmp_path) as running:
            pids.extend((running.pid, int(running.read_line(10))))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert poll(lambda: all(is_gone(pid) for pid in pids) or None, deadline=5, what="both gone")
    assert len(pids) == 2


def test_silence_ends_after_the_limit() -> None:
    """A program that writes nothing is waited for no longer than asked."""
    with (
        start(command("import time; time.sleep(60)"), env=ENV) as running,
        pytest.raises(NoLine, match=r"wrote no line within 0\.1 s"),
    ):
        running.read_line(0.1)


def test_early_end_shows_the_errors() -> None:
    """A program that dies before its first line is quoted with what it complained about."""
    with (
        start(command("raise SystemExit('port taken')"), env=ENV) as running,
        pytest.raises(NoLine, match="ended without a word; its errors: port taken"),
    ):
        running.read_line(10)


def test_lines_written_before_the_end_are_still_read() -> None:
    """The end of a program doesn't swallow what it wrote before."""
    with start(command("print('one'); print('two')"), env=ENV) as running:
        lines = [running.read_line(10), running.read_line(10)]

    assert lines == ["one", "two"]


def test_unread_lines_are_bounded_and_do_not_block() -> None:
    """A talkative program runs on; only its newest lines are kept."""
    code = "import sys\nfor n in range(50_000): print(n)\nprint('done', file=sys.stderr, flush=True)"
    with start(command(code), env=ENV) as running:
        poll(lambda: "done" in running.stderr() or None, deadline=10, what="done")
        poll(lambda: running.returncode is not None or None, deadline=10, what="ended")

    assert int(running.read_line(1)) >= 40_000


def test_missing_program_is_named() -> None:
    """The same error as for a program that is run to its end."""
    with pytest.raises(ProcessMissing, match="no-such-program"), start(["no-such-program"], env=ENV):
        pass
