"""Takes one session's look down: what it says of each subject, what has changed, and who is to hear of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from backstop.journal.events import AlertChanged, Event, Said
from backstop.journal.facts import CheckFacts
from backstop.journal.rules import tells_against
from backstop.model.monitor_rules import MonitorRules
from backstop.model.verdict import Outcome
from backstop.monitor.alert import Alert, Seen, Sight, Told, weigh
from backstop.monitor.availability import between, found
from backstop.monitor.ledger import Ledger, Ledgers, NoLedger
from backstop.monitor.severity import alarms
from backstop.monitor.wording import standing, told_in_words

HEALTH = "health"  # the subject that availability is read from
_LEFT = {Outcome.NOT_APPLICABLE, Outcome.ACCEPTED}


@dataclass(frozen=True, slots=True)
class Keeper:
    """``record`` takes journal events: a line for each subject, and what people are to be told."""

    ledgers: Ledgers
    target: str
    rules: MonitorRules
    record: Callable[[Event], object]

    def note(self, checks: Sequence[CheckFacts], began: datetime, now: Callable[[], datetime]) -> bool:
        """Take down a look that began at ``began``; whether there is anything to be told.

        What is remembered being out of reach is said, and changes nothing about the look.
        """
        try:
            with self.ledgers.open(self.target) as (ledger, aside):
                at = now()  # under the lock, so that looks are in the order of their ends
                events = [*self._aside(aside), *self._noted(ledger, sights(checks, at), began)]
        except NoLedger as error:
            self.record(Said(str(error)))
            return False
        for event in events:
            self.record(event)
        return any(isinstance(event, AlertChanged) for event in events)

    def _aside(self, aside: str) -> Iterator[Event]:
        if aside:
            yield Said(aside)

    def _noted(self, ledger: Ledger, seen: dict[str, Sight], began: datetime) -> Iterator[Event]:
        for subject, sight in seen.items():
            before = ledger.alert(subject)
            if _overlaps(before, began, sight.at):
                yield Said(f"{subject}: another look ended while this one went on; they count once")
                continue
            if before.last is not None and before.last > sight.at:
                back = (before.last - sight.at).total_seconds()
                yield Said(f"{subject}: the clock was set back by {back:.0f} s since the last look")
            after, told = weigh(before, sight, self.rules)
            ledger.keep(after)
            if subject == HEALTH:
                _measure(ledger, sight)
            yield Said(f"{subject}: {standing(before, after, self.rules)}")
            if told is not None:
                yield _changed(before, after, told)


def sights(checks: Sequence[CheckFacts], at: datetime) -> dict[str, Sight]:
    """What the checks say of each suite; a check that could not look makes a good look unseen."""
    suites: dict[str, list[CheckFacts]] = {}
    for check in checks:
        if check.outcome not in _LEFT:
            suites.setdefault(check.suite, []).append(check)
    return {suite: _sight(found, at) for suite, found in suites.items()}


def _sight(checks: Sequence[CheckFacts], at: datetime) -> Sight:
    wrong = [check for check in checks if tells_against(check)]
    if wrong:
        seen = Seen.FAILED if any(map(alarms, wrong)) else Seen.BELOW
        return Sight(at, seen, max(check.severity for check in wrong))
    unseen = any(check.outcome is Outcome.INCONCLUSIVE for check in checks)
    return Sight(at, Seen.UNSEEN if unseen else Seen.PASSED)


def _overlaps(before: Alert, began: datetime, at: datetime) -> bool:
    return before.last is not None and began < before.last <= at


def _measure(ledger: Ledger, sight: Sight) -> None:
    """Add the time since the last look at its health to what was watched."""
    last = ledger.looked(HEALTH)
    for day in between(*last, sight.at) if last else ():
        ledger.add(day)
    ledger.note_look(HEALTH, sight.at, found(sight))


def _changed(before: Alert, after: Alert, told: Told) -> AlertChanged:
    over = after.raised is None
    since = (before if over else after).since or after.last
    return AlertChanged(
        subject=after.subject,
        state=told.value,
        severity=(before if over else after).severity.value,
        text=told_in_words(before, after, told),
        since=since.isoformat(timespec="seconds").replace("+00:00", "Z") if since else "",
        failures=(before if over else after).looks,
    )
