"""From what a check saw to what it counts for a target."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fnmatch import fnmatchcase

from backstop.model.check import Check
from backstop.model.target import Acceptance, Target
from backstop.model.verdict import Outcome

SIGNED = "discord.signed"  # the name of all that only Discord can sign, for who accepts that
WEIGHS_LESS = "weighs less than blocking"  # says of a degraded check that it did not hold
_SUITE = "discord."


def adjudicate(
    seen: Outcome, check: Check, target: Target, today: date, *, only_discord_signs: bool = False
) -> tuple[Outcome, str]:
    """The outcome that counts, and why it differs from what was seen (empty when it does not).

    A fail or inconclusive that the target accepts by name is accepted until its date; a fail that
    weighs less than the target's ``blocking`` severity is degraded. What is inconclusive because
    ``only_discord_signs`` may also be accepted as ``discord.signed.*``, which never covers a fail.
    """
    if seen not in {Outcome.FAIL, Outcome.INCONCLUSIVE}:
        return seen, ""
    unsigned = seen is Outcome.INCONCLUSIVE and only_discord_signs
    names = (check.id, f"{SIGNED}.{check.id.removeprefix(_SUITE)}") if unsigned else (check.id,)
    if accepted := next(filter(None, (acceptance(name, target.accept, today) for name in names)), None):
        return Outcome.ACCEPTED, f"accepted: {accepted.reason}"
    if seen is Outcome.FAIL and check.severity < target.blocking:
        return Outcome.DEGRADED, f"{check.severity.value} {WEIGHS_LESS} = {target.blocking.value}"
    return seen, ""


def acceptance(check: str, accepted: Iterable[Acceptance], today: date) -> Acceptance | None:
    """The entry that covers a check today, if any; an expired one covers nothing."""
    return next(
        (a for a in accepted if fnmatchcase(check, a.pattern) and (a.until is None or today <= a.until)),
        None,
    )
