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
_TWO = 0.3  # the part in which the second fault is uploaded while checks look at the good version
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
    """A drill of one scenario or two and what interrupts it. ``passing``: its sandbox goes with it."""

    planned: Interruption
    scenarios: tuple[str, ...]
    passing: bool

    def __str__(self) -> str:
        return f"{' and '.join(self.scenarios)}, {self.planned}"


def cuts(seed: int, count: int, first: int = 1) -> tuple[Cut, ...]:
    """So many of them, from number ``first`` on; each way of interrupting comes once in six."""
    return tuple(_cut(each) for each in interruptions(seed, count, first, _LINES))


def _cut(planned: Interruption) -> Cut:
    dice = random.Random(f"{planned.seed}:{planned.number}:drill")  # noqa: S311 - moments are no secrets
    passing = dice.random() < _IN_PASSING
    kind = PASSING if passing else OUTLIVED
    return Cut(planned, tuple(dice.sample(kind, 2 if dice.random() < _TWO else 1)), passing)
