"""The checks that say more than pass, sorted by what a reader has to do about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from backstop.journal.facts import CheckFacts, Mark
from backstop.model.verdict import Outcome
from backstop.report.exchanges import MOST_AT_EASE, MOST_IN_FULL, Exchanges, Shown, in_full_once
from backstop.report.signs import Sign, sign_of_check
from backstop.report.statement import Statement, statement
from backstop.report.text import bounded, short_ids

MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class Saying:
    """One statement of a check, and every check line that says just this; ``exchanges`` are the first's."""

    statement: Statement
    checks: tuple[CheckFacts, ...]
    exchanges: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One check that ended in one way, and all that it said in doing so."""

    check: CheckFacts
    sign: Sign
    sayings: tuple[Saying, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one kind, of ``count`` check lines; ``more`` of these are in the journal only.

    ``urgent`` ones are opened, the heaviest first, and stand before the timeline.
    """

    title: str
    remark: str
    urgent: bool
    entries: tuple[Entry, ...]
    count: int
    more: int


@dataclass(frozen=True, slots=True)
class _Kind:
    title: str
    remark: str
    takes: Callable[[CheckFacts], bool]
    urgent: bool = False


def _against(check: CheckFacts) -> bool:
    if check.mark is Mark.NOTICED:
        return False
    return check.mark is not Mark.PLAIN or check.outcome is Outcome.FAIL


def _unknown(check: CheckFacts) -> bool:
    return check.mark is Mark.PLAIN and check.outcome is Outcome.INCONCLUSIVE


def needs_an_answer(check: CheckFacts) -> bool:
    """Whether it is among those that are urgent."""
    return _against(check) or _unknown(check)


def _degraded(check: CheckFacts) -> bool:
    return check.mark is Mark.PLAIN and check.outcome is Outcome.DEGRADED


def _accepted(check: CheckFacts) -> bool:
    return check.mark is Mark.PLAIN and check.outcome is Outcome.ACCEPTED


def _noticed(check: CheckFacts) -> bool:
    return check.mark is Mark.NOTICED


_KINDS = (
    _Kind("Failures", "what was found, against what was wanted", _against, urgent=True),
    _Kind("Could not look", "nothing is known of these", _unknown, urgent=True),
    _Kind("Degraded", "they hold, but not as well as they should, or weigh too little to block", _degraded),
    _Kind("Red on purpose", "what the checks saw while a fault served", _noticed),
    _Kind("Accepted", "not proven; the target says by name that it lives with that", _accepted),
)


def detail_groups(
    checks: Sequence[CheckFacts], exchanges: Mapping[int, tuple[Shown, ...]] | None = None
) -> tuple[Group, ...]:
    """The groups that are not empty, the most urgent first. ``exchanges`` are by a check's line."""
    given: set[int] = set()
    made = (
        _group(
            kind, checks, in_full_once(exchanges or {}, given, MOST_IN_FULL if kind.urgent else MOST_AT_EASE)
        )
        for kind in _KINDS
    )
    return tuple(group for group in made if group.entries)


def _group(kind: _Kind, checks: Sequence[CheckFacts], exchanges: Exchanges) -> Group:
    own = [check for check in checks if kind.takes(check)]
    if kind.urgent:
        own.sort(key=lambda check: -check.severity.rank)
    shown = own[:MOST_ENTRIES]
    by_check: dict[tuple[str, str], list[CheckFacts]] = {}
    for check in shown:
        by_check.setdefault((check.check, sign_of_check(check).word), []).append(check)
    entries = tuple(_entry(alike, exchanges) for alike in by_check.values())
    return Group(kind.title, kind.remark, kind.urgent, entries, len(own), len(own) - len(shown))


def _entry(checks: Sequence[CheckFacts], exchanges: Exchanges) -> Entry:
    said: dict[str, list[CheckFacts]] = {}
    for check in checks:
        said.setdefault(short_ids(check.message), []).append(check)
    sayings = tuple(
        Saying(statement(bounded(text, alike[0].line)), tuple(alike), exchanges(alike[0].line))
        for text, alike in said.items()
    )
    return Entry(checks[0], sign_of_check(checks[0]), sayings)
