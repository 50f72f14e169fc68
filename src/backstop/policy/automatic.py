"""Whether what was seen of a deploy calls for a rollback that nobody is asked about.

It is the decision that people are told, and never more than that: what the policy says to wait for, or to
mend where it is, is not rolled back. It may be less, where something is in doubt that people can judge.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from backstop.model.decision import Decision
from backstop.model.outside import Outside
from backstop.model.severity import Severity
from backstop.policy.external import behind, in_doubt
from backstop.policy.rule import rule
from backstop.policy.signals import Signals
from backstop.policy.table import Row
from backstop.policy.thresholds import DEFAULTS, Policy

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
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Automatic:
    """What to do, and why, in words. ``outside`` are those for whose outage nothing is done."""

    roll_back: bool
    why: str
    outside: tuple[Outside, ...] = ()

    def told(self, live: str) -> str:
        """What is done about the version ``live``, which is empty where it is not known."""
        if not self.roll_back:
            return f"not rolled back: {self.why}"
        if not live:
            return f"not rolled back, since which version was looked at is not known: {self.why}"
        return f"this calls for a rollback: {self.why}"


@dataclass(frozen=True, slots=True)
class _Failed:
    """A check that failed, in its row, with what it weighs for this target."""

    row: Row
    check: str
    severity: Severity

    @property
    def may_call(self) -> bool:
        """Whether a rollback could mend it, and it is the deploy's doing where nobody else's."""
        return self.check not in _NEVER and self.row.instead is not Decision.MEND


def automatic(signals: Signals, severities: Collection[Severity], policy: Policy = DEFAULTS) -> Automatic:
    """Decide. A rollback is called for only by a check of one of ``severities`` that *failed* and is ours.

    A check is ours where nobody's outage may be behind it, as ``rule`` sees it too, and where those who take
    part in it are known to be well. Any signals are accepted.
    """
    failed = [each for each in _failed(signals, policy) if each.severity in severities]
    called = [each for each in failed if each.may_call]
    explained = [each for each in called if behind(each.row, each.check, signals)]
    doubted = [each for each in called if each not in explained and in_doubt(each.row, each.check, signals)]
    if ours := [each for each in called if each not in explained and each not in doubted]:
        return Automatic(roll_back=True, why=f"{_named(ours)} failed")
    if explained:
        who = {one for each in explained for one in behind(each.row, each.check, signals)}
        return _external(explained, tuple(one for one in Outside if one in who), signals)
    if doubted:
        why = f"{_named(doubted)} failed, and Discord, or its token here, is not known to be well"
        return Automatic(roll_back=False, why=f"{why}: see to that, then look again")
    if failed:
        why = f"{_named(failed)} failed, which no rollback mends or which may not be this deploy's doing"
        return Automatic(roll_back=False, why=why)
    listed = ", ".join(severity.value for severity in severities)
    return Automatic(roll_back=False, why=f"no check of severity {listed} failed")


def _failed(signals: Signals, policy: Policy) -> list[_Failed]:
    """Every red check. One of a row that is switched off weighs less; one red for silence, as itself."""
    own = {each.check: each.severity for each in signals.red}
    return [
        _Failed(each.row, check, min(each.row.severity, own[check]))
        for each in rule(signals, policy).fired
        for check in each.checks
    ]


def _external(explained: Sequence[_Failed], who: tuple[Outside, ...], signals: Signals) -> Automatic:
    told = " and ".join(
        f"{one.value.capitalize()} {'reports an outage' if one in signals.out else 'has an API that fails'}"
        for one in who
    )
    why = f"external: {_named(explained)} failed, and {told}, which may be behind it"
    return Automatic(roll_back=False, why=f"{why}; look again once it is over", outside=who)


def _named(checks: Sequence[_Failed]) -> str:
    heaviest = sorted(checks, key=lambda each: -each.severity.rank)
    shown = [f"{each.check} ({each.severity.value})" for each in heaviest[:_MOST_NAMED]]
    more = len(heaviest) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
