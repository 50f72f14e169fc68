"""What holds for all tests of the tool."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# How fast values are drawn says nothing of what is tested, and a loaded machine draws slowly.
settings.register_profile("loaded", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("loaded")


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """A shell starts what it puts into the background with Ctrl-C ignored, and children inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


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
