"""One sandbox for all contract tests; each test has a worker and a project of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.contract.support import Sandbox, Wrangler, running_sandbox, write_project


@pytest.fixture(autouse=True)
def no_ambient_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the shell knows of a real account must not reach a test."""
    for name in list(os.environ):
        if name.startswith(("CLOUDFLARE_", "CF_", "WRANGLER_", "DISCORD_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A running sandbox; no test may have met an endpoint that it does not know."""
    with running_sandbox() as running:
        yield running
        assert running.unknown_requests() == []


@pytest.fixture
def worker() -> str:
    """A worker's name that nobody else uses."""
    return f"worker-{uuid4().hex[:12]}"


@pytest.fixture
def project(tmp_path: Path, worker: str) -> Path:
    """A wrangler project for the worker."""
    directory = tmp_path / "project"
    directory.mkdir()
    write_project(directory, worker)
    return directory


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Node keeps compiled code between commands."""
    return tmp_path_factory.mktemp("compiled")


@pytest.fixture
def wrangler(sandbox: Sandbox, project: Path, tmp_path: Path, compiled: Path) -> Wrangler:
    """Real wrangler in the project, pointed at the sandbox."""
    private = tmp_path / "private"
    private.mkdir()
    return Wrangler(sandbox, project, private, compiled)
