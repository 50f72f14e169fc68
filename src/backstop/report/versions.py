"""The versions that played a part, as people know them."""

from __future__ import annotations

from dataclasses import dataclass

from backstop.journal.events import VersionSeen
from backstop.journal.facts import Facts
from backstop.journal.record import select
from backstop.report.text import bounded

_LONGEST = 120  # characters of a tag where there is little room


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version. ``roles`` in the order in which it took them; ``line`` is where it was first seen."""

    seen: VersionSeen
    roles: tuple[str, ...]
    line: int

    @property
    def short(self) -> str:
        """The first eight characters of the id."""
        return self.seen.version[:8]

    @property
    def words(self) -> str:
        """Tag and message, as far as there are any."""
        quoted = f"“{bounded(self.seen.message)}”" if self.seen.message else ""
        return " ".join(part for part in (self.seen.tag, quoted) if part)


def version_rows(facts: Facts) -> dict[str, VersionRow]:
    """All versions that the journal names with more than their id, by id."""
    rows: dict[str, VersionRow] = {}
    for record, seen in select(facts.records, VersionSeen):
        row = rows.get(seen.version)
        if row is None:
            rows[seen.version] = VersionRow(seen, (seen.role,), record.n)
        elif seen.role not in row.roles:
            rows[seen.version] = VersionRow(row.seen, (*row.roles, seen.role), row.line)
    return rows


def named(rows: dict[str, VersionRow], version: str) -> str:
    """A version in one line: short id, tag, message; the id alone when no more is known."""
    row = rows.get(version)
    if row is None:
        return version[:8] or "unknown"
    return f"{row.short} {row.words}".strip()


def tagged(rows: dict[str, VersionRow], version: str) -> str:
    """A version where there is little room: short id and tag."""
    row = rows.get(version)
    return f"{row.short} {bounded(row.seen.tag, row.line, _LONGEST)}".strip() if row else named(rows, version)
