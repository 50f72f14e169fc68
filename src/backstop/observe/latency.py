"""Times to first byte, over a kept connection and over new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, NoAnswer, Timing
from backstop.probes.hurdles import blocked


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds, in the order measured: ``warm`` to the first byte, ``cold`` with connecting and TLS."""

    warm: tuple[float, ...]
    cold: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean of the warm samples in seconds."""
        return sum(self.warm) / len(self.warm)

    @property
    def slowest(self) -> float:
        """The longest of the warm samples in seconds."""
        return max(self.warm)

    def slower_than(self, limit: float) -> int:
        """How many of the warm samples took longer than ``limit`` seconds."""
        return sum(each > limit for each in self.warm)

    def quantile(self, part: float) -> float:
        """The nearest-rank quantile of the warm samples, ``part`` from 0 to 1."""
        ranked = sorted(self.warm)
        return ranked[min(len(ranked) - 1, int(part * len(ranked)))]


def latency(samples: Sequence[Exchange]) -> Latency:
    """Read the samples. Raises CouldNotLook when the bot answered none of them over a warm connection."""
    answered = [s.timing for s in samples if s.timing.first_byte is not None and _of_the_bot(s.result)]
    warm = tuple(timing.first_byte or 0.0 for timing in answered if not timing.cold)
    cold = tuple(_from_nothing(timing) for timing in answered if timing.cold)
    if not warm:
        message = f"no latency sample: {len(samples)} probes sent, none answered over a warm connection"
        raise CouldNotLook(message, remedy="see health.reachable")
    return Latency(warm, cold)


def _of_the_bot(result: Answer | NoAnswer) -> bool:
    return isinstance(result, Answer) and blocked(result) is None


def _from_nothing(timing: Timing) -> float:
    return (timing.connect or 0.0) + (timing.tls or 0.0) + (timing.first_byte or 0.0)
