"""The one sentence of an incident's first minute: what is wrong, how sure, what to do, by when. Pure."""

from __future__ import annotations

from datetime import timedelta

from backstop.model.decision import Decision
from backstop.model.outside import Outside, State
from backstop.model.severity import Severity
from backstop.report.incident_seen import NO_ROLLBACK, Seen
from backstop.report.text import clock, plural

_BEFORE_TYPING = {  # the command rolls back; these want something else done first
    Decision.ROTATE: "; the command below is the second step",
    Decision.INVESTIGATE: "; the command below is for when it is needed",
}
_LONGEST = 160  # characters
_DAY = 86400.0  # seconds; what may wait longer is not told by the clock


def sentence(seen: Seen) -> str:
    """One line, for whoever reads nothing else."""
    todo = _todo(seen)
    return f"{_wrong(seen)}; {_sureness(seen)} → {todo}"


def _wrong(seen: Seen) -> str:
    """The row that decides first: a leak is rotated first, however much else is red."""
    rotates = seen.ruling.decision is Decision.ROTATE
    fired = sorted(seen.ruling.fired, key=lambda each: rotates and each.row.instead is not Decision.ROTATE)
    if fired:
        more = f" (and {plural(len(fired) - 1, 'more row', 'more rows')} of the policy)" if fired[1:] else ""
        return f"{seen.ruling.severity.value.upper()}: {fired[0].why}{more}"
    if out := seen.out:
        return f"Nothing is shown to be wrong with the bot; {out}, which its users may well notice"
    if seen.unseen or not seen.held:
        return "Nothing is shown to be wrong with the bot, and not all of it could be looked at"
    return "Nothing is wrong with the bot that could be seen from here"


def _sureness(seen: Seen) -> str:
    counts = [f"{plural(len(seen.red), 'check')} failed", f"{seen.held} held"]
    if seen.unseen:
        counts.append(f"{len(seen.unseen)} could not look")
    unknown = [who.value for who in Outside if seen.state(who) in {None, State.UNSEEN.value}]
    if unknown:
        counts.append(f"not seen: {' and '.join(unknown)}")
    if untried := not seen.red and not seen.tried:
        counts.append("no slash command was tried")
    sure = "sure" if seen.held or seen.red else "not sure"
    blind = seen.unseen and not seen.red
    doubted = (
        unknown or blind or untried or len(seen.unseen) > len(seen.red) + seen.held or seen.ruling.outside
    )
    return f"{'not quite ' if sure == 'sure' and doubted else ''}{sure} ({', '.join(counts)})"


def _todo(seen: Seen) -> str:
    decision, ruling = seen.conclusion.decision, seen.ruling
    if ruling.severity is Severity.NONE:
        return _nothing_to_do(seen)
    if ruling.decision is Decision.WAIT:
        names = " and ".join(who.value.capitalize() for who in ruling.outside)
        return f"external ({names}): {decision}; look again every few minutes, until it is over there"
    records, within = seen.conclusion.facts.records, ruling.act_within or 0.0
    by = f", by {clock(records[0].at + timedelta(seconds=within))} UTC" if records and within < _DAY else ""
    if ruling.decision in NO_ROLLBACK:
        return f"{decision}{by}"
    if seen.ready:
        return f"{decision}{by}{_BEFORE_TYPING.get(ruling.decision, '')}"
    return f"{decision}{by}; as things stand a rollback would not go ahead: {_why_not(seen)}"


def _why_not(seen: Seen) -> str:
    """What stands in the way of a rollback, in short; the checklist has all of it."""
    first = seen.in_the_way.strip().partition("\n")[0]
    return first if len(first) <= _LONGEST else f"{first[: _LONGEST - 1]}…"


def _nothing_to_do(seen: Seen) -> str:
    """What to do where nothing is red."""
    if seen.out:
        return "do not roll back; wait until it is over there, and look again"
    if seen.unseen or not seen.held:
        first = seen.unseen[0].check if seen.unseen else "the bot"
        return f"do not roll back; mend what could not be looked at, first {first}, and look again"
    return "do not roll back; if users say otherwise, ask them what they do, and look again"
