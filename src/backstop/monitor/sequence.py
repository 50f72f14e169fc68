"""The looks of all machines at one subject as one sequence, and what people know of it. Pure.

Machines that share a directory see each other's looks at once, minutes later, or after a merge. So nobody
counts on: each weighs the last looks of all again, in their order, and compares how the subject stands with
what people have been told, by whomever. What they know already isn't told again, and what a machine could
not know when it looked is told by the next one that does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backstop.model.monitor_rules import MonitorRules
from backstop.model.severity import Severity
from backstop.monitor.alert import Alert, Seen, Sight, Told, weigh
from backstop.monitor.availability import Bot

SKEW = timedelta(seconds=5)  # by which the clocks of two machines that are set by NTP may well differ
_WORSE = (Seen.UNSEEN, Seen.PASSED, Seen.BELOW, Seen.FAILED)


@dataclass(frozen=True, slots=True)
class Known:
    """What people have been told of a subject: that it is raised, or flapping, and how bad it is."""

    raised: bool = False
    flapping: bool = False
    severity: Severity = Severity.NONE


@dataclass(frozen=True, slots=True)
class Look:
    """A look as it is kept. ``alert`` and ``known`` are as they were after it, for whoever made it.

    ``told``: people were told something then. ``before`` is when the bot's health was last looked at before
    it, and how the bot was found; None for other subjects, and where nobody had looked.
    """

    began: datetime
    sight: Sight
    alert: Alert
    known: Known
    told: bool = False
    before: tuple[datetime, Bot] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a subject stands, and what people know of it.

    ``ended`` is when the last look that counts ended, by the clock of whoever made it.
    """

    alert: Alert
    known: Known = Known()
    ended: datetime | None = None


def replayed(subject: str, looks: Sequence[Look], rules: MonitorRules, now: datetime) -> Standing:
    """How a subject stands after these looks, oldest first. The first one's word is taken."""
    if not looks:
        return Standing(Alert(subject))
    stands = Standing(looks[0].alert, looks[0].known, looks[0].sight.at)
    for look, moment in zip(looks[1:], _moments(looks, now)[1:], strict=True):
        stands = _replayed(stands, look, moment, rules)
    return stands


def _moments(looks: Sequence[Look], now: datetime) -> list[datetime]:
    """When each look was, as far as a clock can be believed: the present one most.

    None was earlier than one before it. One that is dated later than now was no later than the next.
    """
    latest = min((look.sight.at for look in looks), default=now)
    believed: list[datetime | None] = []
    for look in looks:
        ahead = look.sight.at > now
        latest = latest if ahead else max(latest, look.sight.at)
        believed.append(None if ahead else latest)
    moments: list[datetime] = []
    for moment in reversed(believed):
        moments.append(moment or (moments[-1] if moments else now))
    return moments[::-1]


def counts_once(before: Standing, began: datetime, sight: Sight) -> bool:
    """Whether the last look ended while this one went on, and saw the same or worse."""
    if before.ended is None or not began < before.ended <= sight.at + SKEW:
        return False
    seen, now = _WORSE.index(before.alert.seen), _WORSE.index(sight.seen)
    graver = sight.seen is Seen.FAILED and sight.severity > before.alert.severity
    return now < seen or (now == seen and not graver)


def weighed(stands: Standing, sight: Sight, rules: MonitorRules) -> tuple[Standing, Told | None]:
    """How it stands after one more look, and what people are to be told, if anything."""
    alert, would = weigh(stands.alert, sight, rules)
    told = _due(alert, stands.known, would)
    moment = sight.at if told else _told_before(stands.alert, sight.at)
    return Standing(replace(alert, told=moment), _knowing(stands.known, alert, told), sight.at), told


def _replayed(stands: Standing, look: Look, at: datetime, rules: MonitorRules) -> Standing:
    """As ``weighed``, for a look of which it is on record what people were told."""
    alert, ended = stands.alert, stands.ended
    if not counts_once(stands, look.began, look.sight):
        alert, _ = weigh(alert, replace(look.sight, at=at), rules)
        ended = look.sight.at
    told = at if look.told else _told_before(stands.alert, at)
    return Standing(replace(alert, told=told), look.known if look.told else stands.known, ended)


def _told_before(alert: Alert, at: datetime) -> datetime | None:
    return None if alert.told is None else min(alert.told, at)


def _due(alert: Alert, known: Known, would: Told | None) -> Told | None:
    """The difference between how it stands and what people know; else what weighing it says of reminders."""
    reminder = Told.REMINDED if would is Told.REMINDED else None
    if alert.seen in {Seen.UNSEEN, Seen.BELOW}:
        return None
    if alert.flapping:
        return reminder if known.flapping else Told.FLAPPING
    if alert.raised is None:
        over = alert.seen is Seen.PASSED and (known.raised or known.flapping)
        return Told.RESOLVED if over else None
    news = not known.raised or known.flapping or alert.severity > known.severity
    return Told.RAISED if news and alert.seen is Seen.FAILED else reminder


def _knowing(known: Known, alert: Alert, told: Told | None) -> Known:
    if told is None or told is Told.REMINDED:
        return known
    if told is Told.RESOLVED:
        return Known()
    return Known(alert.raised is not None, told is Told.FLAPPING, alert.severity)
