"""For how long a drill may break the bot: by what its scenarios took here before, else by their budgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backstop.model.scenario import Scenario

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """``minutes`` of service, of which ``by_budget`` names the scenarios that no drill here has measured."""

    minutes: float
    scenarios: int
    by_budget: tuple[str, ...]

    @property
    def told(self) -> str:
        """On what it rests, in words."""
        if len(self.by_budget) == self.scenarios:
            return "the sum of their budgets: no drill here has measured them yet"
        if not self.by_budget:
            return "what they took in the last drills here, each at its longest"
        measured, others = self.scenarios - len(self.by_budget), len(self.by_budget) - _MOST_NAMED
        named = ", ".join(self.by_budget[:_MOST_NAMED]) + (f" and {others} more" if others > 0 else "")
        return (
            f"what {measured} of {self.scenarios} took in the last drills here, each at its longest, and the "
            f"budgets of {named}"
        )


def expected_cost(scenarios: Sequence[Scenario], took: Mapping[str, float]) -> Cost:
    """What a drill of these may cost; ``took`` are seconds from fault to verified, by scenario."""
    seconds = sum(took.get(each.name, each.budget) for each in scenarios)
    by_budget = tuple(each.name for each in scenarios if each.name not in took)
    return Cost(seconds / 60, len(scenarios), by_budget)
