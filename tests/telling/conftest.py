"""A bot in the middle of an incident, and a team that is told of what is done about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ready.desk import Desk
from tests.rollback.conftest import no_ambient_credentials
from tests.rollback.incident import Incident, running_incident
from tests.telling.audience import Audience

__all__ = ["no_ambient_credentials"]


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Incident]:
    """A sandbox that holds both versions."""
    with running_incident(tmp_path_factory.mktemp("deployed")) as incident:
        yield incident


@pytest.fixture
def audience(deployed: Incident, tmp_path: Path) -> Iterator[Audience]:
    """The bad version serves; the target names a channel of each kind, and all of them work."""
    deployed.begin()
    found = Audience(Desk(deployed, tmp_path))
    yield found
    found.trouble()
