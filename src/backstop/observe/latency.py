"""Times to first byte, over a kept connection and over new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from backstop.model.errors import CouldNotLook
from backstop.model.http import Exchange, Timing
from backstop.observe.samples import (
    AnswersOtherwise,
    cached,
    counted,
    failed,
    lost_in_words,
    status_of,
    statuses_in_words,
    why_lost,
)
from backstop.observe.sampling import stalls
from backstop.observe.schedule import Sent


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds, in the order measured: ``warm`` to the first byte, ``cold`` with connecting and TLS.

    ``phases`` are the middle times of what a request consists of, by name; only of those that there were.
    ``due`` are the warm ones from when each was due: what a stall made late is counted. ``held`` is the most
    by which our own side sent one too late, which is in no time. ``stalls`` is how often the bot took longer
    than Discord waits: those that waited at the same time count once.

    ``answers`` and ``cold_answers`` are the exchanges that the times are of. ``lost`` are those that are in
    no time, by why, and ``failures`` counts those of them that were answered over a kept connection.
    ``waits`` is how long each answer over one took to its last byte, whatever it was: Discord waits for all
    of it. ``failed_cold`` says that of those over a new connection some failed.
    """

    warm: tuple[float, ...]
    cold: tuple[float, ...]
    phases: Mapping[str, float] = field(default_factory=dict)
    due: tuple[float, ...] = ()
    held: float = 0.0
    stalls: int = 0
    answers: tuple[Exchange, ...] = ()
    cold_answers: tuple[Exchange, ...] = ()
    lost: Mapping[str, int] = field(default_factory=dict)
    failures: int = 0
    waits: tuple[float, ...] = ()
    failed_cold: bool = False

    @property
    def mean(self) -> float:
        """Mean of the warm samples in seconds."""
        return sum(self.warm) / len(self.warm)

    @property
    def mostly_lost(self) -> bool:
        """Whether more requests are in no time than the warm samples are."""
        return sum(self.lost.values()) > len(self.warm)

    @property
    def beside(self) -> tuple[str, ...]:
        """What is to be said beside the times: what is in none, what was answered otherwise, or cached."""
        lost, kept = lost_in_words(self.lost), cached(self.answers)
        statuses = statuses_in_words(status_of(each) for each in self.answers)
        said = (
            f"{sum(self.lost.values())} more in no time: {lost}" if lost else "",
            statuses,
            f"{kept} of {len(self.answers)} came from a cache: see health.uncached" if kept else "",
        )
        return tuple(filter(None, said))

    @property
    def slowest(self) -> float:
        """The longest wait for a whole answer in seconds."""
        return max(self.waits)

    def slower_than(self, limit: float) -> int:
        """How many whole answers took longer than ``limit`` seconds."""
        return sum(each > limit for each in self.waits)

    def quantile(self, part: float) -> float:
        """The nearest-rank quantile of the warm samples from when they were due, ``part`` from 0 to 1."""
        return quantile(self.due, part)

    @property
    def quickest_cold(self) -> float:
        """The shortest of the cold samples in seconds. Raises as ``latency`` does where there is none."""
        if self.cold:
            return min(self.cold)
        message = "no sample over a new connection was answered as a bot does that is well"
        raise (AnswersOtherwise if self.failed_cold else CouldNotLook)(
            message, remedy="see health.connections"
        )

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

    Raises CouldNotLook when the bot answered none of them over a warm connection, AnswersOtherwise when it
    did and failures were all that it answered.
    """
    sent = (*apart, *(each.exchange for each in samples))
    good = [each for each in sent if not why_lost(each)]
    cold = tuple(each for each in good if each.timing.cold)
    answered = [each for each in samples if not each.exchange.timing.cold and _answered(each.exchange)]
    kept = [each for each in answered if not failed(each.exchange)]
    lost = counted(map(why_lost, sent))
    if not kept:
        raise _nothing_kept(len(sent), len(cold), lost, failed=any(map(failed, sent)))
    warm = tuple(each.exchange.timing.first_byte or 0.0 for each in kept)
    return Latency(
        warm,
        tuple(from_nothing(each.timing) for each in cold),
        _phases([each.timing for each in good]),
        due=tuple(first + each.late for first, each in zip(warm, kept, strict=True)),
        held=max(each.held for each in kept),
        stalls=stalls(answered),
        answers=tuple(each.exchange for each in kept),
        cold_answers=cold,
        lost=lost,
        failures=len(answered) - len(kept),
        waits=tuple(each.exchange.timing.total for each in answered),
        failed_cold=any(each.timing.cold and failed(each) for each in sent),
    )


def _nothing_kept(sent: int, cold: int, lost: Mapping[str, int], *, failed: bool) -> CouldNotLook:
    anew = {"answered over a new connection, as none was kept open": cold} if cold else {}
    message = f"no latency sample: {sent} probes sent, {lost_in_words({**lost, **anew})}"
    if cold:
        return CouldNotLook(message, remedy="see what closes connections: a proxy, or Connection: close")
    return (AnswersOtherwise if failed else CouldNotLook)(message, remedy="see health.reachable")


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


def _answered(exchange: Exchange) -> bool:
    """Whether a time to the first byte was had from the bot, or from what failed in its place."""
    return exchange.timing.first_byte is not None and (failed(exchange) or not why_lost(exchange))


def from_nothing(timing: Timing) -> float:
    """Seconds to the first byte where a connection had to be made first."""
    return (timing.connect or 0.0) + (timing.tls or 0.0) + (timing.first_byte or 0.0)
