"""Times to first byte, over a kept connection and over new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, Timing
from backstop.observe.schedule import interval, lateness
from backstop.probes.hurdles import blocked


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds, in the order measured: ``warm`` to the first byte, ``cold`` with connecting and TLS.

    ``phases`` are the middle times of what a request consists of, by name; only of those that there were.
    ``due`` are the warm ones from when each was due: what a stall made late is counted.
    """

    warm: tuple[float, ...]
    cold: tuple[float, ...]
    phases: Mapping[str, float] = field(default_factory=dict)
    due: tuple[float, ...] = ()

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


def latency(
    samples: Sequence[Exchange], apart: Sequence[Exchange] = (), per_minute: int | None = None
) -> Latency:
    """Read the samples, which are due one after the other, and those that were sent ``apart`` from them.

    ``per_minute`` is the most that may be due in a minute. Raises CouldNotLook when the bot answered none of
    them over a warm connection.
    """
    sent = (*apart, *samples)
    answered = [each.timing for each in sent if _usable(each)]
    cold = tuple(from_nothing(timing) for timing in answered if timing.cold)
    timings = [each.timing for each in samples]
    late = lateness(timings, interval(timings, per_minute))
    kept = [
        (each.timing.first_byte or 0.0, after)
        for each, after in zip(samples, late, strict=True)
        if _usable(each) and not each.timing.cold
    ]
    if not kept:
        message = f"no latency sample: {len(sent)} probes sent, none answered over a warm connection"
        raise CouldNotLook(message, remedy="see health.reachable")
    warm, due = tuple(first for first, _ in kept), tuple(first + after for first, after in kept)
    return Latency(warm, cold, _phases(answered), due)


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
