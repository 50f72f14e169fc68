"""The rules by which a session's facts decide how it ended. Each yields reasons against *verified*."""

from __future__ import annotations

from collections.abc import Iterator

from backstop.journal.events import Problem
from backstop.journal.facts import CheckFacts, Facts, Mark, MutationFacts, RollbackFacts
from backstop.journal.reason import Reason
from backstop.journal.record import Damaged, Unknown, select
from backstop.model.command_outcome import CommandOutcome
from backstop.model.run import SessionKind
from backstop.model.scenario import RollbackOutcome
from backstop.model.verdict import Ending, Outcome

_KEEPS_ITS_CHANGE = {SessionKind.POST_ROLLBACK.value, SessionKind.POST_DEPLOY.value}

_ROLLBACK_ENDINGS = {
    "refused": Ending.REFUSED,
    "unconfirmed": Ending.UNCONFIRMED,
    RollbackOutcome.CAUGHT_LYING.value: Ending.UNCONFIRMED,
}
_OF_A_COMMAND = {each.value for each in CommandOutcome} - {"done", "unconfirmed"}
_WANTED = {
    RollbackOutcome.REFUSED.value: "refused",
    RollbackOutcome.CAUGHT_LYING.value: RollbackOutcome.CAUGHT_LYING.value,
}


def reasons_of_session(facts: Facts) -> Iterator[Reason]:
    """Every reason that does not need the scenarios to be known."""
    found = (
        *_unreadable(facts),
        *_problems(facts),
        *_changes(facts),
        *_rollbacks(facts),
        *_checks(facts),
        *_completeness(facts),
    )
    yield from found
    yield from _before_the_rollback(facts, verified=all(each.ending is Ending.VERIFIED for each in found))


def _unreadable(facts: Facts) -> Iterator[Reason]:
    for record, damage in select(facts.records, Damaged):
        yield Reason(Ending.INCONCLUSIVE, f"the journal is damaged: {damage.why}", record.n)
    unknown = {event.name: record.n for record, event in select(facts.records, Unknown)}
    for name, line in unknown.items():
        text = f"a newer backstop wrote this journal; lines of the kind {name!r} can't be judged here"
        yield Reason(Ending.INCONCLUSIVE, text, line)


def _problems(facts: Facts) -> Iterator[Reason]:
    scenarios = {stage.name: stage.scenario for stage in facts.stages}
    rolled_back = _rolled_back(facts)
    for record, problem in select(facts.records, Problem):
        known = problem.ending in Ending.__members__.values()
        ending = Ending(problem.ending) if known else Ending.INTERNAL_ERROR
        if ending is not Ending.VERIFIED:
            yield Reason(ending, problem.message, record.n, scenarios.get(problem.stage, ""))
        if ending is Ending.INTERRUPTED and rolled_back:
            text = "rolled back, and interrupted before the checks had shown that the bot is well"
            yield Reason(Ending.UNCONFIRMED, text, record.n)


def _rolled_back(facts: Facts) -> bool:
    """Whether a rollback that was meant is done; a drill's leaves nothing that stays."""
    done = any(each.finished is not None and each.finished.outcome == "done" for each in facts.rollbacks)
    return done and not facts.is_drill


def _changes(facts: Facts) -> Iterator[Reason]:
    for mutation in facts.mutations:
        ending = left_over(facts, mutation)
        if ending is Ending.UNRESTORED:
            text = f"still in place, as far as is known: {mutation.what}; to undo it: {mutation.undo}"
            yield Reason(ending, text, mutation.line, mutation.scenario)
        elif ending is Ending.UNCONFIRMED:
            what = "made" if mutation.done is not None else "begun"
            text = f"{what}, but the session ended before it was proven: {mutation.what}"
            yield Reason(ending, text, mutation.line, mutation.scenario)


def left_over(facts: Facts, mutation: MutationFacts) -> Ending:
    """What an unclosed change makes of a session; a rollback that was asked for is meant to stay."""
    if mutation.undone is not None:
        return Ending.VERIFIED
    known = mutation.done is not None and facts.footer is not None
    if facts.header is not None and facts.header.session in _KEEPS_ITS_CHANGE:
        return Ending.VERIFIED if known else Ending.UNCONFIRMED
    failed = mutation.done is not None and not mutation.done.ok
    return Ending.VERIFIED if known and failed else Ending.UNRESTORED


def _rollbacks(facts: Facts) -> Iterator[Reason]:
    declared = {scenario.name: scenario.rollback for scenario in facts.scenarios}
    for rollback in facts.rollbacks:
        wanted = _WANTED.get(declared.get(rollback.scenario, ""), "done")
        yield from _rollback(facts, rollback, wanted)


def _rollback(facts: Facts, rollback: RollbackFacts, wanted: str) -> Iterator[Reason]:
    finished = rollback.finished
    if finished is None:
        ending = Ending.INCONCLUSIVE if facts.is_drill else Ending.UNCONFIRMED
        text = f"the rollback to {rollback.started.to_version} was begun and never finished"
        yield Reason(ending, text, rollback.line, rollback.scenario)
    elif finished.outcome != wanted:
        ending = _ROLLBACK_ENDINGS.get(finished.outcome, Ending.FAILED)
        instead = f", wanted {wanted}" if wanted != "done" else ""
        detail = f": {finished.detail}" if finished.detail else ""
        subject = "the rollback command" if finished.outcome in _OF_A_COMMAND else "the rollback ended"
        text = f"{subject} {finished.outcome}{instead}{detail}"
        yield Reason(ending, text, rollback.finished_line, rollback.scenario)


def _checks(facts: Facts) -> Iterator[Reason]:
    for check in facts.checks:
        reason = _check(check)
        if reason is not None:
            yield reason


def _before_the_rollback(facts: Facts, *, verified: bool) -> Iterator[Reason]:
    """What was wrong with a deploy that is rolled back. ``verified``: nothing tells against what followed."""
    for check in facts.checks:
        if told_against(check) and verified:
            text = f"the deploy was bad and is rolled back: {check.check} failed"
            yield Reason(Ending.ROLLED_BACK, text, check.line, check.scenario, check.check)
        elif told_against(check):
            text = f"the deploy was bad ({check.check} failed) and is rolled back, to what is not verified"
            yield Reason(Ending.INCONCLUSIVE, text, check.line, check.scenario, check.check)


def _check(check: CheckFacts) -> Reason | None:
    judgement = _judgement(check)
    if judgement is None:
        return None
    ending, text = judgement
    return Reason(ending, text, check.line, check.scenario, check.check)


def _judgement(check: CheckFacts) -> tuple[Ending, str] | None:
    """What one check means for the session, or None when nothing is wrong with it."""
    if check.standing or check.superseded or passed(check):
        return None
    said = f"{check.check} said {check.outcome.value} while {check.scenario} served"
    about = f"{check.check}: {_first_line(check.message)}" if check.message else check.check
    where = f" (stage {check.stage})" if check.scenario else ""
    judgements: dict[Mark | Outcome, tuple[Ending, str]] = {
        Mark.MISSED: (Ending.FAILED, f"the fault went unnoticed: {said}, wanted fail"),
        Mark.NOT_SHOWN: (Ending.INCONCLUSIVE, f"not shown that the fault is noticed: {said}, wanted fail"),
        Mark.COLLATERAL: (Ending.FAILED, f"not this fault's doing: {said}, wanted pass"),
        Outcome.FAIL: (Ending.FAILED, about + where),
        Outcome.INCONCLUSIVE: (Ending.INCONCLUSIVE, f"could not look: {about}{where}"),
    }
    return judgements.get(check.outcome if check.mark is Mark.PLAIN else check.mark)


def _completeness(facts: Facts) -> Iterator[Reason]:
    if facts.header is None:
        yield Reason(
            Ending.INCONCLUSIVE, "the journal has no first line, so it is not known what was looked at"
        )
    if facts.footer is None:
        yield Reason(Ending.INCONCLUSIVE, "the session was cut short: its journal has no last line")
    elif 0 < len(facts.checks) < facts.footer.planned:
        text = f"partial: {len(facts.checks)} of {facts.footer.planned} checks finished"
        yield Reason(Ending.INCONCLUSIVE, text)
    if not any(passed(check) for check in facts.checks):
        text = "no check passed" if facts.checks else "no check ran"
        yield Reason(Ending.INCONCLUSIVE, f"{text}, so nothing is known of the bot")


def passed(check: CheckFacts) -> bool:
    """Whether a check says something good of the bot as it is; staying green over its own fault does not."""
    return check.outcome is Outcome.PASS and check.mark is Mark.PLAIN and not check.superseded


def tells_against(check: CheckFacts) -> bool:
    """Whether a check says that something is wrong: red that nobody wanted, or green that hid a fault."""
    if check.mark is Mark.PLAIN:
        return check.outcome is Outcome.FAIL and not check.standing and not check.superseded
    return check.mark in {Mark.MISSED, Mark.COLLATERAL}


def told_against(check: CheckFacts) -> bool:
    """Whether a check said that something was wrong with what has been rolled back since."""
    return check.superseded and check.outcome is Outcome.FAIL


def _first_line(message: str) -> str:
    return message.strip().partition("\n")[0]
