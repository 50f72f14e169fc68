"""What one run of wrangler gets to itself: a directory, its configuration, the file that it reports in."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backstop.storage import CannotWrite

_MOST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Workspace:
    """A private directory that is gone after the run."""

    directory: Path

    @property
    def no_env(self) -> Path:
        """An empty ``.env``, so that the bot's own can't point wrangler elsewhere."""
        return self.directory / "empty.env"

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment variables that make wrangler use it."""
        return {
            "TMPDIR": str(self.directory),
            "XDG_CONFIG_HOME": str(self.directory / "config"),
            "WRANGLER_OUTPUT_FILE_PATH": str(self._report),
        }

    @property
    def _report(self) -> Path:
        return self.directory / "output.ndjson"

    def report(self, kind: str) -> Mapping[str, Any] | None:
        """The last entry of that type that wrangler wrote, or None."""
        try:
            with self._report.open(encoding="utf-8", errors="replace") as file:
                lines = file.read(_MOST).splitlines()
        except FileNotFoundError:
            return None
        entries = [entry for line in lines if (entry := _entry(line)).get("type") == kind]
        return entries[-1] if entries else None


@contextmanager
def workspace() -> Iterator[Workspace]:
    """Make a workspace and remove it in the end. Raises CannotWrite where there is no place for one."""
    with ExitStack() as stack:
        try:
            made = stack.enter_context(tempfile.TemporaryDirectory(prefix="backstop-"))
            space = _furnished(Path(made))
        except OSError as error:
            message = f"no temporary directory for wrangler can be made: {error.strerror}"
            raise CannotWrite(message, remedy="free some space there, or set TMPDIR") from error
        yield space


def _furnished(directory: Path) -> Workspace:
    space = Workspace(directory)
    (directory / "config").mkdir(mode=0o700)
    space.no_env.touch()
    _know_the_newest(directory / "update-check")
    return space


def _know_the_newest(directory: Path) -> None:
    """Fill wrangler's memory of its newest release: after a failure it would ask the npm registry."""
    directory.mkdir()
    memory = {"lastUpdate": int(time.time() * 1000), "latest": None}
    (directory / "wrangler-latest.json").write_text(json.dumps(memory))


def _entry(line: str) -> Mapping[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
