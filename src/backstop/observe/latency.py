"""Times to first byte, over a kept connection and over new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, Timing
from backstop.observe.sampling import SLOW_S, stalls
from backstop.observe.schedule import Sent
from backstop.probes.hurdles import blocked


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds, in the order measured: ``warm`` to the first byte, ``cold`` with connecting and TLS.

    ``phases`` are the middle times of what a request consists of, by name; only of those that there were.
    ``due`` are the warm ones from when each was due: what a stall made late is counted. ``held`` is the most
    by which our own side sent one too late, which is in no time. ``stalls`` is how often the bot took longer
    than Discord waits: those that waited at the same time count once.
    """

    warm: tuple[float, ...]
    cold: tuple[float, ...]
    phases: Mapping[str, float] = field(default_factory=dict)
    due: tuple[float, ...] = ()
    held: float = 0.0
    stalls: int = 0

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
        """The nearest-rank quantile of the warm samples from when they were due, ``part`` from 0 to 1."""
        return quantile(self.due, part)

    @property
    def late(self) -> int:
        """How many of the warm samples went out after they were due."""
        return sum(due > warm for due, warm in zip(self.due, self.warm, strict=True))


def quantile(times: Sequence[float], part: float) -> float:
    """The nearest-rank quantile of some times, ``part`` from 0 to 1."""
    ranked = sorted(times)
    return ranked[min(len(ranked) - 1, int(part * len(ranked)))]


def latency(samples: Sequence[Sent], apart: Sequence[Exchange] = ()) -> Latency:
    """Read the samples, each with how late it was, and those that were sent ``apart`` from them.

    Raises CouldNotLook when the bot answered none of them over a warm connection.
    """
    sent = (*apart, *(each.exchange for each in samples))
    answered = [each.timing for each in sent if _usable(each)]
    cold = tuple(from_nothing(timing) for timing in answered if timing.cold)
    kept = [each for each in samples if _usable(each.exchange) and not each.exchange.timing.cold]
    if not kept:
        message = f"no latency sample: {len(sent)} probes sent, none answered over a warm connection"
        raise CouldNotLook(message, remedy="see health.reachable")
    warm = tuple(each.exchange.timing.first_byte or 0.0 for each in kept)
    due = tuple(first + each.late for first, each in zip(warm, kept, strict=True))
    held = max(each.held for each in kept)
    return Latency(warm, cold, _phases(answered), due, held, stalls(kept, SLOW_S))


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


def _usable(exchange: Exchange) -> bool:
    """Whether the bot itself answered, so that the time is one of it."""
    result = exchange.result
    return exchange.timing.first_byte is not None and isinstance(result, Answer) and blocked(result) is None


def from_nothing(timing: Timing) -> float:
    """Seconds to the first byte where a connection had to be made first."""
    return (timing.connect or 0.0) + (timing.tls or 0.0) + (timing.first_byte or 0.0)
