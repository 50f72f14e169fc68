"""How each scenario stands at a place today: proven, out of date, failing, or never run. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from statistics import median

from backstop.model.drilled import digest_of
from backstop.model.objective import RTO, RTO_CRITICAL
from backstop.model.scenario import Place, Scenario
from backstop.model.severity import Severity
from backstop.model.verdict import Ending
from backstop.score.record import DrillRecord, ScenarioRecord

LASTS_DAYS = 35  # a month, and some days to do it again
_BACKED = {Ending.VERIFIED, Ending.FAILED, Ending.INCONCLUSIVE}  # drills that put everything back
_FIRST_YEAR = 2025  # there is no older backstop, so that no drill was earlier
_AHEAD_DAYS = 1  # by so much two machines' clocks may differ around midnight
_STEADY = 0.2  # a change of less is none
_LAST = 3  # drills by which the cost of the next one is reckoned
_FEWEST = 2  # drills before the last one, to compare it with


class Result(Enum):
    """What one drill says of one scenario; UNDECIDED says nothing either way."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "could not be judged"


class State(Enum):
    """Where a scenario stands. Only PROVEN counts."""

    PROVEN = "proven"
    EXPIRED = "out of date"
    FAILING = "failed last"
    UNPROVEN = "never passed"
    NEVER = "never run"
    CHANGED = "changed since"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A scenario in one drill; ``verified`` is seconds from the rollback's begin, None unless it passed.

    ``former``: what was drilled then is not what the scenario is today.
    """

    run: str
    at: datetime
    result: Result
    verdict: str
    verified: float | None
    former: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """One scenario at one place. ``attempts`` come oldest first; ``rto`` is in seconds."""

    scenario: str
    title: str
    rto: float
    attempts: tuple[Attempt, ...]
    today: date

    @property
    def last(self) -> Attempt | None:
        """The newest drill that said anything of it."""
        return next((each for each in self._newest if each.result is not Result.UNDECIDED), None)

    @property
    def last_pass(self) -> Attempt | None:
        """The newest drill that it passed."""
        return next((each for each in self._newest if each.result is Result.PASSED), None)

    @property
    def state(self) -> State:
        """A newer failure outweighs a pass, until a newer pass outweighs that."""
        if self.last is None and self.former_pass is not None:
            return State.CHANGED
        if self.last is None:
            return State.UNPROVEN if self.attempts else State.NEVER
        if self.last_pass is None:
            return State.UNPROVEN
        if self.last_failed:
            return State.FAILING
        return State.PROVEN if self._age(self.last_pass) <= LASTS_DAYS else State.EXPIRED

    @property
    def former_pass(self) -> Attempt | None:
        """The newest pass of what had this name before: of another fault, or judged by other terms."""
        former = (each for each in reversed(self.attempts) if each.former and each not in self.misdated)
        return next((each for each in former if each.result is Result.PASSED), None)

    @property
    def changed(self) -> str:
        """Why a former pass does not count, in words; empty where nothing hangs on it."""
        found = self.former_pass
        if found is None or self.last_pass is not None:
            return ""
        return f"its pass of {found.at.date()} does not count: what it declares, or its fault, was another"

    @property
    def age(self) -> int | None:
        """Days since the last pass."""
        return None if self.last_pass is None else self._age(self.last_pass)

    @property
    def until(self) -> date | None:
        """The last day on which the last pass counts."""
        found = self.last_pass
        return None if found is None else found.at.date() + timedelta(days=LASTS_DAYS)

    @property
    def last_failed(self) -> bool:
        """Whether the newest drill that said anything of it failed."""
        return self.last is not None and self.last.result is Result.FAILED

    @property
    def told(self) -> str:
        """How it stands, in words: what was last seen, and when."""
        seen = [self.state.value]
        if self.last_pass is not None:
            seen.append(f"last pass {self.last_pass.at.date()}, {self.age} days ago")
        if self.last is not None and self.last_failed:
            seen.append(f"{self.last.verdict} on {self.last.at.date()}, run {self.last.run}")
        if self.changed:
            seen.append(self.changed)
        if self.misdated:
            dates = ", ".join(sorted({str(each.at.date()) for each in self.misdated})[:_LAST])
            seen.append(f"{len(self.misdated)} dated {dates}: by a clock that was wrong, or is now")
        return "; ".join(seen)

    @property
    def passes(self) -> tuple[Attempt, ...]:
        """Those that say something of what the scenario is today, oldest first."""
        return tuple(each for each in reversed(tuple(self._newest)) if each.result is Result.PASSED)

    @property
    def times(self) -> tuple[float, ...]:
        """Seconds to verified of each pass that counts, oldest first."""
        return tuple(each.verified for each in self.passes if each.verified is not None)

    @property
    def trend(self) -> str:
        """The last time to verified against the middle of those before: faster, slower, steady, or empty."""
        *before, last = self.times or (0.0,)
        if len(before) < _FEWEST:
            return ""
        usual = median(before)
        if abs(last - usual) <= _STEADY * usual:
            return "steady"
        return "slower" if last > usual else "faster"

    @property
    def misdated(self) -> tuple[Attempt, ...]:
        """Drills of the future, or of long ago: by a clock that was wrong. They prove nothing."""
        return tuple(each for each in self.attempts if _is_misdated(each.at, self.today))

    @property
    def _newest(self) -> Iterator[Attempt]:
        return (each for each in reversed(self.attempts) if not each.former and each not in self.misdated)

    def _age(self, attempt: Attempt) -> int:
        return (self.today - attempt.at.date()).days


@dataclass(frozen=True, slots=True)
class Score:
    """All scenarios that fit one target at one place."""

    target: str
    place: Place
    standings: tuple[Standing, ...]

    @property
    def proven(self) -> int:
        """How many count today."""
        return sum(each.state is State.PROVEN for each in self.standings)

    @property
    def percent(self) -> int:
        """The share that counts, rounded down: 100 is all of them. Nothing to drill is 0."""
        return 100 * self.proven // len(self.standings) if self.standings else 0

    @property
    def until(self) -> date | None:
        """The last day on which the score is what it is now, unless drilled again; None when it is 0."""
        days = [each.until for each in self.standings if each.state is State.PROVEN and each.until]
        return min(days, default=None)


def of_worker(records: Sequence[DrillRecord], target: str, worker: str) -> tuple[DrillRecord, ...]:
    """Those of a target that drilled this worker, as far as both are known: else it was another bot."""
    return tuple(each for each in records if each.target == target and worker in {"", each.worker or worker})


def score(
    records: Sequence[DrillRecord], target: str, place: Place, scenarios: Sequence[Scenario], today: date
) -> Score:
    """How the scenarios that fit a target stand there; drills of other targets and places say nothing."""
    own = sorted(
        (each for each in records if each.target == target and each.place == place.value),
        key=lambda each: (each.at, each.run),
    )
    return Score(target, place, tuple(_standing(own, scenario, today) for scenario in scenarios))


def _is_misdated(at: datetime, today: date) -> bool:
    return (today - at.date()).days < -_AHEAD_DAYS or at.year < _FIRST_YEAR


def took(
    records: Sequence[DrillRecord], target: str, place: Place, scenarios: Sequence[Scenario], today: date
) -> dict[str, float]:
    """Seconds from the fault to verified, by scenario: the longest of its last drills at this place.

    What had the name then and was something else is left out, as is what nobody has measured, and a drill of
    the future, which would be the last one until then.
    """
    known = {each.name: _identity(each) for each in scenarios}
    measured: dict[str, list[float]] = {}
    for record in sorted(records, key=lambda each: (each.at, each.run)):
        if (record.target, record.place) != (target, place.value) or _is_misdated(record.at, today):
            continue
        for entry in record.scenarios:
            if entry.seconds is not None and entry.name in known and _is_same(entry, *known[entry.name]):
                measured.setdefault(entry.name, []).append(entry.seconds)
    return {name: max(seconds[-_LAST:]) for name, seconds in measured.items()}


def beside(records: Sequence[DrillRecord], target: str, place: Place, today: date) -> float:
    """Seconds that a drill takes for each scenario beside what ``took`` counts: the most of the last drills.

    0 where no drill at this place has reached the end of all its scenarios.
    """
    spent = [
        (record.seconds - sum(each.seconds or 0.0 for each in record.scenarios)) / len(record.scenarios)
        for record in sorted(records, key=lambda each: (each.at, each.run))
        if (record.target, record.place) == (target, place.value)
        and not _is_misdated(record.at, today)
        and record.scenarios
        and all(each.seconds is not None for each in record.scenarios)
    ]
    return max(spent[-_LAST:], default=0.0)


def counted(records: Sequence[DrillRecord], today: date) -> frozenset[str]:
    """The runs on which a score rests: what is not out of date, and the last word of each scenario."""
    runs = {record.run for record in records if (today - record.at.date()).days <= LASTS_DAYS}
    last: dict[tuple[str, str, str, str, Result], str] = {}
    for record in sorted(records, key=lambda each: (each.at, each.run)):
        for entry in record.scenarios:
            what = (entry.name, f"{entry.fault} {entry.digest}")
            last[record.target, record.place, *what, _result(record, entry)] = record.run
    return frozenset(runs | set(last.values()))


def _identity(scenario: Scenario) -> tuple[str, str]:
    """By which a record tells that it drilled just this: the name of its fault, and the digest."""
    return scenario.fault.name, digest_of(scenario)


def _standing(records: Sequence[DrillRecord], scenario: Scenario, today: date) -> Standing:
    known = _identity(scenario)
    return Standing(
        scenario=scenario.name,
        title=scenario.title,
        rto=RTO_CRITICAL if scenario.severity is Severity.CRITICAL else RTO,
        attempts=tuple(
            _attempt(record, entry, former=not _is_same(entry, *known))
            for record in records
            for entry in record.scenarios
            if entry.name == scenario.name
        ),
        today=today,
    )


def _is_same(entry: ScenarioRecord, fault: str, digest: str) -> bool:
    """Whether this was drilled. A record of an older release names the fault, and nothing else of it."""
    return entry.fault == fault and entry.digest in {"", digest}


def _attempt(record: DrillRecord, entry: ScenarioRecord, *, former: bool) -> Attempt:
    result = _result(record, entry)
    verified = entry.timings.get("verified") if result is Result.PASSED else None
    return Attempt(record.run, record.at, result, entry.verdict, verified, former)


def _result(record: DrillRecord, entry: ScenarioRecord) -> Result:
    """A scenario has passed only where its drill is known to have put everything back."""
    if entry.verdict == "verified":
        return Result.PASSED if record.exit_code in _BACKED else Result.UNDECIDED
    return Result.UNDECIDED if entry.verdict in {"not shown", "refused"} else Result.FAILED
