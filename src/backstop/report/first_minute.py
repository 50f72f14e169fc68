"""The first minute of an incident: a sentence, a command, and the procedure's checklists with evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from backstop.journal.conclusion import Conclusion
from backstop.journal.facts import CheckFacts
from backstop.model.outside import Outside, State
from backstop.model.run import SessionKind
from backstop.report.first_sentence import sentence
from backstop.report.incident_seen import NO_ROLLBACK, Seen
from backstop.report.text import moment, plural, short_ids

_MOST_FIXES = 2
_ARROW = "→"


class Mark(Enum):
    """Whether an item of a checklist is proven, speaks against a rollback, or is left to somebody."""

    DONE = "done"
    AGAINST = "against"
    OPEN = "open"


_SIGNS = {Mark.DONE: "✓", Mark.AGAINST: "✗", Mark.OPEN: "·"}


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the procedure, and what proves it or leaves it open."""

    text: str
    mark: Mark
    evidence: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """A phase of the procedure's pre-rollback checklist."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class FirstMinute:
    """``sentence`` says what is wrong, how sure that is, what to do and by when; ``command`` does it."""

    sentence: str
    command: str
    checklists: tuple[Checklist, ...]


def first_minute(conclusion: Conclusion) -> FirstMinute | None:
    """None for other sessions, and for one that has seen nothing."""
    if conclusion.session != SessionKind.PRE_ROLLBACK.value or not conclusion.checks:
        return None
    seen = Seen(conclusion)
    lists = (
        Checklist("Assessment", tuple(_assessment(seen))),
        Checklist("Rollback decision", tuple(_decision(seen))),
    )
    return FirstMinute(sentence(seen), seen.command, lists)


def first_minute_in_words(found: FirstMinute) -> Iterator[str]:
    """The lines of a terminal."""
    for checklist in found.checklists:
        yield f"{checklist.title}:"
        for item in checklist.items:
            first, *others = item.evidence.splitlines() or [""]
            yield f"  {_SIGNS[item.mark]} {item.text}: {first}"
            yield from (f"      {line}" for line in others)
    yield found.sentence
    yield f"type:   {found.command}"


def _assessment(seen: Seen) -> Iterator[Item]:
    yield Item("Confirm issue severity and impact", *_severity(seen))
    yield Item("Check if issue affects all users or subset", *_users(seen))
    yield Item("Verify issue is deployment-related (not external)", *_ours(seen))
    yield Item("Check if quick fix is obvious and safe", Mark.OPEN, _quick_fix(seen.red))


def _severity(seen: Seen) -> tuple[Mark, str]:
    fired = seen.ruling.fired
    if fired:
        told = "; ".join(each.why for each in fired)
        return Mark.DONE, f"{seen.ruling.severity.value}: {told}"
    if seen.unseen:
        return Mark.OPEN, f"{plural(len(seen.unseen), 'check')} could not look: {_first(seen.unseen)}"
    return (Mark.AGAINST, f"none: {seen.held} checks held") if seen.held else (Mark.OPEN, "nothing held")


def _users(seen: Seen) -> tuple[Mark, str]:
    if seen.impact is None or seen.impact.who == "unknown":
        return Mark.OPEN, seen.impact.text if seen.impact else "not looked at"
    return Mark.DONE, f"{seen.impact.who}: {short_ids(seen.impact.text)}"


def _ours(seen: Seen) -> tuple[Mark, str]:
    told = [event.text for event in seen.outside.values()]
    made = _made(seen)
    text = "\n".join([*told, made] if made else told) or "nobody outside was looked at"
    states = {seen.state(who) for who in Outside}
    if seen.ruling.outside or State.OUT.value in states:
        return Mark.AGAINST, text
    known = {State.WELL.value, State.TROUBLED.value}
    return (Mark.DONE if states <= known and seen.red else Mark.OPEN), text


def _made(seen: Seen) -> str:
    """When what serves was uploaded: an incident that is older than that is not its doing."""
    version = seen.versions.get(seen.plan.from_version) if seen.plan else None
    if version is None:
        return ""
    by = f" by {version.author}" if version.author else ""
    return f"what serves, {version.version[:8]}, was uploaded{by} at {moment(version.created)}"


def _quick_fix(red: Sequence[CheckFacts]) -> str:
    hints = [
        line.strip().removeprefix(_ARROW).strip()
        for check in sorted(red, key=lambda each: -each.severity.rank)
        for line in check.message.splitlines()
        if line.strip().startswith(_ARROW)
    ]
    shown = list(dict.fromkeys(hints))[:_MOST_FIXES]
    return f"for you to say; the checks suggest: {' · '.join(shown)}" if shown else "for you to say"


def _decision(seen: Seen) -> Iterator[Item]:
    yield Item("Previous deployment version identified", *_previous(seen))
    yield Item("Rollback reason documented", Mark.DONE if seen.red else Mark.OPEN, _reason(seen))
    yield Item("Stakeholders notified (if time permits)", *_stakeholders(seen))
    yield Item("Rollback command prepared", *_prepared(seen))


def _previous(seen: Seen) -> tuple[Mark, str]:
    if seen.spared is not None:
        return Mark.AGAINST, seen.spared.why
    if seen.plan is None:
        return Mark.AGAINST if seen.impossible else Mark.OPEN, seen.in_the_way
    known = seen.versions.get(seen.plan.to_version)
    named = f" “{known.message}”" if known and known.message else ""
    return Mark.DONE, f"{seen.plan.to_version}{named}: {seen.plan.why}"


def _reason(seen: Seen) -> str:
    return f"the command writes it on the deployment: {seen.reason}" if seen.red else "nothing to give as one"


def _stakeholders(seen: Seen) -> tuple[Mark, str]:
    if not seen.told:
        return Mark.OPEN, "for you to do: this session told nobody"
    return Mark.DONE, ", ".join(dict.fromkeys(event.channel for event in seen.told))


def _prepared(seen: Seen) -> tuple[Mark, str]:
    if not seen.ready:
        return Mark.OPEN if seen.plan is None and not seen.impossible else Mark.AGAINST, seen.in_the_way
    if seen.ruling.decision in NO_ROLLBACK:
        return Mark.OPEN, f"it would go ahead, and is not what to do: {seen.conclusion.decision}"
    return Mark.DONE, "it would go ahead as planned; it is the command below"


def _first(checks: Sequence[CheckFacts]) -> str:
    lines = checks[0].message.strip().splitlines()
    return f"{checks[0].check}: {lines[0]}" if lines else checks[0].check
