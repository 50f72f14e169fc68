"""What the witnesses of a deployment say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from backstop.model.version import VersionId


class Witness(Enum):
    """Who can say which version serves. None is believed alone."""

    COMMAND = "command"
    API = "api"
    EDGE = "edge"


@dataclass(frozen=True, slots=True)
class Testimony:
    """What one witness found; ``after`` is in seconds since the act began."""

    witness: Witness
    wanted: VersionId
    found: str
    agrees: bool
    after: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """All testimonies of one act. ``first_correct`` is when the edge first served what was wanted."""

    testimonies: tuple[Testimony, ...]
    first_correct: float | None = None

    @property
    def agreed(self) -> bool:
        """Whether every witness says that the wanted version serves."""
        return bool(self.testimonies) and all(t.agrees for t in self.testimonies)

    @property
    def dissent(self) -> str:
        """The witnesses that do not agree, in words; empty when all do."""
        return "; ".join(
            f"{t.witness.value} says {t.found or 'nothing'}" + (f" ({t.detail})" if t.detail else "")
            for t in self.testimonies
            if not t.agrees
        )

    def after(self, witness: Witness) -> float | None:
        """When a witness came to agree, in seconds since the act began."""
        return next((t.after for t in self.testimonies if t.witness is witness and t.agrees), None)
