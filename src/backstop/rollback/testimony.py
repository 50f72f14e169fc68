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

    What a witness came to say lies between two looks: it can be earlier by up to ``within`` seconds.
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

    ``refused``: the command says that nothing was made. ``remedy`` is what the command's failure calls for.
    """

    testimonies: tuple[Testimony, ...]
    first_correct: float | None = None
    refused: bool = False
    remedy: str = ""

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

    def within(self) -> dict[str, float]:
        """How much earlier each witness may have come to agree, in seconds, by its name."""
        return {t.witness.value: t.within for t in self.testimonies if t.agrees}


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
