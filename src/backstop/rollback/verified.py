"""Which versions of a worker were verified here: the first choice of what to go back to."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from backstop.model.version import VersionId, version_id
from backstop.storage import write_atomic

_KEPT = 50  # more than anybody goes back; Cloudflare keeps a hundred


@dataclass(frozen=True, slots=True)
class VerifiedVersion:
    """A version that a whole session found well; ``at`` is UTC in ISO 8601."""

    version: VersionId
    run: str
    at: str


class VerifiedVersions:
    """The record of one directory, a file for each target; the newest first."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def of(self, target: str) -> tuple[VerifiedVersion, ...]:
        """What is on record, the newest first. What can't be read is no record: nothing depends on it."""
        try:
            listed = json.loads(self._path(target).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ()
        found = (_read(entry) for entry in listed) if isinstance(listed, list) else ()
        return tuple(entry for entry in found if entry is not None)

    def remember(self, target: str, version: VersionId, run: str, at: datetime) -> None:
        """Put a version first. Raises CannotWrite."""
        entry = VerifiedVersion(version, run, at.isoformat(timespec="seconds"))
        others = [known for known in self.of(target) if known.version != version]
        listed = [asdict(each) for each in (entry, *others)][:_KEPT]
        write_atomic(self._path(target), json.dumps(listed, indent=2) + "\n")

    def _path(self, target: str) -> Path:
        return self._directory / f"{target}.json"


def _read(entry: Any) -> VerifiedVersion | None:
    try:
        return VerifiedVersion(version_id(entry["version"]), str(entry["run"]), str(entry["at"]))
    except (KeyError, TypeError, ValueError):
        return None
