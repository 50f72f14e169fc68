"""The base of all that a journal can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all lines; ``kind`` names the line in the file."""

    kind: ClassVar[str]
