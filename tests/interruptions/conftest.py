"""A sandbox in the middle of an incident, for all interruptions of the sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from soak.drills.plan import Cut
from soak.drills.rounds import DrillRound, Drills
from soak.plan import Interruption
from soak.rounds import Round, rounds, undisturbed
from soak.scene import scene
from tests.rollback.conftest import deployed, incident, no_ambient_credentials

__all__ = ["deployed", "incident", "no_ambient_credentials"]


@pytest.fixture(scope="module")
def cut_short(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Interruption], Round]]:
    """Interrupt a rollback, and what was found afterwards."""
    with scene(tmp_path_factory.mktemp("soak"), lambda _: None) as place:
        whole = undisturbed(place)
        yield lambda planned: next(iter(rounds(place, [planned], whole)))


@pytest.fixture(scope="module")
def drill_cut_short(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Cut], DrillRound]]:
    """Interrupt a drill, and what was found afterwards."""
    with scene(tmp_path_factory.mktemp("soak"), lambda _: None) as place:
        drills = Drills(place)
        whole = drills.undisturbed()
        yield lambda cut: next(iter(drills.rounds([cut], whole)))
