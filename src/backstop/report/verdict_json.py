"""``verdict.json``: the session for programs. The keys never change within a schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from backstop.journal.conclusion import Conclusion
from backstop.journal.events import RequestsSpent
from backstop.journal.facts import CheckFacts
from backstop.journal.scenarios import Course
from backstop.report.cases import ends_of_checks, has_stages
from backstop.report.decision import policy_as_json

SCHEMA = 1

_quoted = json.JSONEncoder().encode  # json.dumps, without a look at its options for each of many texts
_IN_LINES = json.JSONEncoder(separators=(",\n      ", ": ")).encode  # written in C, which ``indent`` is not


def verdict(conclusion: Conclusion, report: str = "report.html") -> dict[str, Any]:
    """The conclusion as JSON values; ``report`` is the path of the report beside it."""
    return {
        "schema": SCHEMA,
        "run": conclusion.run,
        "session": conclusion.session,
        "target": conclusion.target,
        "worker": conclusion.worker,
        "verdict": conclusion.verdict.value,
        "exit_code": int(conclusion.ending),
        "severity": conclusion.severity.value,
        "decision": conclusion.decision,
        "policy": policy_as_json(conclusion),
        "from_version": conclusion.from_version or None,
        "to_version": conclusion.to_version or None,
        "checks": _checks(conclusion),
        "scenarios": {
            scenario.name: {
                "verdict": scenario.verdict,
                "noticed": list(scenario.noticed),
                "missed": list(scenario.missed),
                "expected": _course(scenario.expected),
                "found": _course(scenario.found),
            }
            for scenario in conclusion.scenarios
        },
        "timings": {name: round(seconds, 3) for name, seconds in conclusion.timings.items()},
        "requests": _requests(conclusion.facts.spent),
        "seal": conclusion.seal or None,
        "report": report,
    }


def verdict_text(conclusion: Conclusion, report: str = "report.html") -> str:
    """The file's content."""
    return as_text(verdict(conclusion, report))


def as_text(members: Mapping[str, Any]) -> str:
    """The members as they stand in a file: as ``json.dumps`` writes them, in less memory for many checks."""
    each = (f"  {json.dumps(name)}: {_indented(name, value)}" for name, value in members.items())
    return "{\n" + ",\n".join(each) + "\n}\n"


def _indented(name: str, value: Any) -> str:
    if name != "checks" or not value:
        return json.dumps(value, indent=2).replace("\n", "\n  ")
    each = (f"    {_quoted(key)}: {_flat(check)}" for key, check in value.items())
    return "{\n" + ",\n".join(each) + "\n  }"


def _flat(check: Mapping[str, str]) -> str:
    return "{\n      " + _IN_LINES(check)[1:-1] + "\n    }"


def _course(course: Course) -> dict[str, str | float | None]:
    """None for what was not declared, or not reached."""
    return {
        "severity": course.severity or None,
        "decision": course.decision or None,
        "rollback": course.rollback or None,
        "seconds": course.seconds,
    }


def _requests(spent: RequestsSpent | None) -> dict[str, int | None] | None:
    """None where the session never got as far as to count them."""
    if spent is None:
        return None
    refused = {"refused_by_discord": spent.discord_invalid} if spent.discord_invalid else {}
    return {"to_bot": spent.requests, "per_minute": spent.per_minute or None, **refused}


def _checks(conclusion: Conclusion) -> dict[str, dict[str, str]]:
    """Checks by id; where there are several stages by ``id@stage``, since a check runs once in each."""
    several = has_stages(conclusion)
    ends = ends_of_checks(conclusion.checks)
    return {f"{c.check}@{c.stage}" if several else c.check: _check(c) for c in ends}


def _check(check: CheckFacts) -> dict[str, str]:
    return {
        "outcome": check.outcome.value,
        "severity": check.severity.value,
        "suite": check.suite,
        "stage": check.stage,
        "message": check.message,
    }
