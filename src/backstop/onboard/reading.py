"""Reading somebody's files: only so far, and never stopped by one that can't be read."""

from __future__ import annotations

from pathlib import Path


def beginning(path: Path, most: int = 256 * 1024) -> str:
    """The first ``most`` bytes of a file as text; empty where there is none, or none that may be read."""
    try:
        with path.open("rb") as file:
            return file.read(most).decode(errors="replace")
    except OSError:
        return ""
