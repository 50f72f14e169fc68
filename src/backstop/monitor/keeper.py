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
from backstop.monitor.alert import Seen, Sight, Told
from backstop.monitor.availability import HEALTH, Bot, found
from backstop.monitor.ledger import Ledger, Ledgers, NoLedger
from backstop.monitor.sequence import SKEW, Look, Standing, counts_once, replayed, weighed
from backstop.monitor.severity import alarms
from backstop.monitor.wording import standing, told_in_words

_CLOCKS = "it was set back, or another machine's is wrong"
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
            with self.ledgers.open(self.target) as ledger:
                at = now()  # under the lock, so that looks are in the order of their ends
                events = list(self._noted(ledger, sights(checks, at), began))
        except NoLedger as error:
            self.record(Said(str(error)))
            return False
        for event in (*map(Said, ledger.remarks), *events):
            self.record(event)
        return any(isinstance(event, AlertChanged) for event in events)

    def _noted(self, ledger: Ledger, seen: dict[str, Sight], began: datetime) -> Iterator[Event]:
        for subject, sight in seen.items():
            looks = ledger.looks(subject)
            before = replayed(subject, looks, self.rules, sight.at)
            if counts_once(before, began, sight):
                yield Said(f"{subject}: another look ended while this one went on; they count once")
                continue
            if before.ended is not None and before.ended > sight.at + SKEW:
                back = (before.ended - sight.at).total_seconds()
                yield Said(f"{subject}: the last look is dated {back:.0f} s ahead of this clock: {_CLOCKS}")
            after, told = weighed(before, sight, self.rules)
            last = _last_found(looks) if subject == HEALTH else None
            ledger.keep(Look(began, sight, after.alert, after.known, told is not None, last))
            yield Said(f"{subject}: {standing(before.alert, after.alert, self.rules)}")
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


def _last_found(looks: Sequence[Look]) -> tuple[datetime, Bot] | None:
    """When the bot's health was last looked at, and how it was found."""
    return (looks[-1].sight.at, found(looks[-1].sight)) if looks else None


def _changed(before: Standing, after: Standing, told: Told) -> AlertChanged:
    alert = before.alert if after.alert.raised is None else after.alert
    since = alert.since or after.alert.last
    return AlertChanged(
        subject=alert.subject,
        state=told.value,
        severity=alert.severity.value,
        text=told_in_words(before, after, told),
        since=since.isoformat(timespec="seconds").replace("+00:00", "Z") if since else "",
        failures=alert.looks,
    )
