"""Which versions of a worker were verified here: the first choice of what to go back to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backstop.model.version import VersionId, version_id
from backstop.rollback.entries import Entries, as_dated

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

    def of(self, target: str, now: datetime) -> tuple[VerifiedVersion, ...]:
        """What is on record, each version once. What can't be read is no record: nothing depends on it.

        What is dated in the future, by a clock that was wrong, comes last.
        """
        found = [entry for entry in map(_read, self._entries.of(target)) if entry is not None]
        newest: dict[VersionId, VerifiedVersion] = {}
        newest_first = sorted(found, key=lambda each: as_dated(_moment(each.at), now), reverse=True)
        for entry in newest_first:
            newest.setdefault(entry.version, entry)
        return tuple(newest.values())[:_KEPT]

    def remember(self, target: str, version: VersionId, run: str, at: datetime) -> None:
        """Put a version first. Raises CannotWrite."""
        entry = VerifiedVersion(version, run, at.astimezone(UTC).isoformat(timespec="seconds"))
        self._entries.add(target, at, asdict(entry))


def _read(entry: Any) -> VerifiedVersion | None:
    try:
        at = _moment(entry["at"]).isoformat(timespec="seconds")
        return VerifiedVersion(version_id(entry["version"]), str(entry["run"]), at)
    except (KeyError, OverflowError, TypeError, ValueError):
        return None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
