"""A bot under a fault, with a way back, and somebody on call who looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ready.desk import Desk
from tests.rollback.conftest import no_ambient_credentials
from tests.rollback.incident import Incident, running_incident

__all__ = ["no_ambient_credentials"]


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Incident]:
    """A sandbox that holds both versions of the bot."""
    with running_incident(tmp_path_factory.mktemp("deployed")) as incident:
        yield incident


@pytest.fixture
def desk(deployed: Incident, tmp_path: Path) -> Desk:
    """The bad version serves; whether our network works is asked of somebody else."""
    deployed.begin()
    return Desk(deployed, tmp_path, control=deployed.sandbox.ready["control_probe"])
