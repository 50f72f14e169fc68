"""Brings targets, scenarios and drill records together: what is proven of whom, and the page that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from backstop.drill.scenarios import fitting, place_of, runnable
from backstop.journal.conclusion import Conclusion
from backstop.model.errors import UsageError
from backstop.model.scenario import Scenario
from backstop.model.target import Target
from backstop.monitor.ledger import Ledgers, NoLedger
from backstop.report.monitored import monitored_in_words
from backstop.score.record import DrillRecord, record_of
from backstop.score.shelf import DrillRecords
from backstop.score.standing import Score, beside, of_worker, score, took
from backstop.settings.targets import STATE, Targets
from backstop.settings.worker import with_worker
from backstop.storage import write_atomic

if TYPE_CHECKING:
    from backstop.report.scorecard import Notes

FOLDER = "drills"  # of the reports, and of what a team shares
SCORECARD = "scorecard.html"


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """The records of a team and of this machine's reports, and the scenarios that there are."""

    targets: Targets
    reports: Path
    scenarios: Sequence[Scenario]

    @property
    def records(self) -> DrillRecords:
        """Written to both places, read from both."""
        return DrillRecords(self.targets.state / FOLDER, self.reports / FOLDER)

    def keep(self, conclusion: Conclusion, today: date) -> None:
        """Put the record of a drill with the others, and make the page again. Raises CannotWrite."""
        try:
            self.records.keep(record_of(conclusion))
        finally:
            self.write(today)

    def of(self, target: Target, today: date) -> Score:
        """How the scenarios that fit this target stand."""
        fit = fitting_or_none(self.scenarios, target)
        return score(self._drills_of(target), target.name, place_of(target), fit, today)

    def took(self, target: Target) -> dict[str, float]:
        """Seconds from fault to verified in the last drills of this target where it is, by scenario."""
        today = datetime.now(UTC).date()
        return took(self._drills_of(target), target.name, place_of(target), self.scenarios, today)

    def beside(self, target: Target) -> float:
        """Seconds that each scenario took in the last drills of this target beside that."""
        today = datetime.now(UTC).date()
        return beside(self._drills_of(target), target.name, place_of(target), today)

    def scores(self, today: date) -> tuple[Score, ...]:
        """Those of all targets that can be drilled."""
        return tuple(self.of(target, today) for target in self._known if not why_not(target))

    def left_out(self) -> Notes:
        """Which targets are not drilled, and which files are no records."""
        from backstop.report.scorecard import Notes  # noqa: PLC0415 - few sessions make the page

        kept = self.records.all()
        not_drilled = tuple(why for target in self._known if (why := why_not(target)))
        return Notes((*not_drilled, *self._gone(kept.records)), kept.unreadable)

    def _drills_of(self, target: Target) -> tuple[DrillRecord, ...]:
        return of_worker(self.records.all().records, target.name, _worker(target))

    def _gone(self, records: Sequence[DrillRecord]) -> Iterator[str]:
        """A sentence for each target that was drilled and is not in the file now, or is another worker."""
        drills = Counter(record.target for record in records if record.target not in self.targets.entries)
        for name, count in sorted(drills.items()):
            yield f"{name or 'a target without a name'} is not in {self.targets.path.name}: {_counts(count)}"
        for target in self._known:
            worker = _worker(target)
            ours = {each.run for each in of_worker(records, target.name, worker)}
            others = [each for each in records if each.target == target.name and each.run not in ours]
            for name, count in sorted(Counter(each.worker for each in others).items()):
                yield f"{target.name} is {worker} now and was {name}: {_counts(count)}"

    def availability(self, today: date) -> tuple[str, ...]:
        """What monitors have seen of each target until that day, or now; in words."""
        ledgers = Ledgers.beneath(self.targets.state, self.targets.path.parent / STATE)
        now = min(datetime.now(UTC), datetime.combine(today, time.max, UTC))
        return tuple(line for target in self._known for line in _watched(ledgers, target.name, now))

    def write(self, today: date) -> Path:
        """Make the page; its path. Raises CannotWrite."""
        from backstop.report.scorecard import scorecard  # noqa: PLC0415 - as above

        path = self.reports / FOLDER / SCORECARD
        page = scorecard(self.scores(today), today, self.left_out(), self.availability(today))
        write_atomic(path, page)
        return path

    @property
    def _known(self) -> tuple[Target, ...]:
        return tuple(entry.target for entry in self.targets.entries.values())


def _counts(drills: int) -> str:
    return "its drill counts nowhere" if drills == 1 else f"its {drills} drills count nowhere"


def _watched(ledgers: Ledgers, target: str, now: datetime) -> tuple[str, ...]:
    try:
        return tuple(monitored_in_words(target, ledgers.days(target), now))
    except NoLedger as error:
        return (f"{target}: not known: {error.message}",)


def _worker(target: Target) -> str:
    """Empty where its project does not say: a session of it tells that."""
    try:
        return with_worker(target).worker
    except UsageError:
        return ""


def why_not(target: Target) -> str:
    """Why a target is never drilled; empty for one that can be."""
    if target.protected:
        return f"{target.name} is protected: it is never drilled"
    if target.project is None:
        return f"{target.name} has no project: it can't be drilled"
    return ""


def fitting_or_none(scenarios: Sequence[Scenario], target: Target) -> tuple[Scenario, ...]:
    """Those scenarios that may run where a target is, and that its bot can show; perhaps none."""
    try:
        return fitting(runnable(scenarios, place_of(target)), target).scenarios
    except UsageError:
        return ()
