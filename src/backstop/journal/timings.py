"""How long a rollback took, step by step. Everything in seconds since the rollback began."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import isfinite

from backstop.journal.events import AvailabilitySeen, RollbackPlanned
from backstop.journal.facts import CheckFacts, Facts, Mark, RollbackFacts
from backstop.journal.record import select
from backstop.model.verdict import Outcome

STEPS = ("command", "api_active", "first_correct", "serving", "verified")


def recovery(facts: Facts, rollback: RollbackFacts) -> dict[str, float]:
    """The steps that are known of one rollback, in their usual order, then any others."""
    finished = rollback.finished
    measured = finished.timings if finished else {}
    known = {name: round(t, 3) for name, t in measured.items() if isfinite(t)}
    verified = _verified(facts, rollback)
    if verified is not None:
        known.setdefault("verified", verified)
    return {name: known[name] for name in (*STEPS, *(known.keys() - set(STEPS))) if name in known}


def detected(facts: Facts, scenario: str) -> float | None:
    """Seconds from a fault serving to the first check that noticed it; None when none did."""
    stage = facts.fault_stage(scenario)
    ready = stage.ready if stage else None
    noticed = [check.ended for check in facts.under.get(scenario, ()) if check.mark is Mark.NOTICED]
    return round(min(noticed) - ready, 3) if noticed and ready is not None else None


def session_timings(facts: Facts) -> dict[str, float]:
    """The session's length and, over all its rollbacks, the longest of each step; keys end in ``_s``.

    ``waited_s`` is what the budget of requests cost, where it cost anything; ``downtime_s`` and
    ``longest_outage_s`` what a drill cost those who use the bot.
    """
    seconds = facts.footer.seconds if facts.footer else facts.ended
    timings = {"session_s": seconds if isfinite(seconds) else facts.ended}
    if facts.spent is not None and facts.spent.waited > 0 and isfinite(facts.spent.waited):
        timings["waited_s"] = facts.spent.waited
    timings |= _availability(facts)
    for rollback in facts.rollbacks:
        for step, taken in recovery(facts, rollback).items():
            timings[f"{step}_s"] = max(taken, timings.get(f"{step}_s", taken))
    return timings | {f"{moment}_s": at for moment, at in moments(facts).items()}


def _availability(facts: Facts) -> dict[str, float]:
    seen = [event for _, event in select(facts.records, AvailabilitySeen)]
    if not seen:
        return {}
    return {
        "downtime_s": round(sum(each.down for each in seen), 3),
        "longest_outage_s": max(each.longest for each in seen),
    }


def moments(facts: Facts) -> dict[str, float]:
    """The moments of a rollback that was meant, in seconds since the session began.

    ``detected`` is when a check first failed, ``planned`` when the plan was there, ``decided`` when the
    command was given, ``recovered`` when the old version was verified. Empty for a drill.
    """
    if facts.is_drill or not facts.rollbacks:
        return {}
    rollback = facts.rollbacks[-1]
    failed = [check.ended for check in facts.checks if check.superseded and check.outcome is Outcome.FAIL]
    planned = [record.t for record, _ in select(facts.records, RollbackPlanned)]
    verified = _verified(facts, rollback)
    known = {
        "detected": min(failed, default=None),
        "planned": max(planned, default=None),
        "decided": rollback.began,
        "recovered": None if verified is None else rollback.began + verified,
    }
    return {name: round(at, 3) for name, at in known.items() if at is not None}


def _verified(facts: Facts, rollback: RollbackFacts) -> float | None:
    """When the last check after a rollback had ended; None unless all of them are content."""
    if rollback.finished is None or rollback.finished.outcome != "done" or rollback.finished_line is None:
        return None
    until = _next_stage(facts, rollback.finished_line)
    if until is None:
        return None
    after = facts.between(rollback.finished_line, until)
    if not _content(after):
        return None
    return round(max(check.ended for check in after) - rollback.began, 3)


def _next_stage(facts: Facts, line: int) -> float | None:
    """The line at which the stage after ``line`` is over; None when it never was."""
    place = bisect_right(facts.fault_lines, line)
    if place < len(facts.fault_lines):
        return facts.fault_lines[place]
    return float("inf") if facts.footer is not None else None


def _content(checks: Sequence[CheckFacts]) -> bool:
    outcomes = {check.outcome for check in checks}
    return Outcome.PASS in outcomes and not outcomes & {Outcome.FAIL, Outcome.INCONCLUSIVE}
