"""What a scenario drills, as one word: a pass of something else under the same name is not a pass of it."""

from __future__ import annotations

import hashlib
import json

from backstop.model.scenario import Fault, Scenario

_LENGTH = 16  # of hexadecimal digits: 64 bits tell apart what one team ever writes


def digest_of(scenario: Scenario) -> str:
    """The same for two scenarios that break the bot alike and are judged alike; titles and places are words.

    What a scenario leaves out adds nothing, so that a key that is new in a later release changes no other.
    """
    says = {
        "fault": _broken_by(scenario.fault),
        "previous": _broken_by(scenario.previous) if scenario.previous else None,
        "surroundings": scenario.surroundings.value if scenario.surroundings else None,
        "percent": float(scenario.percent) if scenario.split else None,
        "notices": sorted(scenario.notices),
        "able": sorted(scenario.able) or None,
        "severity": scenario.severity.value,
        "decision": scenario.decision.value,
        "rollback": scenario.rollback.value,
        "restore": scenario.restore.value,
        "budget": float(scenario.budget),
    }
    told = {key: value for key, value in says.items() if value is not None}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:_LENGTH]


def _broken_by(fault: Fault) -> list[str]:
    return [fault.name, fault.code]
