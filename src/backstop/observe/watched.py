"""What a watch has seen, and whether it has got worse. Pure.

While it goes on the last five minutes are weighed again and again, so that a bound must hold at 99.9 %; at
the end all of it is weighed once, at 95 %.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from backstop.journal.events import MinuteWatched
from backstop.model.severity import Severity
from backstop.model.target import Target
from backstop.observe.tail_tally import EXCEEDED
from backstop.observe.thresholds import error_limit, mean_limit
from backstop.statistics import binomial

WINDOW = 5  # minutes that are weighed while it goes on
_AT_ONCE = 0.999
_FEWEST = 10  # probes, before their mean says anything
_ACCIDENTS = 2  # a request or two that exceeded a limit may be one
_BLIND = 0.05  # of the time: more than that and it did not watch


class Worse(Enum):
    """In what a bot can get worse."""

    PROBES = "probes"
    TAIL = "tail"
    LIMITS = "limits"
    LATENCY = "latency"


@dataclass(frozen=True, slots=True)
class Finding:
    """What got worse, with what was found and wanted."""

    worse: Worse
    text: str


@dataclass(frozen=True, slots=True)
class Sum:
    """Some minutes together; members are those of MinuteWatched."""

    seconds: float
    sent: int
    failed: int
    unseen: int
    mean: float
    events: int
    failures: int
    exceeded: int
    blind: float


@dataclass(frozen=True, slots=True)
class Watched:
    """``seconds`` of ``wanted`` were watched. ``findings`` are what got worse; then it ended early.

    ``trouble`` says what kept it from looking, each thing once.
    """

    wanted: float
    minutes: tuple[MinuteWatched, ...]
    findings: tuple[Finding, ...] = ()
    trouble: tuple[str, ...] = ()

    @property
    def total(self) -> Sum:
        """All minutes together."""
        return summed(self.minutes)

    @property
    def sampled(self) -> int:
        """In how many minutes Cloudflare left events out."""
        return sum(each.sampled for each in self.minutes)

    @property
    def lost(self) -> int:
        """How often the tail was lost."""
        return sum(each.lost for each in self.minutes)

    def of(self, worse: Worse) -> str:
        """What got worse in this, in words; empty where nothing did."""
        return "; ".join(each.text for each in self.findings if each.worse is worse)

    @property
    def unwatched(self) -> str:
        """Why this is not the whole time, in words; empty where it is."""
        total = self.total
        if total.blind > _BLIND * total.seconds:
            held = "the tail showed nothing of our probes, or was lost, or this process was held up"
            return f"{held}, for {total.blind:.0f} of {total.seconds:.0f} s"
        if total.unseen > _BLIND * total.sent:
            why = "our own network was down, or something in front of the bot answered"
            return f"{total.unseen} of {total.sent} probes say nothing of the bot: {why}"
        if not total.sent:
            return "no probe was sent"
        return ""


def summed(minutes: Iterable[MinuteWatched]) -> Sum:
    """Minutes together."""
    found = tuple(minutes)
    timed = [(each.sent - each.failed - each.unseen, each.mean) for each in found if each.mean > 0]
    weight = sum(number for number, _ in timed)
    return Sum(
        seconds=sum(each.seconds for each in found),
        sent=sum(each.sent for each in found),
        failed=sum(each.failed for each in found),
        unseen=sum(each.unseen for each in found),
        mean=sum(number * mean for number, mean in timed) / weight if weight else 0.0,
        events=sum(each.events for each in found),
        failures=sum(sum(each.failures.values()) for each in found),
        exceeded=sum(n for each in found for word, n in each.outcomes.items() if word in EXCEEDED),
        blind=sum(each.blind for each in found),
    )


def worse_now(minutes: Sequence[MinuteWatched], target: Target) -> tuple[Finding, ...]:
    """What has got worse within the last minutes, for certain."""
    return tuple(_findings(minutes[-WINDOW:], target, _AT_ONCE))


def worse_in_all(minutes: Sequence[MinuteWatched], target: Target) -> tuple[Finding, ...]:
    """What is worse than the policy allows, over all of the time."""
    return tuple(_findings(minutes, target, binomial.CONFIDENCE))


def _findings(minutes: Sequence[MinuteWatched], target: Target, confidence: float) -> Iterator[Finding]:
    total = summed(minutes)
    within, limit = f"within {total.seconds:.0f} s", error_limit(target)
    share = _share(confidence)
    if (found := share(total.failed, total.sent - total.unseen)) > limit:
        told = f"{total.failed} of {total.sent - total.unseen} probes failed {within}"
        yield Finding(Worse.PROBES, f"{told}: at least {_percent(found)}, wanted at most {_percent(limit)}")
    yield from _of_versions(minutes, limit, share, within)
    if total.exceeded > _ACCIDENTS:
        told = f"{total.exceeded} requests exceeded the CPU or memory limit {within}"
        yield Finding(Worse.LIMITS, f"{told}, wanted none")
    slow = mean_limit(target, Severity.MEDIUM)
    if total.mean > slow and total.sent - total.failed - total.unseen >= _FEWEST:
        told = f"the mean time to first byte of our probes was {total.mean:.2f} s {within}"
        yield Finding(Worse.LATENCY, f"{told}, wanted at most {slow:g} s")


def _of_versions(
    minutes: Sequence[MinuteWatched], limit: float, share: Callable[[int, int], float], within: str
) -> Iterator[Finding]:
    """Each version by itself, so that the good one does not hide the bad one of a split."""
    for version in dict.fromkeys(name for each in minutes for name in each.versions):
        seen = sum(each.versions.get(version, 0) for each in minutes)
        failed = sum(each.failures.get(version, 0) for each in minutes)
        if (found := share(failed, seen)) > limit:
            of = f" of {version[:8]}" if version else ""
            told = f"{failed} of {seen} requests{of} in the tail failed {within}"
            yield Finding(Worse.TAIL, f"{told}: at least {_percent(found)}, wanted at most {_percent(limit)}")


def _share(confidence: float) -> Callable[[int, int], float]:
    return lambda failed, seen: binomial.lower(failed, seen, confidence) if seen else 0.0


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
