"""The first minute of an incident: a sentence, a command, and the procedure's checklists with evidence."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TypeVar

from backstop.journal.conclusion import Conclusion
from backstop.journal.events import (
    ImpactSeen,
    NotificationSent,
    OutsideSeen,
    RollbackPlanned,
    RollbackSpared,
    VersionSeen,
)
from backstop.journal.facts import CheckFacts
from backstop.journal.record import select
from backstop.journal.rules import passed, tells_against
from backstop.model.decision import Decision
from backstop.model.outside import Outside, State
from backstop.model.run import SessionKind
from backstop.model.severity import Severity
from backstop.model.verdict import Outcome
from backstop.report.text import clock, moment, plural, short_ids

T = TypeVar("T")

_NO_ROLLBACK = {Decision.NOTHING, Decision.WATCH, Decision.WAIT, Decision.MEND}
_LONGEST_REASON = 160  # characters; it is written on the deployment
_MOST_FIXES = 2
_DAY = 86400.0  # seconds; what may wait longer is not told by the clock
_PLAN = "triage.rollback"
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
    seen = _Seen(conclusion)
    lists = (
        Checklist("Assessment", tuple(_assessment(seen))),
        Checklist("Rollback decision", tuple(_decision(seen))),
    )
    return FirstMinute(_sentence(seen), seen.command, lists)


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


class _Seen:
    """What the checklists are filled in from."""

    def __init__(self, conclusion: Conclusion) -> None:
        self.conclusion, self.ruling = conclusion, conclusion.ruling
        records = conclusion.facts.records
        self.outside = {event.who: event for _, event in select(records, OutsideSeen)}
        self.impact = _last([event for _, event in select(records, ImpactSeen)])
        self.plan = _last([event for _, event in select(records, RollbackPlanned)])
        self.spared = _last([event for _, event in select(records, RollbackSpared)])
        self.told = [event for _, event in select(records, NotificationSent) if event.ok]
        self.versions = {event.version: event for _, event in select(records, VersionSeen)}
        self.red = [check for check in conclusion.checks if tells_against(check)]
        self.unseen = [check for check in conclusion.checks if check.outcome is Outcome.INCONCLUSIVE]
        self.held = sum(map(passed, conclusion.checks))

    @property
    def ready(self) -> bool:
        """Whether a rollback would go ahead as it was planned."""
        return self.plan is not None and not self.plan.refusals and self.spared is None

    @property
    def unplanned(self) -> Mark:
        """What it means that there is no plan: that none is possible, or that nobody could tell."""
        refused = any(
            each.check == _PLAN and each.outcome is Outcome.DEGRADED for each in self.conclusion.checks
        )
        return Mark.AGAINST if refused else Mark.OPEN

    @property
    def in_the_way(self) -> str:
        """What the check of the plan has to say, where a rollback would not go ahead."""
        check = next((each for each in self.conclusion.checks if each.check == _PLAN), None)
        return check.message if check is not None and check.message else "what it would do is not known"

    @property
    def reason(self) -> str:
        """What is to be written on the deployment."""
        text = self.ruling.fired[0].why if self.ruling.fired else "pre_rollback"
        return text if len(text) <= _LONGEST_REASON else f"{text[: _LONGEST_REASON - 1]}…"

    @property
    def command(self) -> str:
        """The rollback where that is what to do and would go ahead; else another look."""
        if self.ruling.decision in _NO_ROLLBACK or self.plan is None or not self.ready:
            return shlex.join(self._typed)
        from_there = [] if self._practice else [f"--expect-live={self.plan.from_version}"]
        words = [*_as_rollback(self._typed), *from_there, "--rollback", "--reason", self.reason]
        return shlex.join(words)

    @property
    def _practice(self) -> bool:
        """Whether it was a sandbox, whose versions are others the next time."""
        header = self.conclusion.facts.header
        return header is None or not header.url or any("--expect-live" in word for word in self._typed)

    @property
    def _typed(self) -> Sequence[str]:
        header = self.conclusion.facts.header
        return header.command if header and header.command else ("pytest", "-m", "pre_rollback")


def _last(events: Sequence[T]) -> T | None:
    return events[-1] if events else None


def _as_rollback(command: Sequence[str]) -> list[str]:
    """The same command line with the session that rolls back in place of this one."""
    words = list(command)
    for place, word in enumerate(words):
        if word == "-m" and place + 1 < len(words):
            words[place + 1] = SessionKind.POST_ROLLBACK.value
        elif word.startswith("-m") and SessionKind.PRE_ROLLBACK.value in word:
            words[place] = f"-m{SessionKind.POST_ROLLBACK.value}"
    return words


def _sentence(seen: _Seen) -> str:
    todo = _todo(seen)
    return f"{_wrong(seen)}; {_sureness(seen)} {_ARROW} {todo}"


def _wrong(seen: _Seen) -> str:
    fired = seen.ruling.fired
    if fired:
        more = f" (and {plural(len(fired) - 1, 'more row', 'more rows')} of the policy)" if fired[1:] else ""
        return f"{seen.ruling.severity.value.upper()}: {fired[0].why}{more}"
    if seen.unseen or not seen.held:
        return "Nothing is shown to be wrong with the bot, and not all of it could be looked at"
    return "Nothing is wrong with the bot that could be seen from here"


def _sureness(seen: _Seen) -> str:
    counts = [f"{plural(len(seen.red), 'check')} failed", f"{seen.held} held"]
    if seen.unseen:
        counts.append(f"{len(seen.unseen)} could not look")
    unknown = [who.value for who in Outside if _state(seen, who) in {None, State.UNSEEN.value}]
    if unknown:
        counts.append(f"not seen: {' and '.join(unknown)}")
    sure = "sure" if seen.held or seen.red else "not sure"
    doubted = unknown or len(seen.unseen) > len(seen.red) + seen.held or seen.ruling.outside
    return f"{'not quite ' if sure == 'sure' and doubted else ''}{sure} ({', '.join(counts)})"


def _todo(seen: _Seen) -> str:
    decision, ruling = seen.conclusion.decision, seen.ruling
    if ruling.severity is Severity.NONE:
        return (
            "do not roll back; mend what could not be looked at, and look again"
            if seen.unseen or not seen.held
            else "do not roll back; if users say otherwise, ask them what they do, and look again"
        )
    if ruling.decision is Decision.WAIT:
        names = " and ".join(who.value.capitalize() for who in ruling.outside)
        return f"external ({names}): {decision}"
    records, within = seen.conclusion.facts.records, ruling.act_within or 0.0
    by = f", by {clock(records[0].at + timedelta(seconds=within))} UTC" if records and within < _DAY else ""
    if ruling.decision in _NO_ROLLBACK or seen.ready:
        return f"{decision}{by}"
    return f"{decision}{by}; as things stand a rollback would not go ahead, see the checklist"


def _state(seen: _Seen, who: Outside) -> str | None:
    event = seen.outside.get(who.value)
    return event.state if event else None


def _assessment(seen: _Seen) -> Iterator[Item]:
    yield Item("Confirm issue severity and impact", *_severity(seen))
    yield Item("Check if issue affects all users or subset", *_users(seen))
    yield Item("Verify issue is deployment-related (not external)", *_ours(seen))
    yield Item("Check if quick fix is obvious and safe", Mark.OPEN, _quick_fix(seen.red))


def _severity(seen: _Seen) -> tuple[Mark, str]:
    fired = seen.ruling.fired
    if fired:
        told = "; ".join(each.why for each in fired)
        return Mark.DONE, f"{seen.ruling.severity.value}: {told}"
    if seen.unseen:
        return Mark.OPEN, f"{plural(len(seen.unseen), 'check')} could not look: {_first(seen.unseen)}"
    return (Mark.AGAINST, f"none: {seen.held} checks held") if seen.held else (Mark.OPEN, "nothing held")


def _users(seen: _Seen) -> tuple[Mark, str]:
    if seen.impact is None or seen.impact.who == "unknown":
        return Mark.OPEN, seen.impact.text if seen.impact else "not looked at"
    return Mark.DONE, f"{seen.impact.who}: {short_ids(seen.impact.text)}"


def _ours(seen: _Seen) -> tuple[Mark, str]:
    told = [event.text for event in seen.outside.values()]
    made = _made(seen)
    text = "\n".join([*told, made] if made else told) or "nobody outside was looked at"
    states = {_state(seen, who) for who in Outside}
    if seen.ruling.outside or State.OUT.value in states:
        return Mark.AGAINST, text
    known = {State.WELL.value, State.TROUBLED.value}
    return (Mark.DONE if states <= known and seen.red else Mark.OPEN), text


def _made(seen: _Seen) -> str:
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


def _decision(seen: _Seen) -> Iterator[Item]:
    yield Item("Previous deployment version identified", *_previous(seen))
    yield Item("Rollback reason documented", Mark.DONE if seen.red else Mark.OPEN, _reason(seen))
    yield Item("Stakeholders notified (if time permits)", *_stakeholders(seen))
    yield Item("Rollback command prepared", *_prepared(seen))


def _previous(seen: _Seen) -> tuple[Mark, str]:
    if seen.spared is not None:
        return Mark.AGAINST, seen.spared.why
    if seen.plan is None:
        return seen.unplanned, seen.in_the_way
    known = seen.versions.get(seen.plan.to_version)
    named = f" “{known.message}”" if known and known.message else ""
    return Mark.DONE, f"{seen.plan.to_version}{named}: {seen.plan.why}"


def _reason(seen: _Seen) -> str:
    return f"the command writes it on the deployment: {seen.reason}" if seen.red else "nothing to give as one"


def _stakeholders(seen: _Seen) -> tuple[Mark, str]:
    if not seen.told:
        return Mark.OPEN, "for you to do: this session told nobody"
    return Mark.DONE, ", ".join(dict.fromkeys(event.channel for event in seen.told))


def _prepared(seen: _Seen) -> tuple[Mark, str]:
    if not seen.ready:
        return seen.unplanned if seen.plan is None else Mark.AGAINST, seen.in_the_way
    if seen.ruling.decision in _NO_ROLLBACK:
        return Mark.OPEN, f"it would go ahead, and is not what to do: {seen.conclusion.decision}"
    return Mark.DONE, "it would go ahead as planned; it is the command below"


def _first(checks: Sequence[CheckFacts]) -> str:
    lines = checks[0].message.strip().splitlines()
    return f"{checks[0].check}: {lines[0]}" if lines else checks[0].check
