"""Which drills are cut short, where and when: the same ones for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass

from backstop.journal.events import (
    Event,
    MutationArmed,
    MutationDone,
    MutationUndone,
    RollbackFinished,
    RollbackStarted,
    VersionSeen,
)
from soak.plan import Interruption, interruptions

# What may be drilled at a worker that outlives the session, and what only in a sandbox that goes with it.
OUTLIVED = (
    "health-check-failure",
    "partial-deploy",
    "deployment-failure",
    "bad-version-is-also-the-previous-one",
    "leaked-secret",
    "discord-integration",
)
PASSING = ("rollback-refused", "rollback-lies", "endpoint-dropped")
_IN_PASSING = 0.2  # the part of all interruptions that falls into a drill of the second kind
_LINES: tuple[type[Event], ...] = (
    MutationArmed,
    VersionSeen,
    MutationDone,
    RollbackStarted,
    RollbackFinished,
    MutationUndone,
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A drill of one scenario and what interrupts it. ``passing``: its sandbox goes with it."""

    planned: Interruption
    scenario: str
    passing: bool

    def __str__(self) -> str:
        return f"{self.scenario}, {self.planned}"


def cuts(seed: int, count: int, first: int = 1) -> tuple[Cut, ...]:
    """So many of them, from number ``first`` on; each way of interrupting comes once in six."""
    return tuple(_cut(each) for each in interruptions(seed, count, first, _LINES))


def _cut(planned: Interruption) -> Cut:
    dice = random.Random(f"{planned.seed}:{planned.number}:drill")  # noqa: S311 - moments are no secrets
    passing = dice.random() < _IN_PASSING
    return Cut(planned, dice.choice(PASSING if passing else OUTLIVED), passing)
