"""The timeline of a proof: the bot as it is, under each variant, and as it is again."""

from __future__ import annotations

from collections.abc import Sequence

from backstop.model.run import Phase, Stage
from backstop.model.scenario import Fault, Scenario
from backstop.model.severity import Severity
from proof.manifest import FAULTS, Variant

GOOD = "good"
GOOD_AGAIN = "good-again"
CLEAN = "clean-"  # and a number: one of many looks at the bot as it is, deployed anew for each


def stage_names(variants: Sequence[Variant], looks: int) -> tuple[str, ...]:
    """The names of all stages in order; ``looks`` is how often the good bot is looked at in the end."""
    soak = (f"{CLEAN}{number}" for number in range(1, looks + 1))
    return (GOOD, *(variant.name for variant in variants), GOOD_AGAIN, *soak)


def timeline(names: Sequence[str]) -> tuple[Stage, ...]:
    """Stages whose outcomes are kept as they are seen: in a fault stage nothing is accepted or weighed."""
    return tuple(Stage(index, Phase.FAULT, name) for index, name in enumerate(names))


def scenarios(names: Sequence[str]) -> dict[str, Scenario]:
    """Scenarios that want nothing to fail, so that no check is an expected failure."""
    return {name: _scenario(name) for name in names}


def _scenario(name: str) -> Scenario:
    fault = Fault(name, "", shim=FAULTS, noticed_by=(), severity=Severity.LOW)
    return Scenario(name, name, fault, notices=(), severity=Severity.LOW, places=())
