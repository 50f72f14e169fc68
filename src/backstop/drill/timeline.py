"""The stages of a drill: good, fault, good, fault, … good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backstop.model.run import Phase, Stage
from backstop.model.scenario import Scenario


def following(scenarios: Mapping[str, Scenario], name: str) -> Scenario | None:
    """The scenario after one of this name; None after the last."""
    names = list(scenarios)
    later = names[names.index(name) + 1 :]
    return scenarios[later[0]] if later else None


def drill_timeline(scenarios: Sequence[Scenario]) -> tuple[Stage, ...]:
    """Each scenario's fault stage is followed by the good stage that its rollback leads to."""
    stages = [Stage(0, Phase.GOOD)]
    for scenario in scenarios:
        stages.append(Stage(len(stages), Phase.FAULT, scenario.name))
        stages.append(Stage(len(stages), Phase.GOOD, scenario.name))
    return tuple(stages)
