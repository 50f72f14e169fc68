"""A bot that serves, with a way back, and what a team on call has to look at it with."""

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
    """A sandbox that holds two versions of the bot."""
    with running_incident(tmp_path_factory.mktemp("deployed")) as incident:
        yield incident


@pytest.fixture
def desk(deployed: Incident, tmp_path: Path) -> Desk:
    """The good version serves; with everything that a session needs but a proof that the token deploys."""
    deployed.begin()
    deployed.deploy_by_hand(deployed.good)
    return Desk(deployed, tmp_path)
