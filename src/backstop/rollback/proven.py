"""When a credential was last seen to write: nobody can prove that by looking."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backstop.rollback.entries import Entries, as_dated

_KEPT = 20


@dataclass(frozen=True, slots=True)
class ProvenWrite:
    """That ``run`` deployed at ``at`` with the credential that Cloudflare knows by this id."""

    token: str
    account: str
    run: str
    at: datetime


class ProvenWrites:
    """The record of one directory, the newest first."""

    def __init__(self, directory: Path) -> None:
        self._entries = Entries(directory, _KEPT)

    def of(self, target: str, now: datetime) -> tuple[ProvenWrite, ...]:
        """What is on record, each credential once. What can't be read proves nothing.

        What is dated in the future, by a clock that was wrong, comes last.
        """
        found = [entry for entry in map(_read, self._entries.of(target)) if entry is not None]
        newest: dict[str, ProvenWrite] = {}
        for entry in sorted(found, key=lambda each: as_dated(each.at, now), reverse=True):
            newest.setdefault(entry.token, entry)
        return tuple(newest.values())[:_KEPT]

    def remember(self, target: str, write: ProvenWrite) -> None:
        """Put one first, in place of what was known of its credential. Raises CannotWrite."""
        self._entries.add(target, write.at, {**asdict(write), "at": write.at.isoformat()})


def _read(entry: Any) -> ProvenWrite | None:
    try:
        at = datetime.fromisoformat(str(entry["at"]))
        token, account, run = (str(entry[name]) for name in ("token", "account", "run"))
        return ProvenWrite(token, account, run, at if at.tzinfo else at.replace(tzinfo=UTC))
    except (KeyError, TypeError, ValueError):
        return None
