"""When a bot was seen not to be well, and until when: what can be said of its downtime."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from backstop.journal.facts import CheckFacts, Facts
from backstop.model.run import Phase
from backstop.model.verdict import Outcome
from backstop.report.text import clock, duration, plural

_REFUSED = "refused"
_MOST = 12


@dataclass(frozen=True, slots=True)
class Outage:
    """From the first look that found the bot wrong to the next that found it well; None: there was none."""

    began: datetime
    ended: datetime | None

    @property
    def length(self) -> timedelta:
        """How long it was; nothing where its end is not known."""
        return self.ended - self.began if self.ended else timedelta()


@dataclass(frozen=True, slots=True)
class _Look:
    at: datetime
    well: bool


def downtime(sessions: Sequence[Facts], who: str) -> str:
    """All of it, in words. ``who`` looked: this session, these sessions. Times are UTC."""
    found = outages(sessions)
    over = [outage for outage in found if outage.ended]
    unended = next((outage for outage in found if not outage.ended), None)
    since = f"from {clock(unended.began, dated=True)} UTC on it was not seen well" if unended else ""
    if over:
        return f"at least {_told(over)}{f'; and {since} again' if since else ''}"
    if since:
        return f"not known: {since}"
    seen = any(look.well for facts in sessions if not facts.is_drill for look in _looks(facts))
    return f"none seen by {who}" if seen else f"not known to {who}"


def _told(over: Sequence[Outage]) -> str:
    length = duration(sum((outage.length for outage in over), timedelta()).total_seconds())
    if len(over) == 1:
        return length
    dated = len({outage.began.date() for outage in over}) > 1
    each = [
        f"{duration(outage.length.total_seconds())} from {clock(outage.began, dated=dated)} UTC"
        for outage in over[:_MOST]
    ]
    more = f" and {len(over) - _MOST} more" if len(over) > _MOST else ""
    return f"{length} in {plural(len(over), 'stretch', 'stretches')}: {', '.join(each)}{more}"


def outages(sessions: Iterable[Facts]) -> tuple[Outage, ...]:
    """Of looks at the bot as it is, in the order of their time; what drills break on purpose is none.

    A rollback is made of a bot that is not well, also where the session did not look before it.
    """
    found: list[Outage] = []
    began: datetime | None = None
    every = (look for facts in sessions if not facts.is_drill for look in _looks(facts))
    for look in sorted(every, key=lambda each: (each.at, each.well)):
        if not look.well:
            began = began or look.at
        elif began is not None:
            found.append(Outage(began, look.at))
            began = None
    return (*found, Outage(began, None)) if began else tuple(found)


def _looks(facts: Facts) -> Iterator[_Look]:
    times = {record.n: record.at for record in facts.records}
    made = [each for each in facts.rollbacks if each.finished is None or each.finished.outcome != _REFUSED]
    for rollback in made:
        yield _Look(times[rollback.line], well=False)
    ends = sorted(rollback.finished_line or rollback.line for rollback in made)
    for stage in facts.stages:
        if stage.phase is not Phase.FAULT:
            checks = facts.by_stage.get(stage.name, ())
            for _, between in groupby(checks, key=lambda check: bisect(ends, check.line)):
                yield from _look(list(between), times)


def _look(checks: Sequence[CheckFacts], times: dict[int, datetime]) -> Iterator[_Look]:
    red = next((check for check in checks if check.outcome is Outcome.FAIL), None)
    if red is not None:
        yield _Look(times[red.line], well=False)
    elif any(check.outcome is Outcome.PASS for check in checks) and not any(map(_is_open, checks)):
        yield _Look(times[checks[-1].line], well=True)


def _is_open(check: CheckFacts) -> bool:
    return check.outcome is Outcome.INCONCLUSIVE
