"""Whatever a process prints passes the redactor, in whatever parts it is written."""

from __future__ import annotations

import sys
from io import BytesIO, StringIO, TextIOWrapper

import pytest

from backstop.environment import read_environment
from backstop.outlets import RedactedStream, as_before, print_openly, redact_from_here_on, redacted_output
from backstop.process import run

WEBHOOK = "https://discord.com/api/webhooks/998877665544332211/Zt5-Rk8wQn2_Vx7bLm4PjY9sHd3CgFa6"
SHOWN = "https://discord.com/api/webhooks/998877665544332211/[redacted webhook token]"


@pytest.mark.parametrize("cut", [0, 30, 60, len(WEBHOOK)])
def test_a_secret_in_two_parts_is_one(cut: int) -> None:
    """A line is judged as a whole, however it was written."""
    behind = StringIO()
    stream = RedactedStream(behind)

    stream.write(f"see {WEBHOOK[:cut]}")
    stream.write(f"{WEBHOOK[cut:]}\n")

    assert f"see {SHOWN}\n" == behind.getvalue()


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("ascii", r"VERIFIED \xb7 \u201cok\u201d"),
        ("latin-1", r"VERIFIED · \u201cok\u201d"),
        ("utf-8", "VERIFIED · “ok”"),
    ],
)
def test_a_terminal_that_lacks_a_sign_shows_its_number(encoding: str, shown: str) -> None:
    """And what stands before and behind it, line by line."""
    bytes_behind = BytesIO()
    stream = RedactedStream(TextIOWrapper(bytes_behind, encoding=encoding))

    stream.write("VERIFIED · “ok”\nnext\n")
    behind = stream.let_through()
    behind.flush()

    assert f"{shown}\nnext\n" == bytes_behind.getvalue().decode(encoding)
    assert "strict" == behind.errors


def test_what_waits_is_flushed() -> None:
    """A question on the screen, or the dots of a progress, don't wait for the end of their line."""
    behind = StringIO()
    stream = RedactedStream(behind)

    stream.write("Really? ")
    before = behind.getvalue()
    stream.flush()

    assert ("", "Really? ") == (before, behind.getvalue())


def test_a_line_without_an_end_does_not_wait_for_ever() -> None:
    """What is kept is bounded."""
    behind = StringIO()

    RedactedStream(behind).write("x" * 1_000_000)

    assert 1_000_000 == len(behind.getvalue())


def test_other_output_is_let_through(capsys: pytest.CaptureFixture[str]) -> None:
    """What is not ours to hide is printed as it is, by those who kept the stream as well."""
    redact_from_here_on()
    kept = sys.stdout
    as_before()

    kept.write(f"{WEBHOOK}\n")
    sys.stdout.write(f"{WEBHOOK}\n")

    assert f"{WEBHOOK}\n{WEBHOOK}\n" == capsys.readouterr().out
    assert sys.excepthook is sys.__excepthook__


def test_what_was_made_up_for_somebody_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """The credentials of a sandbox are of use to whoever started it only if they can be read."""
    with redacted_output():
        sys.stdout.write("first ")
        print_openly(WEBHOOK)
    print_openly(WEBHOOK)

    assert f"first {WEBHOOK}\n{WEBHOOK}\n" == capsys.readouterr().out


def test_output_is_redacted_for_a_while(capsys: pytest.CaptureFixture[str]) -> None:
    """Both streams, and only so long."""
    with redacted_output():
        sys.stdout.write(f"{WEBHOOK}\n")
        sys.stderr.write(f"{WEBHOOK}\n")
    sys.stdout.write("as before\n")

    assert (f"{SHOWN}\nas before\n", f"{SHOWN}\n") == capsys.readouterr()


@pytest.mark.parametrize("begin", ["redact_from_here_on()\nif True:", "with redacted_output():"])
def test_a_traceback_is_redacted_too(begin: str) -> None:
    """That of an error nobody caught, which ends the process."""
    program = f"""
from backstop.outlets import redact_from_here_on, redacted_output
{begin}
    raise RuntimeError("{WEBHOOK}")
"""

    ended = run([sys.executable, "-c", program], env=read_environment().handed_down(), limit=30.0)

    assert 1 == ended.returncode
    assert f"RuntimeError: {SHOWN}" in ended.stderr
    assert WEBHOOK not in ended.stderr


def test_no_memory_is_written_down() -> None:
    """Of a process that crashes: no core file, also not of what it starts."""
    program = """
import resource
from backstop.outlets import redact_from_here_on
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
redact_from_here_on()
print(resource.getrlimit(resource.RLIMIT_CORE) == (0, hard))
"""

    ended = run([sys.executable, "-c", program], env=read_environment().handed_down(), limit=30.0)

    assert "True\n" == ended.stdout
