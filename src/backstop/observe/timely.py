"""How long interactions took, and those that took too long once more: a hiccup of the way comes once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from backstop.model.http import Exchange
from backstop.observe.interaction import WITHIN


@dataclass(frozen=True, slots=True)
class Timed:
    """One interaction: its name, and the seconds of each time that it was sent.

    ``repeatable``: it may be sent twice, because it has no effect.
    """

    name: str
    seconds: tuple[float, ...]
    repeatable: bool

    @property
    def late(self) -> bool:
        """Whether it took longer than Discord waits, each time."""
        return min(self.seconds) > WITHIN

    @property
    def recovered(self) -> bool:
        """Whether it was late at first, and in time when it was sent again."""
        return self.seconds[0] > WITHIN and not self.late

    def __str__(self) -> str:
        return f"{self.name} took " + ", then ".join(f"{each:.1f} s" for each in self.seconds)


def timed(name: str, first: Exchange, again: Callable[[], Exchange] | None) -> Timed:
    """Time an interaction that was sent; one that was late is sent once more by ``again``, if it may be."""
    seconds = [first.timing.total]
    if seconds[0] > WITHIN and again is not None:
        seconds.append(again().timing.total)
    return Timed(name, tuple(seconds), repeatable=again is not None)
