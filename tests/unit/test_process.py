"""The runner of other programs, with real ones."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from backstop import process
from backstop.bounded import MOST
from backstop.deadline import DEADLINE
from backstop.polling import poll
from backstop.process import Completed, Input, ProcessMissing, ProcessTimedOut, run
from tests.unit.processes import is_gone

ENV = {"PATH": os.defpath}

# Starts a grandchild that ignores SIGTERM, tells its id, and goes on as it is told to.
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-S", "-c", '''
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
'''], stdout=subprocess.PIPE)
child.stdout.readline()
open(sys.argv[1], "w").write(str(child.pid))
"""


def python(code: str, *arguments: str, limit: float = 20, stdin: bytes | Input = Input.EMPTY) -> Completed:
    """Run a piece of Python."""
    return run([sys.executable, "-S", "-c", code, *arguments], env=ENV, limit=limit, stdin=stdin)


def test_keeps_what_ran_and_what_it_wrote() -> None:
    """Command, exit code, both outputs and the time are there as evidence."""
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"

    completed = python(code)

    assert completed.argv == (sys.executable, "-S", "-c", code)
    assert completed.returncode == 3
    assert completed.stdout == "out\n"
    assert completed.stderr == "err\n"
    assert 0 < completed.seconds < 20


def test_environment_is_only_what_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of ours reaches the program unasked."""
    monkeypatch.setenv("LEAKED", "1")

    completed = python("import os; print('LEAKED' in os.environ)")

    assert completed.stdout == "False\n"


def test_input_is_empty_by_default() -> None:
    """A program that asks a question reads the end of its input instead of waiting for us."""
    assert python("import sys; print(repr(sys.stdin.read()))").stdout == "''\n"


def test_large_input_and_output_do_not_block_each_other() -> None:
    """Input, output and errors beyond the size of a pipe flow at the same time."""
    code = "import sys; data = sys.stdin.read(); sys.stderr.write(data); sys.stdout.write(data)"
    sent = b"x" * 200_000

    completed = python(code, stdin=sent)

    assert len(completed.stdout) == len(sent)
    assert len(completed.stderr) == len(sent)


def test_program_may_leave_its_input_unread() -> None:
    """Input that nobody reads is no error."""
    assert python("pass", stdin=b"x" * 200_000).returncode == 0


def test_output_is_bounded() -> None:
    """Of endless output the beginning and the end are kept, and what is missing is said."""
    completed = python("print('first'); print('x' * 2_000_000); print('last')")

    assert completed.stdout.startswith("first\n")
    assert completed.stdout.endswith("last\n")
    assert "bytes left out" in completed.stdout
    assert len(completed.stdout) < 2 * MOST + 100


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    """Output that isn't UTF-8 is no reason to fail."""
    assert python("import os; os.write(1, b'a\\xffb')").stdout == "a\ufffdb"


def test_signal_shows_as_negative_exit_code() -> None:
    """A program that was killed is told from one that failed."""
    assert python("import os; os.kill(os.getpid(), 9)").returncode == -signal.SIGKILL


def test_time_limit_stops_the_program_and_keeps_its_words() -> None:
    """A program over its limit is stopped; what it wrote until then is in the error."""
    with pytest.raises(ProcessTimedOut, match=r"did not end within 0\.5 s .* still at it") as caught:
        python("import time; print('still at it', flush=True); time.sleep(60)", limit=0.5)

    assert caught.value.stdout == "still at it\n"
    assert caught.value.limit == 0.5


def test_no_program_outlives_the_time_of_the_session() -> None:
    """However long it may take by itself; without such a time its own limit holds."""
    with DEADLINE.within(0.5), pytest.raises(ProcessTimedOut, match=r"did not end within 0\.\d+ s"):
        python("import time; time.sleep(60)", limit=60)

    assert 0 == python("pass", limit=60).returncode


def test_time_limit_ends_grandchildren_too(tmp_path: Path) -> None:
    """What the program itself started is gone with it, even when it ignores SIGTERM."""
    told = tmp_path / "pid"

    with pytest.raises(ProcessTimedOut):
        python(PARENT + "time.sleep(60)", str(told), limit=1)

    assert poll(lambda: is_gone(int(told.read_text())), deadline=5, what="grandchild gone")


def test_grandchild_left_behind_neither_blocks_nor_survives(tmp_path: Path) -> None:
    """A program that ends while its child holds the pipes open has ended."""
    told = tmp_path / "pid"

    completed = python(PARENT, str(told), limit=20)

    assert completed.seconds < 10
    assert poll(lambda: is_gone(int(told.read_text())), deadline=5, what="grandchild gone")


def test_interrupt_ends_the_program_before_it_goes_on(tmp_path: Path) -> None:
    """Ctrl-C reaches the caller only when the program and its children are gone."""
    told = tmp_path / "pid"
    interrupt = threading.Thread(target=_interrupt_when, args=(told,))
    interrupt.start()

    with pytest.raises(KeyboardInterrupt):
        python(PARENT + "time.sleep(60)", str(told))
    interrupt.join()

    assert poll(lambda: is_gone(int(told.read_text())), deadline=5, what="grandchild gone")


def _interrupt_when(told: Path) -> None:
    poll(lambda: (told.exists() and told.read_text()) or None, deadline=10, what="grandchild started")
    os.kill(os.getpid(), signal.SIGINT)


def test_missing_program_is_a_usage_error() -> None:
    """A program that isn't installed is named, with a next step."""
    with pytest.raises(ProcessMissing, match="no-such-program") as caught:
        run(["no-such-program", "--version"], env=ENV, limit=1)

    assert "make setup" in caught.value.remedy


def test_missing_directory_is_named(tmp_path: Path) -> None:
    """A working directory that isn't there is told from a missing program."""
    with pytest.raises(ProcessMissing, match="nowhere"):
        run([sys.executable, "-c", ""], env=ENV, cwd=tmp_path / "nowhere", limit=1)


def test_ends_as_soon_as_the_program_does() -> None:
    """The end isn't noticed late by polling for it."""
    ended = [run(["true"], env=ENV, limit=20) for _ in range(3)]

    assert [0, 0, 0] == [completed.returncode for completed in ended]
    assert min(completed.seconds for completed in ended) < 1  # the machine may be busy with something else


def test_nothing_of_a_failed_start_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error between the start and the first look ends the program too."""
    started: list[int] = []

    def broken(popen: subprocess.Popen[bytes], stdin: bytes | None) -> None:
        started.append(popen.pid)
        raise MemoryError(stdin)

    monkeypatch.setattr(process, "Pipes", broken)

    with pytest.raises(MemoryError):
        python("import time; time.sleep(60)")

    assert is_gone(started[0])
