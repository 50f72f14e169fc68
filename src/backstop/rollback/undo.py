"""The undo note: written before a mutation, removed when nothing of it is left to be known.

It outlives a killed process, so that the next start can say what is still in place.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from backstop.model.errors import Unrestored
from backstop.model.version import VersionId, version_id
from backstop.storage import write_atomic


@dataclass(frozen=True, slots=True)
class UndoNote:
    """That ``run`` changes ``worker``, which served ``restore`` before.

    ``meant`` is the version of a rollback that is meant to stay, empty for what must be put back.
    """

    run: str
    target: str
    worker: str
    restore: VersionId
    what: str
    meant: str = ""


class UndoNotes:
    """The notes of one directory, one for each target."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def arm(self, note: UndoNote) -> None:
        """Write the note. Raises CannotWrite when it can't be written: then nothing may be changed."""
        write_atomic(self.path(note.target), json.dumps(asdict(note), indent=2) + "\n")

    def clear(self, target: str) -> None:
        """Forget the note of a target; there need not be one. One that can't be removed is told of again."""
        with suppress(OSError):
            self.path(target).unlink()

    def pending(self, target: str) -> UndoNote | None:
        """The note that an earlier session left, if any. Raises Unrestored when it can't be read."""
        path = self.path(target)
        try:
            members = json.loads(path.read_text())
            return UndoNote(**{**members, "restore": version_id(members["restore"])})
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            message = f"{path} says that a mutation of {target} was begun, but can't be read: {error}"
            remedy = "compare the deployment with what should serve, then remove that file"
            raise Unrestored(message, remedy=remedy) from error

    def path(self, target: str) -> Path:
        """Where the note of a target is kept."""
        return self._directory / f"{target}.json"
