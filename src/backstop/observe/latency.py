"""Times to first byte, over a kept connection and over new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, NoAnswer, Timing
from backstop.probes.hurdles import blocked


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds, in the order measured: ``warm`` to the first byte, ``cold`` with connecting and TLS.

    ``phases`` are the middle times of what a request consists of, by name; only of those that there were.
    """

    warm: tuple[float, ...]
    cold: tuple[float, ...]
    phases: Mapping[str, float] = field(default_factory=dict)

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
        return quantile(self.warm, part)


def quantile(times: Sequence[float], part: float) -> float:
    """The nearest-rank quantile of some times, ``part`` from 0 to 1."""
    ranked = sorted(times)
    return ranked[min(len(ranked) - 1, int(part * len(ranked)))]


def latency(samples: Sequence[Exchange]) -> Latency:
    """Read the samples. Raises CouldNotLook when the bot answered none of them over a warm connection."""
    answered = [s.timing for s in samples if s.timing.first_byte is not None and _of_the_bot(s.result)]
    warm = tuple(timing.first_byte or 0.0 for timing in answered if not timing.cold)
    cold = tuple(_from_nothing(timing) for timing in answered if timing.cold)
    if not warm:
        message = f"no latency sample: {len(samples)} probes sent, none answered over a warm connection"
        raise CouldNotLook(message, remedy="see health.reachable")
    return Latency(warm, cold, _phases(answered))


def _phases(timings: Sequence[Timing]) -> Mapping[str, float]:
    """Connecting, TLS, waiting for the first byte, and reading on to the last."""
    parts: Mapping[str, Sequence[float | None]] = {
        "connect": [each.connect for each in timings],
        "tls": [each.tls for each in timings],
        "first_byte": [each.first_byte for each in timings if not each.cold],
        "rest": [each.total - each.first_byte for each in timings if each.first_byte and not each.cold],
    }
    known = {name: [each for each in times if each is not None] for name, times in parts.items()}
    return {name: median(times) for name, times in known.items() if times}


def _of_the_bot(result: Answer | NoAnswer) -> bool:
    return isinstance(result, Answer) and blocked(result) is None


def _from_nothing(timing: Timing) -> float:
    return (timing.connect or 0.0) + (timing.tls or 0.0) + (timing.first_byte or 0.0)
