"""``verdict.json`` of an incident that has several journals."""

from __future__ import annotations

from typing import Any

from backstop.journal.merge import Merged, Part, merged_timings
from backstop.report.verdict_json import SCHEMA, verdict

INCIDENT = "incident"  # what stands in the place of a session's kind


def merged_verdict(merged: Merged, report: str = "report.html") -> dict[str, Any]:
    """The same members as a session's has, and besides ``journals`` and ``missing``.

    Checks and scenarios have the letter of their journal before their names.
    """
    each = {part.label: verdict(part.conclusion, report) for part in merged.parts}
    rolled_back = merged.rolled_back
    return {
        "schema": SCHEMA,
        "run": "+".join(dict.fromkeys(part.conclusion.run for part in merged.parts if part.conclusion.run)),
        "session": INCIDENT,
        "target": merged.target,
        "worker": merged.worker,
        "verdict": merged.verdict.value,
        "exit_code": int(merged.ending),
        "severity": merged.severity.value,
        "decision": merged.decision,
        "from_version": each[rolled_back.label]["from_version"] if rolled_back else None,
        "to_version": each[rolled_back.label]["to_version"] if rolled_back else None,
        "checks": _labelled(each, "checks"),
        "scenarios": _labelled(each, "scenarios"),
        "timings": {name: round(seconds, 3) for name, seconds in merged_timings(merged).items()},
        "requests": None,
        "journals": [_journal(part) for part in merged.parts],
        "missing": list(merged.missing),
        "report": report,
    }


def _labelled(each: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    return {
        f"{label}/{key}": value for label, members in each.items() for key, value in members[name].items()
    }


def _journal(part: Part) -> dict[str, Any]:
    conclusion = part.conclusion
    return {
        "label": part.label,
        "run": conclusion.run,
        "session": conclusion.session,
        "vantage": part.source.vantage or None,
        "verdict": conclusion.verdict.value,
        "exit_code": int(conclusion.ending),
        "seal": conclusion.seal or None,
    }
