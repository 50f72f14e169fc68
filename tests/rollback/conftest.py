"""One incident for all tests of a process; each begins it anew."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.rollback.incident import Incident, running_incident


@pytest.fixture(autouse=True)
def no_ambient_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the shell knows of a real account must not reach a test."""
    for name in list(os.environ):
        if name.startswith(("CLOUDFLARE_", "CF_", "WRANGLER_", "DISCORD_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Incident]:
    """A sandbox that holds both versions; it takes two seconds."""
    with running_incident(tmp_path_factory.mktemp("incident")) as incident:
        yield incident


@pytest.fixture
def incident(deployed: Incident) -> Incident:
    """The bad version serves, and the API behaves."""
    deployed.begin()
    return deployed
