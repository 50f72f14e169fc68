"""What a drill has to go through, and how what it broke was put right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from backstop.journal.events.base import Event


@dataclass(frozen=True, slots=True)
class ScenarioDeclared(Event):
    """A scenario that this drill has to go through, and what it expects.

    ``decision`` is in the policy's words and ``budget`` in seconds from the fault to verified good; empty and
    0 are not judged. ``percent`` is the fault's part of the traffic; below 100 it is chance which checks are
    red, and one must be: of ``able``, where that names any. ``takes`` is how many requests it takes until one
    has met it, with a confidence of 95 %. ``procedure`` is the step that it stands for. ``digest`` tells what
    is drilled from all else that has had this name. 0 and empty where the journal does not say.
    """

    kind: ClassVar[str] = "scenario-declared"
    name: str
    title: str
    fault: str
    changes: str
    notices: tuple[str, ...]
    severity: str
    rollback: str
    decision: str = ""
    budget: float = 0.0
    percent: float = 100.0
    procedure: str = ""
    able: tuple[str, ...] = ()
    takes: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class ScenarioRestored(Event):
    """What the rollback of a scenario had left was put right; ``how`` is deploy or discord.

    ``mended``: the rollback had left nothing of it, so that there was nothing to put right.
    """

    kind: ClassVar[str] = "scenario-restored"
    stage: str
    scenario: str
    how: str
    detail: str
    mended: bool = False
