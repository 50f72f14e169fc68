"""What a look at an incident has seen, as its first minute is told from it; and the command to type then."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
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
from backstop.journal.record import select
from backstop.journal.rules import passed, tells_against
from backstop.model.decision import Decision
from backstop.model.outside import Outside, State
from backstop.model.run import SessionKind
from backstop.model.verdict import Outcome

T = TypeVar("T")

NO_ROLLBACK = frozenset({Decision.NOTHING, Decision.WATCH, Decision.WAIT, Decision.MEND})
_USED = frozenset({"discord.commands", "discord.genuine"})
_LONGEST_REASON = 160  # characters; it is written on the deployment
_PLAN = "triage.rollback"


class Seen:
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
    def tried(self) -> bool:
        """Whether what users do was: by our own commands, or by theirs; true where no check is about that."""
        said = {each.outcome for each in self.conclusion.checks if each.check in _USED}
        return not said or bool(said & {Outcome.PASS, Outcome.DEGRADED, Outcome.FAIL})

    @property
    def ready(self) -> bool:
        """Whether a rollback would go ahead as it was planned."""
        return self.plan is not None and not self.plan.refusals and self.spared is None

    @property
    def impossible(self) -> bool:
        """Whether it was found that no rollback can be made; without that, a missing plan tells nothing."""
        return any(
            each.check == _PLAN and each.outcome is Outcome.DEGRADED for each in self.conclusion.checks
        )

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
        if self.ruling.decision in NO_ROLLBACK or self.plan is None or not self.ready:
            return shlex.join(self._typed)
        from_there = [] if self._practice else [f"--expect-live={self.plan.from_version}"]
        words = [*_as_rollback(self._typed), *from_there, "--rollback", "--reason", self.reason]
        return shlex.join(words)

    def state(self, who: Outside) -> str | None:
        """How it was outside; None where nobody looked."""
        event = self.outside.get(who.value)
        return event.state if event else None

    @property
    def out(self) -> str:
        """What those outside say who report an outage; empty where nobody does."""
        return " and ".join(event.text for event in self.outside.values() if event.state == State.OUT.value)

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
