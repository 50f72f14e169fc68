"""What the suites found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from backstop.journal.events.base import Event


@dataclass(frozen=True, slots=True)
class CheckFinished(Event):
    """What a check said. ``expected_red`` is set where the scenario wants it to fail.

    ``exchanges`` are those that it judged last, by the names under which the journal shows them.
    """

    kind: ClassVar[str] = "check-finished"
    check: str
    title: str
    suite: str
    severity: str
    stage: str
    outcome: str
    message: str = ""
    scenario: str = ""
    step: str = ""
    expected_red: bool = False
    seconds: float = 0.0
    exchanges: tuple[str, ...] = ()
