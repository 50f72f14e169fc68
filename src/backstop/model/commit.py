"""A commit of the repository that a bot's project is in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Commit:
    """``id`` is whole; ``dirty`` counts the paths of the project that differ from it."""

    id: str
    dirty: int

    def __str__(self) -> str:
        return f"{self.id[:12]}, " + (
            f"dirty: {self.dirty} path(s) differ from it" if self.dirty else "clean"
        )
