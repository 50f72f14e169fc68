"""What the decision policy calls for, from what was red. A pure function."""

from __future__ import annotations

from collections.abc import Sequence

from backstop.journal.facts import CheckFacts
from backstop.model.decision import BY_SEVERITY, Decision
from backstop.model.severity import Severity

_LEAKED = frozenset({"security.leaks.secrets"})
# What is at Discord, and no part of a version.
_AT_DISCORD = frozenset({"discord.endpoint", "discord.registered"})


def decided(red: Sequence[CheckFacts], severity: Severity) -> Decision:
    """By the heaviest of what is red, unless a rollback comes second to something else, or mends nothing."""
    names = {check.check for check in red}
    if names & _LEAKED:
        return Decision.ROTATE
    if names and names <= _AT_DISCORD:
        return Decision.MEND
    return BY_SEVERITY[severity]
