"""The sentences in which a conclusion is told: headline, decision and the next thing to do."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from backstop.journal.events import MutationArmed, Problem, RollbackSpared, VersionSeen
from backstop.journal.facts import CheckFacts, Facts, Mark
from backstop.journal.reason import Reason
from backstop.journal.record import select
from backstop.journal.rules import passed, tells_against
from backstop.journal.scenarios import ScenarioResult
from backstop.model.decision import Decision
from backstop.model.run import SessionKind
from backstop.model.severity import Severity
from backstop.model.verdict import WORST_FIRST, Ending, Outcome, worst
from backstop.policy.rule import Ruling

_MOST_REASONS = 2
_ACCEPTED = "accepted: "
_BEFORE = "before the rollback"
_STANDING = "standing"
_TALLIED_BY_MARK = (Mark.NOTICED, Mark.MISSED, Mark.NOT_SHOWN)

_PLACES = frozenset({"--targets-file", "--reports"})  # options that say where things are
_FRESHNESS = SessionKind.DRILL_FRESHNESS.value
_LACKING = {  # of sessions in which a finding is no reason to roll anything back
    SessionKind.PRE_DEPLOY.value: "do not deploy: see to what was found first",
    SessionKind.READY.value: "see to what is lacking, while nothing is wrong yet",
    _FRESHNESS: "drill, before a rollback is relied upon",
}
_TODO = {  # of sessions that say themselves what a finding calls for
    SessionKind.PRE_ROLLBACK.value: "do what is decided: the first minute says by when, and what to type",
    _FRESHNESS: "drill what is out of date: each finding ends with what to type",
}


def count(checks: Iterable[CheckFacts]) -> dict[str, int]:
    """How many checks ended how. Red that a scenario wants is ``noticed``, green over it ``missed``."""
    tally = Counter(_tallied(check) for check in checks)
    return dict(sorted(tally.items()))


def headline(
    reasons: Sequence[Reason], severity: Severity, facts: Facts, scenarios: Sequence[ScenarioResult]
) -> str:
    """The verdict in one line, such as ``VERIFIED · 41 passed · 6 not proven (accepted: …)``.

    ``reasons`` come worst first; where no check ran, the first of them says why.
    """
    parts = [worst(reason.ending for reason in reasons).verdict.value.upper().replace("_", " ")]
    if severity is not Severity.NONE:
        parts.append(severity.value)
    if reasons and not facts.checks:
        return " · ".join([*parts, reasons[0].text])
    if scenarios:
        well = sum(scenario.verdict == "verified" for scenario in scenarios)
        parts.append(f"{well} of {len(scenarios)} scenarios as declared")
    if _is_spared(facts):
        parts.append("nothing rolled back: another rollback is still fresh")
    parts.extend(_counted(count(facts.checks), facts.checks))
    return " · ".join(parts)


def decision(ruling: Ruling, ending: Ending, facts: Facts) -> str:
    """What to do about the bot, in the words of the decision policy."""
    lacking = _LACKING.get(facts.header.session) if facts.header else None
    if lacking is not None and ruling.severity is not Severity.NONE:
        return lacking
    if facts.is_drill or ruling.severity is Severity.NONE:
        return Decision.NOTHING.value
    if ending is Ending.ROLLED_BACK:
        return _once_rolled_back(ruling)
    if ending is Ending.FAILED and _is_spared(facts):
        return "another rollback is fresh and has not helped: name an older version with --to ID, or escalate"
    if ending is Ending.FAILED and _rolled_back(facts) and not _went_forward(facts):
        return "do not roll back again: what fails, fails with the older version as well; escalate"
    return ruling.text


def _once_rolled_back(ruling: Ruling) -> str:
    """What is left to do, where a bad deploy serves no more."""
    if ruling.decision is Decision.ROTATE:
        return "rotate the secret that was shown: the deploy was rolled back, which does not undo that"
    return "nothing more: the deploy was rolled back; mend it before it is deployed again"


def next_step(ending: Ending, reasons: Sequence[Reason], facts: Facts) -> str:
    """What to type or read next; empty when nothing is left to do."""
    remedies = _remedies(facts)
    remedy = next((remedies[r.line] for r in _worst_first(reasons) if r.line in remedies), "")
    return remedy or _usual_step(ending, facts)


def _usual_step(ending: Ending, facts: Facts) -> str:
    session = facts.header.session if facts.header else ""
    if ending is Ending.FAILED and session in _TODO:
        return _TODO[session]
    again = shlex.join(facts.header.command) if facts.header and facts.header.command else "the same session"
    steps = {
        Ending.VERIFIED: "",
        Ending.ROLLED_BACK: "mend what failed before the rollback, then deploy again",
        Ending.FAILED: f"begin with {_first_failure(facts)}: the report shows what it found and wanted",
        Ending.REFUSED: f"nothing was changed: clear the reason above, then run again: {again}",
        Ending.UNCONFIRMED: "ask all three witnesses again before acting: a look needs no change",
        Ending.UNRESTORED: "put back by hand what is named above, then look again",
        Ending.USAGE: f"correct it, then run again: {again}",
    }
    acted = _rolled_back(facts) and not (facts.is_drill or _is_practice(facts))
    if ending is Ending.INCONCLUSIVE and acted:
        return f"the rollback is done: mend what could not be looked at, then only look: {_look(facts)}"
    return steps.get(ending, f"mend what could not be looked at, then run again: {again}")


def _is_practice(facts: Facts) -> bool:
    """Whether the bot was one of a sandbox, which is gone: there is nothing left to look at."""
    command = facts.header.command if facts.header else ()
    return any(word.partition("=")[0] == "--fault" for word in command)


def _look(facts: Facts) -> str:
    """A look at the same target, which changes nothing, as somebody types it from the same place."""
    command, target = (facts.header.command, facts.header.target) if facts.header else ((), "")
    program = command[:2] if command[:1] == ("backstop",) else ("pytest",)
    where = [
        word
        for place, word in enumerate(command)
        if word.partition("=")[0] in _PLACES or (place and command[place - 1] in _PLACES)
    ]
    return shlex.join([*program, "-m", "post_rollback", "--target", target, *where])


def _first_failure(facts: Facts) -> str:
    """The heaviest of the checks that tell against the bot, the earliest of equals."""
    wrong = [check for check in facts.checks if tells_against(check)]
    return max(wrong, key=lambda check: check.severity.rank).check if wrong else "the reason above"


def _remedies(facts: Facts) -> dict[int | None, str]:
    """What helps against the reason that rests on a line, by line."""
    remedies: dict[int | None, str] = {}
    for record, problem in select(facts.records, Problem):
        if problem.remedy:
            remedies[record.n] = problem.remedy
    for record, armed in select(facts.records, MutationArmed):
        remedies[record.n] = f"undo by hand: {armed.undo}"
    return remedies


def _worst_first(reasons: Sequence[Reason]) -> list[Reason]:
    return sorted(reasons, key=lambda reason: WORST_FIRST.index(reason.ending))


def _rolled_back(facts: Facts) -> bool:
    return any(r.finished is not None and r.finished.outcome == "done" for r in facts.rollbacks)


def _is_spared(facts: Facts) -> bool:
    """Whether a rollback was asked for that somebody else had just made."""
    return any(True for _ in select(facts.records, RollbackSpared))


def _went_forward(facts: Facts) -> bool:
    """Whether the last rollback led to a newer version, as one that undoes another does."""
    started = facts.rollbacks[-1].started
    numbers = {seen.version: seen.number for _, seen in select(facts.records, VersionSeen)}
    return numbers.get(started.to_version, 0) > numbers.get(started.from_version, 0)


def _tallied(check: CheckFacts) -> str:
    if check.superseded:
        return f"{check.outcome.value} {_BEFORE}"
    if check.standing and check.outcome is Outcome.FAIL:
        return _STANDING
    mark = check.mark
    return mark.value if mark in _TALLIED_BY_MARK else check.outcome.value


def _counted(counts: Mapping[str, int], checks: Sequence[CheckFacts]) -> Iterator[str]:
    words = {
        "fail": "failed",
        "missed": "missed",
        "not shown": "not shown",
        "inconclusive": "could not look",
        "pass": "passed",
        "degraded": "degraded",
        "noticed": "red on purpose",
        _STANDING: "not green before the fault either",
        f"{Outcome.FAIL.value} {_BEFORE}": f"failed {_BEFORE}",
    }
    yield from (f"{counts[key]} {word}" for key, word in words.items() if key in counts)
    accepted = counts.get(Outcome.ACCEPTED.value, 0)
    if accepted:
        yield f"{accepted} not proven (accepted: {_why_accepted(checks)})"
    if not any(passed(check) for check in checks) and checks:
        yield "none passed"


def _why_accepted(checks: Sequence[CheckFacts]) -> str:
    messages = (c.message for c in checks if c.outcome is Outcome.ACCEPTED)
    said = (message.rpartition(_ACCEPTED)[2].strip() or "no reason" for message in messages)
    reasons = list(dict.fromkeys(said))
    more = len(reasons) - _MOST_REASONS
    return "; ".join(reasons[:_MOST_REASONS]) + (f"; and {more} more" if more > 0 else "")
