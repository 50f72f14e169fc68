"""The sandbox as a child process: a stub stands in for it, so that each way to fail can be shown."""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import fields
from pathlib import Path

import pytest

from backstop import sandboxed
from backstop.model.errors import CouldNotLook, UsageError
from backstop.polling import poll
from backstop.sandboxed import HttpsAddress, SandboxHandle, running_sandbox
from tests.unit.loopback import api

READY = {field.name: f"the {field.name}" for field in fields(SandboxHandle)}
OBEDIENT = "sys.stdin.read()"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project root with a place for a sandbox."""
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox" / "__init__.py").touch()  # without it, an installed sandbox comes first
    monkeypatch.setattr(sandboxed, "project_root", lambda: tmp_path)
    return tmp_path


def _write(root: Path, *lines: str) -> Path:
    """A sandbox of these lines; it notes its process id."""
    pid = root / "pid"
    noted = f"pathlib.Path({str(pid)!r}).write_text(str(os.getpid()))"
    text = "\n".join(("import json, os, pathlib, signal, subprocess, sys, time", noted, *lines))
    (root / "sandbox" / "__main__.py").write_text(text)
    return pid


def _say(line: object) -> str:
    return f"print({json.dumps(line)!r}, flush=True)"


def _gone(pid: int) -> bool | None:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return None


def test_the_ready_line_becomes_a_handle(root: Path) -> None:
    """Members that we don't know are no fault."""
    pid = _write(root, _say({**READY, "new": "member"}), OBEDIENT)

    with running_sandbox() as handle:
        assert READY["api"] == handle.api
        assert READY["signing_key"] == handle.signing_key
    poll(lambda: _gone(int(pid.read_text())), deadline=3, what="the end of the sandbox")


def test_a_sandbox_that_does_not_come_up_shows_its_errors(root: Path) -> None:
    """What it wrote stands in the message."""
    _write(root, "sys.exit('no workerd here')")

    with pytest.raises(CouldNotLook, match="no workerd here"), running_sandbox():
        pass


@pytest.mark.parametrize("line", ["hello", [], {}, {"api": "x"}, None])
def test_an_odd_ready_line_is_shown(root: Path, line: object) -> None:
    """Beside what was wanted."""
    _write(root, _say(line), OBEDIENT)

    with pytest.raises(CouldNotLook, match="wanted a JSON object with api, control"), running_sandbox():
        pass


def test_a_silent_sandbox_is_given_up_and_ended(root: Path) -> None:
    """Its start has a deadline."""
    pid = _write(root, OBEDIENT)

    with pytest.raises(CouldNotLook, match="no line within"), running_sandbox(deadline=0.5):
        pass
    poll(lambda: _gone(int(pid.read_text())), deadline=3, what="the end of the sandbox")


def test_a_deaf_sandbox_and_its_children_are_killed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever signals it ignores, also when the session fails."""
    monkeypatch.setattr(sandboxed, "GRACE", 0.2)
    child = root / "child"
    spawn = f"sleep 60 & echo $! > {shlex.quote(str(child))}"
    pid = _write(
        root,
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)",
        f"subprocess.run(['/bin/sh', '-c', {spawn!r}], check=True)",
        _say(READY),
        "time.sleep(60)",
    )

    with pytest.raises(KeyError), running_sandbox():
        raise KeyError
    poll(lambda: _gone(int(pid.read_text())), deadline=3, what="the end of the sandbox")
    poll(lambda: _gone(int(child.read_text())), deadline=3, what="the end of its child")


def test_without_a_sandbox_the_next_step_is_said(root: Path) -> None:
    """It is not installed with the library."""
    assert root.exists()
    with pytest.raises(UsageError, match="clone"), running_sandbox():
        pass


def test_the_handle_asks_the_control_endpoints() -> None:
    """Workers, conditions and unknown requests."""
    answers: dict[str, tuple[int, object]] = {
        "GET /sandbox/workers/bot": (200, {"url": "http://127.0.0.1:7", "live": []}),
        "GET /sandbox/workers/gone": (404, {"error": "no worker named gone is deployed"}),
        "PUT /sandbox/conditions": (200, {}),
        "PUT /sandbox/workers/bot/tls": (
            200,
            {"https_url": "https://127.0.0.1:8", "plain_url": "http://127.0.0.1:9", "authority": "PEM"},
        ),
        "GET /sandbox/unknown-requests": (200, {"requests": ["POST /x"]}),
    }
    with api(answers) as canned:
        handle = SandboxHandle(**{**READY, "control": f"{canned.url}/sandbox"})
        assert "http://127.0.0.1:7" == handle.worker_url("bot")
        assert ("POST /x",) == handle.unknown_requests()
        handle.set_conditions(propagation_s=0.5)
        with pytest.raises(CouldNotLook, match="no worker named gone"):
            handle.worker_url("gone")
        https = handle.serve_https("bot")

    assert HttpsAddress("https://127.0.0.1:8", "http://127.0.0.1:9", "PEM") == https
    assert {"propagation_s": 0.5, "added_rtt_ms": 0.0} == json.loads(canned.seen[2][1])
