"""When a credential was last seen to write: nobody can prove that by looking."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backstop.storage import write_atomic

_KEPT = 20


@dataclass(frozen=True, slots=True)
class ProvenWrite:
    """That ``run`` deployed at ``at`` with the credential that Cloudflare knows by this id."""

    token: str
    account: str
    run: str
    at: datetime


class ProvenWrites:
    """The record of one directory, a file for each target; the newest first."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def of(self, target: str) -> tuple[ProvenWrite, ...]:
        """What is on record, the newest first. What can't be read proves nothing."""
        try:
            listed = json.loads(self._path(target).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ()
        found = (_read(entry) for entry in listed) if isinstance(listed, list) else ()
        return tuple(entry for entry in found if entry is not None)

    def remember(self, target: str, write: ProvenWrite) -> None:
        """Put one first, in place of what was known of its credential. Raises CannotWrite."""
        others = [known for known in self.of(target) if known.token != write.token]
        listed = [{**asdict(each), "at": each.at.isoformat()} for each in (write, *others)][:_KEPT]
        write_atomic(self._path(target), json.dumps(listed, indent=2) + "\n")

    def _path(self, target: str) -> Path:
        return self._directory / f"{target}.json"


def _read(entry: Any) -> ProvenWrite | None:
    try:
        at = datetime.fromisoformat(str(entry["at"]))
        token, account, run = (str(entry[name]) for name in ("token", "account", "run"))
        return ProvenWrite(token, account, run, at if at.tzinfo else at.replace(tzinfo=UTC))
    except (KeyError, TypeError, ValueError):
        return None
