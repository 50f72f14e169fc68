"""A Cloudflare API that takes calls and never answers: bounded, and never a pass."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from tests.plugins.conftest import SessionRunner

DEPLOYMENT = """
import pytest

@pytest.mark.check("deployment.{name}", severity="high", step="")
def test_{name}(looks):
    "The deployments API answers"
    assert looks.deployed.head
"""
LIMIT = 25.0  # seconds for a session whose API never answers: one limit of ten, however many checks ask


@pytest.fixture
def hanging_api(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An address that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/client/v4"
        monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", url)
        monkeypatch.setenv("CLOUDFLARE_API_TOKEN", "a-token-of-forty-characters-that-is-made")
        monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", "0" * 32)
        yield url


def test_a_hanging_api_is_inconclusive(session: SessionRunner, hanging_api: str) -> None:
    """Several checks that need it cost one time limit together."""
    for name in ("serving", "secrets", "one"):
        session.suite(DEPLOYMENT.format(name=name), name)
    began = time.monotonic()

    ended = session.run()

    assert hanging_api
    assert ended.code == 20, ended.output
    assert time.monotonic() - began < LIMIT
    assert "Traceback" not in ended.output
