"""How many requests it takes to meet a fault that has a part of the traffic."""

from __future__ import annotations

from backstop.model.scenario import ALL_TRAFFIC, Scenario
from backstop.statistics.binomial import CONFIDENCE, clean_needed


def requests_to_meet(scenario: Scenario, confidence: float = CONFIDENCE) -> int:
    """How many requests it takes until one has met the scenario's fault, with this confidence."""
    return clean_needed(scenario.percent / ALL_TRAFFIC, confidence) if scenario.split else 1
