"""What the decision policy makes of a session: the rows that spoke, and the nearest that did not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from backstop.journal.conclusion import Conclusion
from backstop.journal.events import OutsideSeen
from backstop.journal.record import select
from backstop.model.run import SessionKind
from backstop.model.severity import Severity
from backstop.policy.rule import in_words

_OF_NO_BOT = {SessionKind.READY.value, SessionKind.DRILL_FRESHNESS.value, SessionKind.DRILL.value}
_WELL = "well"


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A row of the policy's table, as it is told. ``line`` is where a check that made it speak is."""

    severity: str
    name: str
    why: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class PolicyRows:
    """``outside`` are sentences about those whose trouble may look like the bot's, for what is not well."""

    decision: str
    act_within: str
    fired: tuple[PolicyRow, ...]
    nearest: PolicyRow | None
    outside: tuple[str, ...]


def policy_rows(conclusion: Conclusion) -> PolicyRows | None:
    """None for a session that says nothing of how a bot is."""
    if conclusion.session in _OF_NO_BOT or not conclusion.checks:
        return None
    ruling, lines = conclusion.ruling, {check.check: check.line for check in reversed(conclusion.checks)}
    fired = tuple(
        PolicyRow(
            each.row.severity.value,
            each.row.name,
            each.why,
            next((lines[check] for check in each.checks if check in lines), None),
        )
        for each in ruling.fired
    )
    near = ruling.nearest
    return PolicyRows(
        conclusion.decision,
        in_words(ruling.act_within) if ruling.act_within and conclusion.decision == ruling.text else "",
        fired,
        PolicyRow(near.row.severity.value, near.row.name, near.why) if near else None,
        outside_in_words(conclusion),
    )


def policy_in_words(conclusion: Conclusion) -> Iterator[str]:
    """The lines of a terminal; none where the policy has nothing to say."""
    rows = policy_rows(conclusion)
    if rows is None or conclusion.severity is Severity.NONE:
        return
    first, *others = rows.fired
    more = f" and {len(others)} more" if others else ""
    yield f"policy: {first.severity}, since {first.why}{more}; {rows.decision}"
    if rows.nearest is not None:
        yield f"        nearest that did not speak: {rows.nearest.why} ({rows.nearest.severity})"


def outside_in_words(conclusion: Conclusion) -> tuple[str, ...]:
    """What was seen outside of the bot and was not well, the last that is known of each."""
    last = {event.who: event for _, event in select(conclusion.facts.records, OutsideSeen)}
    return tuple(event.text for event in last.values() if event.state != _WELL)


def policy_as_json(conclusion: Conclusion) -> dict[str, Any]:
    """For verdict.json. ``act_within_s`` and ``nearest`` are None where there is none."""
    ruling = conclusion.ruling
    return {
        "act_within_s": ruling.act_within,
        "fired": [
            {"severity": each.row.severity.value, "row": each.row.name, "why": each.why}
            for each in ruling.fired
        ],
        "nearest": {
            "severity": ruling.nearest.row.severity.value,
            "row": ruling.nearest.row.name,
            "why": ruling.nearest.why,
        }
        if ruling.nearest
        else None,
        "outside": [who.value for who in ruling.outside],
    }
