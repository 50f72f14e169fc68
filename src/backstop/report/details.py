"""The checks that say more than pass, sorted by what a reader has to do about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from backstop.journal.facts import CheckFacts, Mark
from backstop.model.verdict import Outcome
from backstop.report.exchanges import AT_EASE, URGENT, URGENT_TIGHT, Exchanges, Shown, in_full_once
from backstop.report.signs import Sign, sign_of_check
from backstop.report.statement import Statement, statement
from backstop.report.text import bounded, short_ids

MOST_URGENT = 200  # check lines of a group; one that is alike in many stages is many lines
MOST_AT_EASE = 600
_MOST_PLACES = 20  # of one statement
_MOST_OPENED = 24
_MOST_OPENED_TIGHT = 10


@dataclass(frozen=True, slots=True)
class Saying:
    """One statement of a check, and every check line that says just this; ``exchanges`` are the first's."""

    statement: Statement
    checks: tuple[CheckFacts, ...]
    exchanges: tuple[Shown, ...]

    @property
    def places(self) -> tuple[CheckFacts, ...]:
        """Those of the lines that are named."""
        return self.checks[:_MOST_PLACES]

    @property
    def more_places(self) -> int:
        """How many are not."""
        return len(self.checks) - len(self.places)


@dataclass(frozen=True, slots=True)
class Entry:
    """One check that ended in one way, and all that it said in doing so."""

    check: CheckFacts
    sign: Sign
    sayings: tuple[Saying, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one kind, of ``count`` check lines; ``more`` of these are in the journal only.

    ``urgent`` ones stand before the timeline, the heaviest first; the first ``opened`` entries are told at
    length, the others in brief.
    """

    title: str
    remark: str
    urgent: bool
    entries: tuple[Entry, ...]
    count: int
    more: int
    opened: int


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
    checks: Sequence[CheckFacts],
    exchanges: Mapping[int, tuple[Shown, ...]] | None = None,
    *,
    tight: bool = False,
) -> tuple[Group, ...]:
    """The groups that are not empty, the most urgent first. ``exchanges`` are by a check's line.

    Of many stages they are ``tight``: more is said of them, and less of it at length.
    """
    given: set[int] = set()
    urgent, opened = (URGENT_TIGHT, _MOST_OPENED_TIGHT) if tight else (URGENT, _MOST_OPENED)
    made = (
        _group(kind, checks, in_full_once(exchanges or {}, given, urgent if kind.urgent else AT_EASE), opened)
        for kind in _KINDS
    )
    return tuple(group for group in made if group.entries)


def _group(kind: _Kind, checks: Sequence[CheckFacts], in_full: Exchanges, opened: int) -> Group:
    own = [check for check in checks if kind.takes(check)]
    if kind.urgent:
        own.sort(key=lambda check: -check.severity.rank)
    shown = own[: MOST_URGENT if kind.urgent else MOST_AT_EASE]
    by_check: dict[tuple[str, str], list[CheckFacts]] = {}
    for check in shown:
        by_check.setdefault((check.check, sign_of_check(check).word), []).append(check)
    entries = tuple(_entry(alike, in_full, word_for_word=kind.urgent) for alike in by_check.values())
    return Group(kind.title, kind.remark, kind.urgent, entries, len(own), len(own) - len(shown), opened)


def _entry(checks: Sequence[CheckFacts], exchanges: Exchanges, *, word_for_word: bool) -> Entry:
    """``word_for_word``: what differs in a quoted answer only is said apart as well."""
    said: dict[object, list[CheckFacts]] = {}
    for check in checks:
        message = short_ids(check.message)
        said.setdefault(message if word_for_word else replace(statement(message), answered=""), []).append(
            check
        )
    sayings = tuple(
        Saying(_stated(alike[0]), tuple(alike), exchanges(alike[0].line)) for alike in said.values()
    )
    return Entry(checks[0], sign_of_check(checks[0]), sayings)


def _stated(check: CheckFacts) -> Statement:
    return statement(bounded(short_ids(check.message), check.line))
