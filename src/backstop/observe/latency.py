"""Times to first byte of the health path, over one warm connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds to first byte, warm, in the order measured, and the cold ones apart."""

    warm: tuple[float, ...]
    cold: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean of the warm samples in seconds."""
        return sum(self.warm) / len(self.warm)

    def quantile(self, part: float) -> float:
        """The nearest-rank quantile of the warm samples, ``part`` from 0 to 1."""
        ranked = sorted(self.warm)
        return ranked[min(len(ranked) - 1, int(part * len(ranked)))]


def latency(samples: Sequence[Exchange]) -> Latency:
    """Read the samples. Raises CouldNotLook when none of them was answered over a warm connection."""
    answered = [s for s in samples if isinstance(s.result, Answer) and s.timing.first_byte is not None]
    warm = tuple(
        s.timing.first_byte for s in answered if not s.timing.cold and s.timing.first_byte is not None
    )
    cold = tuple(s.timing.first_byte for s in answered if s.timing.cold and s.timing.first_byte is not None)
    if not warm:
        message = f"no latency sample: {len(samples)} probes sent, none answered over a warm connection"
        raise CouldNotLook(message, remedy="see health.reachable")
    return Latency(warm, cold)
