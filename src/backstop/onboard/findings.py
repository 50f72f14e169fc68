"""Which findings of a session may be lived with, and which only when somebody names them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from backstop.discord.forgeries import FORGERIES
from backstop.journal.facts import CheckFacts
from backstop.model.errors import UsageError
from backstop.model.run import Phase
from backstop.model.verdict import Outcome
from backstop.onboard.entries import Entry
from backstop.policy.adjudicate import SIGNED, WEIGHS_LESS
from backstop.settings.faults import nearest

_GUARDED = ("security.leaks.", "security.unsigned", "discord.signature.", "health.")
# Signed as Discord signs, and only what is answered is wrong: no forger gains by that.
_ANSWERS_ONLY = frozenset(f"discord.signature.{row.name}" for row in FORGERIES if not row.right & {200, 401})
_MOST_NOTES = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that does not hold, or could not be looked at. ``light`` ones do not block."""

    check: str
    title: str
    severity: str
    message: str
    light: bool

    @property
    def guarded(self) -> bool:
        """Whether it is a leak, a signature that is judged wrongly, or a bot that is not well."""
        return self.check.startswith(_GUARDED) and self.check not in _ANSWERS_ONLY

    def entry(self, reason: str, until: date) -> Entry:
        """It as an entry of the accept table, with what it means above."""
        said = [line.strip() for line in self.message.splitlines() if line.strip()]
        notes = (f"{self.title} ({self.severity}). Found:", *(f"  {line}" for line in said[:_MOST_NOTES]))
        return Entry(self.check, reason, until, notes)


_ONLY_DISCORD = Finding(
    f"{SIGNED}.*",
    "What only Discord can sign",
    "never of a check that failed",
    "this session holds no signing key",
    light=False,
)


def findings_of(checks: Iterable[CheckFacts], url: str = "") -> tuple[Finding, ...]:
    """What an accept table can cover, from a session's checks; the last stage in which each was asked.

    ``url`` is the bot's address, which is left out of the messages.
    """
    last = {check.check: check for check in checks if check.phase is not Phase.FAULT and not check.superseded}
    return tuple(_finding(check, url) for check in last.values() if _is_finding(check))


def _is_finding(check: CheckFacts) -> bool:
    """What is accepted already may be named again, for a later day.

    A check that holds, but with a remark, is degraded too: there is nothing to accept in that.
    """
    return check.outcome in {Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.ACCEPTED} or _is_light(check)


def _is_light(check: CheckFacts) -> bool:
    return check.outcome is Outcome.DEGRADED and WEIGHS_LESS in check.message


def _finding(check: CheckFacts, url: str) -> Finding:
    said = check.message.replace(url.rstrip("/"), "") if url else check.message
    weighed = _is_light(check) or check.outcome is Outcome.ACCEPTED
    message = said.rpartition(" · ")[0] or said if weighed else said  # why it weighs less is no part of it
    return Finding(check.check, check.title, check.severity.value, message, _is_light(check))


def light(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Those that do not block, and that nobody need name."""
    return tuple(each for each in found if each.light and not each.guarded)


def named(found: Sequence[Finding], names: Sequence[str]) -> tuple[Finding, ...]:
    """The findings that somebody names; ``*`` at the end stands for several, but never for guarded ones.

    Raises UsageError for a name of none, and for a pattern that only guarded ones would match.
    """
    chosen = {each.check: each for name in names for each in _named(found, name)}
    return tuple(chosen.values())


def _named(found: Sequence[Finding], name: str) -> tuple[Finding, ...]:
    if name == _ONLY_DISCORD.check:
        return (_ONLY_DISCORD,)
    if "*" not in name:
        exact = tuple(each for each in found if each.check == name)
        return exact or _none(found, name)
    alike = tuple(each for each in found if fnmatchcase(each.check, name))
    if alike and all(each.guarded for each in alike):
        message = f"{name} would accept a leak, a forged signature or a bot that is not well"
        raise UsageError(message, remedy=f"name each that you mean: {' '.join(e.check for e in alike)}")
    return tuple(each for each in alike if not each.guarded) or _none(found, name)


def _none(found: Sequence[Finding], name: str) -> tuple[Finding, ...]:
    known = [each.check for each in found]
    message = f"{name} is no finding of that session{nearest(name, known)}"
    raise UsageError(message, remedy=f"it has: {', '.join(known) or 'none'}")
