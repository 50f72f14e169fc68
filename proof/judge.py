"""From what was seen to what is proven. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from backstop.model.verdict import Outcome
from proof.manifest import Variant
from proof.results import BotResult, Row, Seen
from proof.stages import GOOD

RED = Outcome.FAIL.value
GREEN = frozenset({Outcome.PASS.value, Outcome.NOT_APPLICABLE.value})
_ABSENT = Seen("not run", "")
_WELL = frozenset({*GREEN, Outcome.DEGRADED.value})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that speaks against the proof; ``bot`` and ``variant`` are empty where all are meant."""

    check: str
    bot: str = ""
    variant: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything that speaks against the proof; nothing in it means proven.

    ``problems``: a session or a stage could not be. ``missed``: named by the manifest, and not red.
    ``surplus``: red, and not named. ``alarms``: not green over a good bot or a benign variant.
    ``unknown``: named by a manifest, and no check. ``unnoticeable``: no bot has a check that it names.
    ``unproven``: no fault turns it red, or, where it does no more than that, degrades it.
    ``provable``: declared unprovable, and red all the same.
    """

    problems: tuple[Finding, ...] = ()
    missed: tuple[Finding, ...] = ()
    surplus: tuple[Finding, ...] = ()
    alarms: tuple[Finding, ...] = ()
    unknown: tuple[Finding, ...] = ()
    unnoticeable: tuple[Finding, ...] = ()
    unproven: tuple[Finding, ...] = ()
    provable: tuple[Finding, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether nothing speaks against it."""
        return not any(getattr(self, field.name) for field in fields(self))


def judge(
    variants: Sequence[Variant], results: Sequence[BotResult], unprovable: Mapping[str, str], *, whole: bool
) -> Judgement:
    """Weigh all rows. Whether each check can go red is only asked of a ``whole`` proof."""
    faults = [variant for variant in variants if not variant.benign]
    known = {check for result in results for row in result.rows.values() for check in row.checks}
    known |= unprovable.keys()
    red = {check for result in results for fault in faults for check in _red(result, fault)}
    shown = red | {check for result in results for fault in faults for check in _degraded(result, fault)}
    return Judgement(
        problems=tuple(_problems(results)),
        missed=tuple(
            each
            for result in results
            for fault in faults
            for each in _missed(result, fault, _seen_elsewhere(results, result, fault))
        ),
        surplus=tuple(each for result in results for fault in faults for each in _surplus(result, fault)),
        alarms=tuple(each for result in results for each in _alarms(result, {f.name for f in faults})),
        unknown=tuple(
            Finding(check, variant=f.name)
            for f in faults
            for check in sorted((f.noticed_by | f.degrades) - known)
        ),
        unnoticeable=tuple(Finding("", variant=f.name) for f in faults if not _noticeable(results, f)),
        unproven=tuple(Finding(check) for check in sorted(known - shown - unprovable.keys()) if whole),
        provable=tuple(Finding(check) for check in sorted(red & unprovable.keys())),
    )


def expected(result: BotResult, fault: Variant) -> frozenset[str]:
    """The checks that must notice the fault at this bot: those that the manifest names and the bot has.

    It may have one under this fault only: a certificate, where the fault is one of https.
    """
    rows = (_row(result, GOOD).checks, _row(result, fault.name).checks)
    named = fault.noticed_by | fault.degrades
    return frozenset(check for check in named if any(_applies(row.get(check, _ABSENT)) for row in rows))


def _applies(seen: Seen) -> bool:
    return seen is not _ABSENT and seen.outcome != Outcome.NOT_APPLICABLE.value


def _row(result: BotResult, stage: str) -> Row:
    return result.rows.get(stage, Row({}))


def _red(result: BotResult, fault: Variant) -> frozenset[str]:
    """What this fault turned red. What is red over the good bot proves nothing."""
    good, row = _row(result, GOOD).checks, _row(result, fault.name)
    seen = (check for check, said in row.checks.items() if said.outcome == RED)
    return frozenset(check for check in seen if good.get(check, _ABSENT).outcome in _WELL)


def _degraded(result: BotResult, fault: Variant) -> frozenset[str]:
    """What this fault degrades, of what it must degrade."""
    good, row = _row(result, GOOD).checks, _row(result, fault.name).checks
    was_green = (check for check in fault.degrades if good.get(check, _ABSENT).outcome in GREEN)
    return frozenset(c for c in was_green if row.get(c, _ABSENT).outcome == Outcome.DEGRADED.value)


def _seen_elsewhere(results: Sequence[BotResult], here: BotResult, fault: Variant) -> frozenset[str]:
    others = [_red(result, fault) for result in results if result is not here]
    return frozenset[str]().union(*others)


def _missed(result: BotResult, fault: Variant, elsewhere: frozenset[str]) -> Iterator[Finding]:
    """A bot that is degraded as it is may stay so, where the fault turns the check red at another bot."""
    good, row = _row(result, GOOD).checks, _row(result, fault.name)
    if not fault.fits(result.bot) or row.problem:
        return
    for check in sorted(expected(result, fault) - _noticed(result, fault)):
        seen = row.checks.get(check, _ABSENT)
        if check in elsewhere and seen.outcome == good[check].outcome == Outcome.DEGRADED.value:
            continue
        yield Finding(check, result.bot, fault.name, ": ".join(filter(None, (seen.outcome, seen.message))))


def _noticed(result: BotResult, fault: Variant) -> frozenset[str]:
    return (_red(result, fault) & fault.noticed_by) | _degraded(result, fault)


def _surplus(result: BotResult, fault: Variant) -> Iterator[Finding]:
    row = _row(result, fault.name)
    for check in sorted(_red(result, fault) - fault.noticed_by):
        yield Finding(check, result.bot, fault.name, row.checks[check].message)


def _alarms(result: BotResult, faults: set[str]) -> Iterator[Finding]:
    """What is not green where it must be. A bot may be degraded; a benign variant may not degrade it."""
    good = _row(result, GOOD).checks
    for stage, row in result.rows.items():
        if stage in faults or row.problem:
            continue
        for check, seen in row.checks.items():
            if check not in result.accepted and not _as_well(seen, good.get(check, _ABSENT), stage):
                yield Finding(check, result.bot, stage, f"{seen.outcome}: {seen.message}")


def _as_well(seen: Seen, good: Seen, stage: str) -> bool:
    if seen.outcome == Outcome.DEGRADED.value:
        return stage == GOOD or good.outcome == seen.outcome
    return seen.outcome in GREEN


def _noticeable(results: Sequence[BotResult], fault: Variant) -> bool:
    return any(fault.fits(result.bot) and expected(result, fault) for result in results)


def _problems(results: Iterable[BotResult]) -> Iterator[Finding]:
    for result in results:
        for problem in result.problems:
            yield Finding("", result.bot, "", problem)
        for stage, row in result.rows.items():
            if row.problem:
                yield Finding("", result.bot, stage, row.problem)
        if GOOD not in result.rows and not result.problems:
            yield Finding("", result.bot, GOOD, "no check was run")
