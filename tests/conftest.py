"""What holds for all tests of the tool."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import jinja2  # noqa: F401 - a session within a test forgets what it loads first: pages would know two of its texts
import pytest
from hypothesis import HealthCheck, settings

# how long a draw takes says something of the machine's load, and nothing of the code
settings.register_profile("loaded", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("loaded")

# a machine may forbid it to keep what Python compiles: then each of some 500 sessions compiles all of it anew
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

HERE = Path(__file__).parent
LONG_FIRST = (
    *("interruptions", "drill", "onboard", "rollback", "incident", "faults", "ready", "leaks"),
    *("installed", "telling", "schedules", "monitor", "gate", "plugins", "contract", "sandbox"),
    "hostile",  # runs many sessions at once, most of which wait: beside short tests
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the folders with long tests first, in whatever order each is: at the end no worker waits for one.

    With ``--no-loadscope-reorder`` they are handed out in this order.
    """
    place = {folder: number for number, folder in enumerate(LONG_FIRST)}
    items.sort(key=lambda item: place.get(_folder(item.path), len(place)))


def _folder(test: Path) -> str:
    """The folder of ``tests/`` that a test lies in; empty where it lies in none."""
    return test.relative_to(HERE).parts[0] if test.is_relative_to(HERE) else ""


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """A shell starts what it puts into the background with Ctrl-C ignored, and children inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _no_page_of_a_run() -> Iterator[None]:
    """Sessions that tests run are not shown on the page of the run of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GITHUB_STEP_SUMMARY", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _nobody_is_logged_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A login of wrangler's that whoever runs the tests has must not reach any of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        patch.delenv("XDG_CONFIG_HOME", raising=False)
        yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it plainly where reports were not opened in a browser, since there is none."""
    skipped = terminalreporter.stats.get("skipped", [])
    unseen = sum("tests/report_browser/" in report.nodeid for report in skipped)
    if unseen:
        terminalreporter.section("not looked at", yellow=True, bold=True)
        terminalreporter.line(f"report.html in a real browser ({unseen} tests): there is no Chromium on PATH")
        terminalreporter.line("→ apt install chromium, then make test")
