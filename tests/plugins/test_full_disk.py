"""A disk that is full says nothing of the bot: its exit code is never that of a bot that is wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from backstop.environment import read_environment
from backstop.journal.events import CheckFinished
from backstop.process import run
from backstop.storage import CannotWrite, write_from
from tests.plugins.conftest import ROOT, SessionRunner

GivesOut = Callable[[pytest.MonkeyPatch], None]

PASSING = """
import pytest

@pytest.mark.check("health.fine", severity="high", step="")
def test_fine(looks):
    "The place can be opened"

@pytest.mark.check("health.well", severity="high", step="")
def test_well(looks):
    "And looked at"
"""


def _full(*_arguments: object, **_named: object) -> None:
    message = "the disk is full"
    raise CannotWrite(message, remedy="make room")


def test_a_file_that_somebody_wants_besides(session: SessionRunner, pytester: pytest.Pytester) -> None:
    """JUnit's, for one: an error of this tool's session, with the verdict on the screen all the same."""
    session.suite(PASSING)
    (pytester.path / "taken").touch()

    ended = session.run("--junitxml=taken/junit.xml")

    assert ended.code == 3, ended.output
    assert "2 pass" in ended.output
    assert "taken/junit.xml can't be written" in ended.output


def _our_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    # by the name that the session imports it by: a session before may have left another module behind
    monkeypatch.setattr(import_module("backstop.report.write"), "write_reports", _full)


def _our_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first check on: a stage that can't be written down is not begun."""

    def refused(path: Path, offset: int, text: str | bytes) -> int:
        if isinstance(text, bytes) and f'"{CheckFinished.kind}"'.encode() in text:
            _full()
        return write_from(path, offset, text)

    monkeypatch.setattr("backstop.journal.writer.write_from", refused)


@pytest.mark.parametrize("gives_out", [_our_reports, _our_journal])
def test_our_own_files_that_can_not_be_written(
    session: SessionRunner, monkeypatch: pytest.MonkeyPatch, gives_out: GivesOut
) -> None:
    """Journal or reports: every check still runs, and the ending is said in words."""
    session.suite(PASSING)
    gives_out(monkeypatch)

    ended = session.run()

    assert ended.code == 3, ended.output
    assert "the disk is full" in ended.output
    assert "2 pass" in ended.output
    assert "Traceback" not in ended.output


@pytest.mark.parametrize(
    "lost", ["report.html", "incident.md", "junit.xml", "verdict.json", "allure-results"]
)
def test_one_file_that_can_not_be_written(
    session: SessionRunner, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    """The verdict is shown, what is missing is named, and all others are there."""
    session.suite(PASSING)
    written = "write_many" if lost == "allure-results" else "write_atomic"
    module = import_module("backstop.report.exports" if lost == "allure-results" else "backstop.report.write")
    keep = getattr(module, written)
    monkeypatch.setattr(
        module, written, lambda path, what: _full() if path.name == lost else keep(path, what)
    )

    ended = session.run()
    left = pytester.path / "reports" / "latest"
    others = {"report.html", "incident.md", "junit.xml", "journal.jsonl", "allure-results"} - {lost}

    assert ended.code == 3, ended.output
    assert "the disk is full" in ended.output
    assert "2 pass" in ended.output
    assert ("report: none was written" in ended.output) is (lost == "report.html")
    assert others <= {path.name for path in left.iterdir()}
    assert (left / "verdict.json").exists() is (lost == "allure-results")


FULL = """
import resource, sys, pytest
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
sys.exit(pytest.console_main())
"""


def test_a_disk_that_is_full_before_pytest_can_begin(tmp_path: Path) -> None:
    """No file can grow: pytest has nowhere to capture to, and Python would end it with 1."""
    environment = {**read_environment().handed_down(), "TMPDIR": str(tmp_path)}
    arguments = [sys.executable, "-c", FULL, "-m", "post_rollback", "-p", "no:cacheprovider"]

    ended = run(arguments, env=environment, cwd=ROOT, limit=60.0)

    assert ended.returncode == 3, ended.stderr
    assert "could not begin" in ended.stderr


def test_the_same_session_begins_where_there_is_room(tmp_path: Path) -> None:
    """So that it is the disk that the test above speaks of."""
    environment = {**read_environment().handed_down(), "TMPDIR": str(tmp_path)}
    arguments = [sys.executable, "-m", "pytest", "--list-checks", "-p", "no:cacheprovider", "suites"]

    assert run(arguments, env=environment, cwd=ROOT, limit=60.0).returncode == 0


HOOKED = """
import pytest

@pytest.hookimpl(hookwrapper=True)
def pytest_sessionfinish():
    raise OSError(28, "No space left on device", "benchmark.json")
    yield
"""


def test_a_plugin_that_is_wrapped_around_the_end(session: SessionRunner, pytester: pytest.Pytester) -> None:
    """As pytest-benchmark is, which writes its file before anybody else has ended."""
    session.suite(PASSING)
    pytester.makepyfile(wrapped=HOOKED)
    pytester.syspathinsert()

    ended = session.run("-p", "wrapped")

    assert ended.code == 3, ended.output
    assert "VERIFIED" in ended.output
    assert "No space left" in ended.output


NO_JOURNAL = """
import resource, sys, pytest
class Fill:
    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
sys.exit(pytest.main(sys.argv[1:], plugins=[Fill()]))
"""


def test_a_disk_that_is_full_before_the_journal_begins(tmp_path: Path) -> None:
    """The first line of it can't be written: no wrong usage, and no word about the bot."""
    environment = {**read_environment().handed_down(), "TMPDIR": str(tmp_path)}
    reports = f"--reports={tmp_path / 'reports'}"
    arguments = [sys.executable, "-c", NO_JOURNAL, "-m", "post_rollback", "-p", "no:cacheprovider", reports]

    ended = run(arguments, env=environment, cwd=ROOT, limit=60.0)

    assert ended.returncode == 3, ended.stdout + ended.stderr
    assert "journal.jsonl can't be written" in ended.stdout + ended.stderr
