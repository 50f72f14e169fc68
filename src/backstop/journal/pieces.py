"""What is known of one stage, check, rollback or change of a session. Judges nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from backstop.journal.events import MutationDone, MutationUndone, RollbackFinished, RollbackStarted
from backstop.model.run import Phase
from backstop.model.severity import Severity
from backstop.model.verdict import Outcome


class Mark(Enum):
    """How a check's outcome reads at its place in the timeline."""

    PLAIN = "plain"
    NOTICED = "noticed"
    MISSED = "missed"
    NOT_SHOWN = "not shown"
    COLLATERAL = "collateral"


@dataclass(frozen=True, slots=True)
class StageFacts:
    """One stage. ``version`` and ``ready`` (seconds) are empty and None when it never became ready."""

    name: str
    phase: Phase
    scenario: str
    line: int
    began: float
    version: str = ""
    ready: float | None = None
    ready_line: int | None = None


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """One check in one stage. ``expected_red`` says that the stage's scenario wants it to fail.

    A check that was not green in the last good stage can't have noticed the fault by being red.
    ``superseded``: it looked at a deploy that this very session then rolled back.
    """

    check: str
    title: str
    suite: str
    severity: Severity
    stage: str
    phase: Phase
    scenario: str
    outcome: Outcome
    message: str
    step: str
    expected_red: bool
    seconds: float
    line: int
    ended: float
    green_before: bool = True
    superseded: bool = False
    mark: Mark = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "mark", self._mark())  # once: it is read some twenty times

    def _mark(self) -> Mark:
        """A fault that should be seen is noticed, missed or not shown; other red is collateral."""
        if self.phase is not Phase.FAULT:
            return Mark.PLAIN
        if self.expected_red and self.outcome is Outcome.FAIL and not self.green_before:
            return Mark.NOT_SHOWN
        if self.expected_red:
            return _EXPECTED.get(self.outcome, Mark.NOT_SHOWN)
        return Mark.COLLATERAL if self.outcome is Outcome.FAIL and not self.standing else Mark.PLAIN

    @property
    def standing(self) -> bool:
        """Whether this is red under a fault that has nothing to do with it: it was not green before either.

        What that means was judged in the good stage, where it was accepted, degraded or failed.
        """
        return self.phase is Phase.FAULT and not self.expected_red and not self.green_before


_EXPECTED = {Outcome.FAIL: Mark.NOTICED, Outcome.PASS: Mark.MISSED, Outcome.DEGRADED: Mark.MISSED}


@dataclass(frozen=True, slots=True)
class RollbackFacts:
    """One rollback; ``finished`` is None when the session ended in the middle of it."""

    started: RollbackStarted
    line: int
    began: float
    scenario: str
    finished: RollbackFinished | None = None
    finished_line: int | None = None
    ended: float | None = None


@dataclass(frozen=True, slots=True)
class MutationFacts:
    """One change. ``done`` is None while unknown; ``undone`` says how, or is None."""

    id: str
    what: str
    undo: str
    line: int
    armed: float
    scenario: str
    done: MutationDone | None = None
    done_line: int | None = None
    undone: MutationUndone | None = None
    undone_line: int | None = None
    closed: float | None = None
