"""How the headers of the bot's plain answer differ between versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from backstop.journal.events import HeadersSeen
from backstop.journal.facts import Facts
from backstop.journal.record import Record, select
from backstop.report.versions import tagged, version_rows

# What differs from one answer to the next and says nothing of a version.
_PASSING = frozenset(
    {
        *("age", "alt-svc", "cf-cache-status", "cf-ray", "content-length", "date", "etag", "expires"),
        *("last-modified", "nel", "report-to", "reporting-endpoints", "server-timing", "x-request-id"),
    }
)
_MOST = 300

_Seen = tuple[Record, HeadersSeen]


@dataclass(frozen=True, slots=True)
class HeaderChange:
    """One header that one version sends otherwise than the one before; empty where it sends none.

    The lines are those of the two answers.
    """

    before: str
    after: str
    name: str
    was: str
    became: str
    lines: tuple[int, int]


@dataclass(frozen=True, slots=True)
class HeaderChanges:
    """``answers`` were compared, of so many ``versions``; at most 300 changes are listed."""

    answers: int
    versions: int
    changes: tuple[HeaderChange, ...]
    more: int

    @property
    def alike(self) -> tuple[tuple[tuple[HeaderChange, ...], tuple[HeaderChange, ...]], ...]:
        """What changed in one step from a version to the next, with the steps in which just this did.

        Of each step its first change, then the changes of the first step.
        """
        found: dict[object, list[tuple[HeaderChange, ...]]] = {}
        for _, step in groupby(self.changes, key=lambda change: change.lines):
            changes = tuple(step)
            found.setdefault(tuple((h.name, h.was, h.became) for h in changes), []).append(changes)
        return tuple((tuple(one[0] for one in steps), steps[0]) for steps in found.values())


def header_changes(facts: Facts) -> HeaderChanges | None:
    """What changed from version to version; None where there were not two answers to compare."""
    seen = list(select(facts.records, HeadersSeen))
    if len(seen) <= 1:
        return None
    found = list(_changes(facts, seen))
    versions = len({_identity(event) for _, event in seen})
    return HeaderChanges(len(seen), versions, tuple(found[:_MOST]), max(0, len(found) - _MOST))


def _changes(facts: Facts, seen: Sequence[_Seen]) -> Iterator[HeaderChange]:
    """Each answer against the one before; one that is as this version answered already says nothing new."""
    rows = version_rows(facts)
    passing = _PASSING | _unsteady(seen)
    known: set[tuple[object, ...]] = set()
    for (before, old), (after, new) in pairwise(seen):
        was, became = _steady(old, passing), _steady(new, passing)
        known.add((_identity(old), *sorted(was.items())))
        if (_identity(new), *sorted(became.items())) in known:
            continue
        names = sorted(name for name in was.keys() | became.keys() if was.get(name) != became.get(name))
        labels = [tagged(rows, event.version) if event.version else event.stage for event in (old, new)]
        for name in names:
            was_value, became_value = was.get(name, ""), became.get(name, "")
            yield HeaderChange(labels[0], labels[1], name, was_value, became_value, (before.n, after.n))


def _unsteady(seen: Sequence[_Seen]) -> frozenset[str]:
    """Headers of which one and the same version sends several values."""
    values: dict[tuple[str, str], set[str]] = {}
    for _, event in seen:
        for name, value in event.headers.items():
            values.setdefault((_identity(event), name.lower()), set()).add(value)
    return frozenset(name for (_, name), found in values.items() if len(found) > 1)


def _steady(event: HeadersSeen, passing: frozenset[str]) -> dict[str, str]:
    named = {name.lower(): value for name, value in event.headers.items()}
    status = {"status": str(event.status)} if event.status else {}
    return status | {name: value for name, value in named.items() if name not in passing}


def _identity(event: HeadersSeen) -> str:
    """The version, or where that is not shown the stage."""
    return event.version or event.stage
