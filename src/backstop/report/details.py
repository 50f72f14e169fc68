"""The checks that say more than pass, sorted by what a reader has to do about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backstop.journal.facts import CheckFacts, Mark
from backstop.model.verdict import Outcome
from backstop.report.signs import Sign, sign_of_check
from backstop.report.text import bounded

MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One check in one stage, with its message bounded."""

    check: CheckFacts
    sign: Sign
    message: str


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one kind; ``more`` are left out of the page, not of the journal."""

    title: str
    remark: str
    entries: tuple[Entry, ...]
    more: int


@dataclass(frozen=True, slots=True)
class _Kind:
    title: str
    remark: str
    takes: Callable[[CheckFacts], bool]


def _against(check: CheckFacts) -> bool:
    if check.mark is Mark.NOTICED:
        return False
    return check.mark is not Mark.PLAIN or check.outcome is Outcome.FAIL


def _unknown(check: CheckFacts) -> bool:
    return check.mark is Mark.PLAIN and check.outcome is Outcome.INCONCLUSIVE


def _degraded(check: CheckFacts) -> bool:
    return check.mark is Mark.PLAIN and check.outcome is Outcome.DEGRADED


def _accepted(check: CheckFacts) -> bool:
    return check.mark is Mark.PLAIN and check.outcome is Outcome.ACCEPTED


def _noticed(check: CheckFacts) -> bool:
    return check.mark is Mark.NOTICED


_KINDS = (
    _Kind("Failures", "what was found, against what was wanted", _against),
    _Kind("Could not look", "nothing is known of these", _unknown),
    _Kind("Degraded", "they hold, but not as well as they should, or weigh too little to block", _degraded),
    _Kind("Red on purpose", "what the checks saw while a fault served", _noticed),
    _Kind("Accepted", "not proven; the target says by name that it lives with that", _accepted),
)


def detail_groups(checks: Sequence[CheckFacts]) -> tuple[Group, ...]:
    """The groups that are not empty, the most urgent first."""
    made = (_group(kind, checks) for kind in _KINDS)
    return tuple(group for group in made if group.entries)


def _group(kind: _Kind, checks: Sequence[CheckFacts]) -> Group:
    own = [check for check in checks if kind.takes(check)]
    entries = tuple(Entry(c, sign_of_check(c), bounded(c.message, c.line)) for c in own[:MOST_ENTRIES])
    return Group(kind.title, kind.remark, entries, len(own) - len(entries))
