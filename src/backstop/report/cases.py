"""What a session's checks are as test cases, for tools that show tests: JUnit's readers and Allure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from backstop.journal.conclusion import Conclusion
from backstop.journal.facts import CheckFacts, Mark
from backstop.journal.matrix import more_telling
from backstop.model.verdict import Ending, Outcome


class Status(Enum):
    """How a test case ended, in JUnit's words."""

    PASSED = "passed"
    FAILURE = "failure"
    ERROR = "error"
    SKIPPED = "skipped"


_RED = {Status.FAILURE, Status.ERROR}
_MARKS = {
    Mark.NOTICED: Status.PASSED,
    Mark.MISSED: Status.FAILURE,
    Mark.NOT_SHOWN: Status.ERROR,
    Mark.COLLATERAL: Status.FAILURE,
}
_OUTCOMES = {
    Outcome.PASS: Status.PASSED,
    Outcome.DEGRADED: Status.PASSED,
    Outcome.FAIL: Status.FAILURE,
    Outcome.INCONCLUSIVE: Status.ERROR,
    Outcome.ACCEPTED: Status.SKIPPED,
    Outcome.NOT_APPLICABLE: Status.SKIPPED,
}
_SAYS_SOMETHING = {
    Ending.FAILED,
    Ending.ROLLED_BACK,
    Ending.UNRESTORED,
    Ending.UNCONFIRMED,
    Ending.REFUSED,
}


def status_of_check(check: CheckFacts) -> Status:
    """What a check at its place in the timeline is.

    Red that was there before a fault is skipped under it: it was judged in the good stage, and says nothing.
    So is what could not be seen of a deploy that was rolled back since.
    """
    status = _MARKS.get(check.mark) or _OUTCOMES[check.outcome]
    says_nothing = check.standing or (check.superseded and status is Status.ERROR)
    return Status.SKIPPED if says_nothing and status in _RED else status


def status_of_ending(ending: Ending) -> Status:
    """Red whenever the exit code is not 0: a failure where something is wrong, else an error."""
    if ending is Ending.VERIFIED:
        return Status.PASSED
    return Status.FAILURE if ending in _SAYS_SOMETHING else Status.ERROR


def status_of_scenario(verdict: str) -> Status:
    """The same for a scenario of a drill, by its word."""
    return {"verified": Status.PASSED, "not shown": Status.ERROR}.get(verdict, Status.FAILURE)


def word_of(check: CheckFacts) -> str:
    """How a check ended; in a stage with a fault, whether it saw it."""
    return check.outcome.value if check.mark is Mark.PLAIN else check.mark.value


def has_stages(conclusion: Conclusion) -> bool:
    """Whether a check may have run more than once, in a stage each."""
    return conclusion.facts.is_drill or len(conclusion.facts.stages) > 1


def ends_of_checks(checks: Iterable[CheckFacts]) -> list[CheckFacts]:
    """Each check once for each stage; of two ends in one stage the one that says more."""
    ends: dict[tuple[str, str], CheckFacts] = {}
    for check in checks:
        place = (check.check, check.stage)
        ends[place] = more_telling(check, ends.get(place))
    return list(ends.values())


def name_of_session(conclusion: Conclusion) -> str:
    """Which session of which target, also where the journal does not say."""
    return f"{conclusion.session or 'session'} of {conclusion.target or 'an unknown target'}"
