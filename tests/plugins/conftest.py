"""A bot that says what a test tells it to, and sessions that look at it."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
WITHOUT = ("anyio", "cacheprovider", "hypothesispytest", "randomly")  # as pyproject.toml has it
PLUGINS = (
    "options",
    "session",
    "ending",
    "deadline",
    "selection",
    "timeline",
    "automation",
    "plan",
    "outcomes",
    "terminal",
    "looks",
    "freshness",
    "triage",
    "gate",
    "latency",
    "comparison",
    "monitor",
    "watch",
    "redaction",
)


@dataclass
class FakeBot:
    """Answers every request with ``status`` and ``body``, but the first ``failures`` GETs with 500.

    What comes after the first ``limit`` requests is answered with 429; 0 is no limit.
    """

    url: str = ""
    status: int = 200
    body: Any = field(default_factory=lambda: {"status": "healthy"})
    failures: int = 0
    asked: int = 0
    limit: int = 0


@pytest.fixture
def fake_bot() -> Iterator[FakeBot]:
    """A bot on loopback."""
    bot = FakeBot()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            bot.asked += 1
            failing = self.command == "GET" and bot.failures > 0
            bot.failures -= failing
            payload = json.dumps(bot.body).encode()
            limited = 0 < bot.limit < bot.asked
            self.send_response(429 if limited else 500 if failing else bot.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_POST = do_PUT = do_GET  # noqa: N815 - the names that http.server calls

        def log_message(self, *_arguments: object) -> None:
            """Keep the test's output to itself."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    bot.url = f"http://127.0.0.1:{server.server_port}"
    yield bot
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class Ended:
    """How a session ended: its exit code, what it printed, and its verdict.json (None without one)."""

    code: int
    output: str
    verdict: dict[str, Any] | None


class SessionRunner:
    """Runs sessions of this project's plugins in an empty project."""

    def __init__(self, pytester: pytest.Pytester, bot: FakeBot) -> None:
        self._pytester = pytester
        plugins = ", ".join(f'"fixtures.{name}"' for name in PLUGINS)
        pytester.makeconftest(f"pytest_plugins = ({plugins})")
        without = " ".join(f"-p no:{plugin}" for plugin in WITHOUT)
        pytester.makeini(f"[pytest]\naddopts = {without} --strict-markers\ntestpaths = suites\n")
        self.target(bot.url)

    def target(self, url: str, more: str = "") -> None:
        """Describe the target ``mine``; its control address is the bot's own unless ``more`` has one."""
        control = "" if "control" in more else f'control = "{url}"\n'
        health = 'health = { path = "/", json = { status = "healthy" } }'
        text = f'[targets.mine]\nurl = "{url}"\nworker = "mine"\n{health}\n'
        self._pytester.path.joinpath("targets.toml").write_text(text + control + more)

    def suite(self, source: str, name: str = "health") -> None:
        """Write the only test file of one suite."""
        folder = (
            self._pytester.mkdir("suites")
            if not (self._pytester.path / "suites").exists()
            else self._pytester.path / "suites"
        )
        (folder / name).mkdir(exist_ok=True)
        (folder / name / f"test_{name}_under_test.py").write_text(source)

    def run(self, *arguments: str) -> Ended:
        """Run pytest as somebody would type it."""
        arguments = arguments if "--target" in arguments else ("--target", "mine", *arguments)
        with _signals_as_before():
            result = self._pytester.runpytest_inprocess(*arguments, no_reraise_ctrlc=True)
        latest = self._pytester.path / "reports" / "latest" / "verdict.json"
        verdict = json.loads(latest.read_text()) if latest.exists() else None
        return Ended(int(result.ret), result.stdout.str() + result.stderr.str(), verdict)


@contextmanager
def _signals_as_before() -> Iterator[None]:
    """A session leaves interrupts held back, since its process ends with it; here it does not."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    hook = sys.unraisablehook
    try:
        yield
    finally:
        sys.unraisablehook = hook
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.fixture
def session(pytester: pytest.Pytester, fake_bot: FakeBot, monkeypatch: pytest.MonkeyPatch) -> SessionRunner:
    """Sessions against the fake bot, with no plugins but ours and pytest's own."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return SessionRunner(pytester, fake_bot)
