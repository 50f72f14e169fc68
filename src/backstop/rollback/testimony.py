"""What the witnesses of a deployment say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from backstop.model.version import VersionId


class Witness(Enum):
    """Who can say which version serves. None is believed alone."""

    COMMAND = "command"
    API = "api"
    EDGE = "edge"


class Word(Enum):
    """What became of the command, by its own account."""

    DONE = "done"
    REFUSED = "refused, nothing was made"
    LOST = "no answer: it may have been done"
    FAILED = "failed, by its exit code"
    FORCED = "done, against a guard of Cloudflare's"


@dataclass(frozen=True, slots=True)
class Act:
    """A command that was given, once. ``after`` is in seconds since it began, ``detail`` how it ended."""

    word: Word
    after: float
    detail: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Testimony:
    """What one witness found; ``after`` is in seconds since the act began.

    It may have been so up to ``within`` seconds earlier: then it was last seen otherwise.
    """

    witness: Witness
    wanted: VersionId
    found: str
    agrees: bool
    after: float
    detail: str = ""
    within: float = 0.0


@dataclass(frozen=True, slots=True)
class Confirmation:
    """All testimonies of one act. ``first_correct`` is when the edge first served what was wanted.

    It may have been so up to ``first_within`` seconds earlier. ``refused``: the command says that nothing
    was made. ``remedy`` is what the command's failure calls for.
    """

    testimonies: tuple[Testimony, ...]
    first_correct: float | None = None
    first_within: float = 0.0
    refused: bool = False
    remedy: str = ""

    @property
    def wanted(self) -> VersionId:
        """The version that was to serve."""
        return self.testimonies[0].wanted

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

    @property
    def told(self) -> str:
        """What the command itself said of its end; empty where there was none, or nothing to say."""
        return next((t.detail for t in self.testimonies if t.witness is Witness.COMMAND), "")

    def after(self, witness: Witness) -> float | None:
        """When a witness came to agree, in seconds since the act began."""
        return next((t.after for t in self.testimonies if t.witness is witness and t.agrees), None)

    @property
    def timings(self) -> dict[str, float]:
        """The steps in seconds since the act began, as far as they were reached."""
        found = {
            "command": self.after(Witness.COMMAND),
            "api_active": self.after(Witness.API),
            "first_correct": self.first_correct,
            "serving": self.after(Witness.EDGE),
        }
        return {name: round(seconds, 3) for name, seconds in found.items() if seconds is not None}

    @property
    def within(self) -> dict[str, float]:
        """By how much each step may have been reached earlier, in seconds: so long lay between two looks."""
        api = next((t.within for t in self.testimonies if t.witness is Witness.API and t.agrees), None)
        first = self.first_within if self.first_correct is not None else None
        found = {"api_active": api, "first_correct": first}
        return {name: round(seconds, 3) for name, seconds in found.items() if seconds is not None}


def testimony_of(act: Act, wanted: VersionId, *, marked: bool) -> Testimony:
    """The command's own testimony.

    ``marked``: the newest deployment bears the mark of this very run. That settles what became of a command
    whose answer was lost, and nothing else does.
    """
    found = wanted if act.word is Word.DONE else act.word.value
    said = Testimony(Witness.COMMAND, wanted, found, act.word is Word.DONE, act.after, act.detail)
    if act.word is not Word.LOST or not marked:
        return said
    settled = f"{act.detail}; the deployment that it made bears our mark"
    return replace(said, found=wanted, agrees=True, detail=settled)
