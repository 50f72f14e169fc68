"""Which versions of a worker were verified here: the first choice of what to go back to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backstop.model.version import VersionId, version_id
from backstop.rollback.entries import Entries

_KEPT = 50  # more than anybody goes back; Cloudflare keeps a hundred


@dataclass(frozen=True, slots=True)
class VerifiedVersion:
    """A version that a whole session found well; ``at`` is UTC in ISO 8601."""

    version: VersionId
    run: str
    at: str


class VerifiedVersions:
    """The record of one directory, the newest first."""

    def __init__(self, directory: Path) -> None:
        self._entries = Entries(directory, _KEPT)

    def of(self, target: str) -> tuple[VerifiedVersion, ...]:
        """What is on record, each version once. What can't be read is no record: nothing depends on it."""
        found = [entry for entry in map(_read, self._entries.of(target)) if entry is not None]
        newest: dict[VersionId, VerifiedVersion] = {}
        for entry in sorted(found, key=lambda each: each.at, reverse=True):
            newest.setdefault(entry.version, entry)
        return tuple(newest.values())[:_KEPT]

    def remember(self, target: str, version: VersionId, run: str, at: datetime) -> None:
        """Put a version first. Raises CannotWrite."""
        entry = VerifiedVersion(version, run, at.astimezone(UTC).isoformat(timespec="seconds"))
        self._entries.add(target, at, asdict(entry))


def _read(entry: Any) -> VerifiedVersion | None:
    try:
        return VerifiedVersion(version_id(entry["version"]), str(entry["run"]), str(entry["at"]))
    except (KeyError, TypeError, ValueError):
        return None
