"""The decision policy: signals in, what to do out. Total, and worse signals never lower the severity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backstop.model.decision import BY_SEVERITY, Decision
from backstop.model.outside import Outside
from backstop.model.severity import Severity
from backstop.policy.external import behind_all
from backstop.policy.signals import Red, Signals
from backstop.policy.table import MINOR, REJECTED, SILENT, TABLE, Row, asks_the_bot, row_of
from backstop.policy.thresholds import DEFAULTS, Measure, Policy

_WITHIN = re.compile(r"\(within [^)]*\)")
_MOST_NAMED = 3
_PERCENT = 100
_UNSURE = 0.5  # how near a row is whose check could not look, or held only just
_ENOUGH = 0.5  # the lower bound from which on "all of them failed" is 100 %: of fewer than six it says little
_OTHER = "other-findings"
_MINOR_ROW = next(row for row in TABLE if row.name == MINOR)
_REJECTED_ROW = next(row for row in TABLE if row.name == REJECTED)


@dataclass(frozen=True, slots=True)
class Fired:
    """A row of the table that spoke, and what made it."""

    row: Row
    why: str
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """The row that came nearest without speaking."""

    row: Row
    why: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the policy says. ``act_within`` is in seconds, None where nothing is to be done.

    ``outside`` are those whose outage is behind all that was found, or may well be.
    """

    severity: Severity
    decision: Decision
    act_within: float | None
    fired: tuple[Fired, ...]
    nearest: Near | None
    outside: tuple[Outside, ...] = ()

    @property
    def text(self) -> str:
        """The decision in the policy's words, with the time that this target allows."""
        if self.act_within is None:
            return self.decision.value
        return _WITHIN.sub(f"(within {in_words(self.act_within)})", self.decision.value)


def rule(signals: Signals, policy: Policy = DEFAULTS) -> Ruling:
    """Decide. Any signals are accepted."""
    fired = tuple(sorted(_fired(signals, policy), key=lambda each: _place(each.row)))
    severity = max((each.row.severity for each in fired), default=Severity.NONE)
    external = {each.row: behind_all(each.row, each.checks, signals) for each in fired}
    unexplained = [each for each in fired if not external[each.row]]
    outside = frozenset[Outside]().union(*external.values())
    decision = _decision(fired, unexplained)
    return Ruling(
        severity,
        decision,
        None if decision is Decision.WAIT else policy.act_within(severity),
        fired,
        _nearest(signals, policy, {each.row for each in fired}, severity),
        () if unexplained else tuple(who for who in Outside if who in outside),
    )


def in_words(seconds: float) -> str:
    """A time to act in, as the procedure writes it."""
    for unit, length in (("h", 3600.0), ("min", 60.0)):
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:g} {unit}"
    return f"{seconds:g} s"


def _place(row: Row) -> tuple[int, int]:
    """The heaviest first, and those of one severity as in the table."""
    return -row.severity.rank, TABLE.index(row) if row in TABLE else len(TABLE)


def _decision(fired: Sequence[Fired], unexplained: Sequence[Fired]) -> Decision:
    """A leak first, since no rollback undoes it; then what is not the bot's; then what no version holds."""
    if any(each.row.instead is Decision.ROTATE for each in fired):
        return Decision.ROTATE
    if not fired:
        return Decision.NOTHING
    if not unexplained:
        return Decision.WAIT
    if all(each.row.instead is Decision.MEND for each in unexplained):
        return Decision.MEND
    return BY_SEVERITY[max(each.row.severity for each in unexplained)]


def _fired(signals: Signals, policy: Policy) -> Iterator[Fired]:
    yield from _by_checks(signals.red, policy)
    if signals.rejected:
        row = _MINOR_ROW if policy.is_off(Severity.CRITICAL, REJECTED) else _REJECTED_ROW
        yield Fired(row, _REJECTED_ROW.what)
    told: set[Measure | None] = set()
    for row in TABLE:  # the heaviest first, and each measure once
        found, limit = _measured(row, signals), _limit(row, policy)
        if found is None or limit is None or row.measure in told:
            continue
        if _is_above(row, found, limit):
            told.add(row.measure)
            yield Fired(row, _shown(row, found, limit))


def _by_checks(red: frozenset[Red], policy: Policy) -> Iterator[Fired]:
    """Each red check in its row; where that is switched off it is a minor finding, never nothing.

    What is red because the bot answers nothing belongs to that: silence leaks no secret.
    """
    rows: dict[Row, list[str]] = {}
    silence = Red(SILENT, Severity.CRITICAL)
    silent = silence in red and _row(silence, policy) is not _MINOR_ROW
    for each in sorted(red, key=lambda one: (one.check != SILENT, one.check)):
        because = silence if silent and asks_the_bot(each.check) else each
        rows.setdefault(_row(because, policy), []).append(each.check)
    for row, checks in rows.items():
        yield Fired(row, f"{row.what}: {_named(checks)}", tuple(checks))


def _row(red: Red, policy: Policy) -> Row:
    row = row_of(red.check, red.severity)
    if row is None:
        return Row(red.severity, _OTHER, "other findings")
    return _MINOR_ROW if policy.is_off(row.severity, row.name) else row


def _named(checks: Sequence[str]) -> str:
    more = len(checks) - _MOST_NAMED
    return ", ".join(checks[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _limit(row: Row, policy: Policy) -> float | None:
    if row.measure is None or policy.is_off(row.severity, row.name):
        return None
    return policy.limit(row.measure, row.severity)


def _measured(row: Row, signals: Signals) -> float | None:
    """The figure that a row weighs, in the unit of its threshold."""
    match row.measure:
        case Measure.ERROR_RATE | Measure.ALERT if signals.errors is not None:
            all_of_enough = signals.errors.seen >= 1 and signals.errors.low > _ENOUGH
            return _PERCENT * (1.0 if all_of_enough else signals.errors.low)
        case Measure.MEAN:
            return signals.mean_ms
        case Measure.SLOWER if signals.slower is not None:
            return _PERCENT * (signals.slower - 1)
        case Measure.UNAUTHORISED:
            return signals.unauthorised
    return None


def _is_above(row: Row, found: float, limit: float) -> bool:
    """A rate of 100 % can't be exceeded; a comparison speaks from half its threshold on, at its lower bound.

    Source of the half: facts, "Deciding more than 50 % slower": roll back if the lower bound > 1.25.
    """
    match row.measure:
        case Measure.ERROR_RATE | Measure.ALERT if limit >= _PERCENT:
            return found >= limit
        case Measure.SLOWER:
            return found > limit / 2
    return found > limit


def _shown(row: Row, found: float, limit: float) -> str:
    match row.measure:
        case Measure.ERROR_RATE:
            return f"error rate: at least {found:.1f} % are shown to fail, threshold {limit:g} %"
        case Measure.ALERT:
            return (
                f"error rate: at least {found:.1f} % are shown to fail, people are alerted from {limit:g} %"
            )
        case Measure.MEAN:
            return f"mean time to first byte: {found:.0f} ms, threshold {limit:g} ms"
        case Measure.UNAUTHORISED:
            return f"{found:.0f} requests a minute were answered 401 or 403, threshold {limit:g}"
    return (
        f"slower than the version before: at least {found:.0f} % is shown, threshold {limit:g} %, "
        "which speaks from half of it on"
    )


def _nearest(signals: Signals, policy: Policy, fired: set[Row], severity: Severity) -> Near | None:
    """Of the rows that weigh more than what was found, or as much, the one that was nearest to speak."""
    heavier = [row for row in TABLE if row not in fired and row.severity.rank >= max(severity.rank, 1)]
    weighed = [(*_nearness(row, signals, policy), row) for row in heavier]
    near = max(weighed, key=lambda each: (each[0], -each[2].severity.rank), default=None)
    return Near(near[2], near[1]) if near is not None else None


def _nearness(row: Row, signals: Signals, policy: Policy) -> tuple[float, str]:
    """How near a silent row is to speaking, from 0 to 1, and that in words."""
    if policy.is_off(row.severity, row.name):
        return -1.0, f"{row.what}: switched off for this target"
    found, limit = _measured(row, signals), _limit(row, policy)
    if row.measure is not None and limit is None:
        return -1.0, f"{row.what}: has no threshold"
    if found is not None and limit is not None:
        bar = limit / 2 if row.measure is Measure.SLOWER else limit
        return max(0.0, min(found / bar, 0.99)), _shown(row, found, limit)
    unsure = sorted(each.check for each in signals.unsure if row.names(each.check, each.severity))
    if unsure:
        return _UNSURE, f"{row.what}: not shown, {_named(unsure)} could not tell or held only just"
    return (
        0.0,
        f"{row.what}: nothing of that was found" if row.measure is None else f"{row.what}: not measured",
    )
