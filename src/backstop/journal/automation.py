"""Whether what was seen of a deploy calls for a rollback that nobody is asked about. A pure function."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from backstop.journal.events import OutsideSeen, Problem
from backstop.journal.facts import CheckFacts, Facts
from backstop.journal.record import select
from backstop.model.outside import State
from backstop.model.run import Phase
from backstop.model.severity import Severity
from backstop.model.verdict import Outcome

_DISCORD = "discord"
_DISCORD_STATUS = "discord.status"  # can't look while Discord itself reports an outage
_DISCORD_TOKEN = "discord.token"  # noqa: S105 - the id of a check
_SIGNATURES = "discord.signature."
# What a rollback does not mend, or what may not be this deploy's doing.
_NEVER = frozenset(
    {
        "deployment.authenticated",  # the credentials of this session
        "deployment.canary",  # an older version may have served it somewhere
        "deployment.errors",  # strangers can make it fail, and an older version
        "deployment.expected",  # somebody deployed over it
        "deployment.serving",  # the edge does not follow
        "discord.endpoint",  # what Discord has on record is no part of a version
        "discord.genuine",  # strangers can make it fail
        "discord.registered",  # as discord.endpoint
        "discord.token",  # the token of this session
        "health.certificate",  # Cloudflare's
        "health.version",  # the edge does not follow
    }
)
_HARMLESS = frozenset({State.WELL.value, State.TROUBLED.value})
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Automation:
    """What to do, and why, in words."""

    roll_back: bool
    why: str

    def told(self, live: str) -> str:
        """What is done about the version ``live``, which is empty where it is not known."""
        if not self.roll_back:
            return f"not rolled back: {self.why}"
        if not live:
            return f"not rolled back, since which version was looked at is not known: {self.why}"
        return f"this calls for a rollback: {self.why}"


def after_deploy(facts: Facts, severities: Collection[Severity]) -> Automation:
    """Roll back only where a check of one of ``severities`` *failed*.

    What could not be looked at, and what is Discord's own trouble, never calls for it.
    """
    if problem := next((event for _, event in select(facts.records, Problem)), None):
        return Automation(roll_back=False, why=f"the session went wrong: {problem.message}")
    failed = [check for check in facts.checks if _failed(check) and check.severity in severities]
    ours = [check for check in failed if not (_asks_discord(check) and _discord_is_in_trouble(facts))]
    if ours:
        return Automation(roll_back=True, why=f"{_named(ours)} failed")
    if failed:
        why = f"{_named(failed)} failed, and Discord, or its token here, is not well itself"
        return Automation(roll_back=False, why=why)
    listed = ", ".join(severity.value for severity in severities)
    return Automation(roll_back=False, why=f"no check of severity {listed} failed")


def _failed(check: CheckFacts) -> bool:
    live = check.phase is Phase.LIVE and check.check not in _NEVER
    return live and check.outcome is Outcome.FAIL


def _asks_discord(check: CheckFacts) -> bool:
    """Whether an outage of Discord's can turn it red; signatures are between us and the bot."""
    return check.suite == _DISCORD and not check.check.startswith(_SIGNATURES)


def _discord_is_in_trouble(facts: Facts) -> bool:
    """That it reports an outage, or can't be asked, or does not know the token of this session."""
    seen = [event.state for _, event in select(facts.records, OutsideSeen) if event.who == _DISCORD]
    if not _HARMLESS.issuperset(seen):
        return True
    return any(
        (check.check == _DISCORD_STATUS and check.outcome is Outcome.INCONCLUSIVE)
        or (check.check == _DISCORD_TOKEN and check.outcome is not Outcome.PASS)
        for check in facts.checks
    )


def _named(checks: list[CheckFacts]) -> str:
    heaviest = sorted(checks, key=lambda check: -check.severity.rank)
    shown = [f"{check.check} ({check.severity.value})" for check in heaviest[:_MOST_NAMED]]
    more = len(heaviest) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
