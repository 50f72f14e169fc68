"""What a journal can say. One frozen class for each kind of line.

Times are UTC; durations are seconds. Values are JSON scalars, or tuples and mappings of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all lines; ``kind`` names the line in the file."""

    kind: ClassVar[str]


@dataclass(frozen=True, slots=True)
class SessionStarted(Event):
    """First line. ``mutates`` says what will be changed, empty when nothing; ``tools`` are versions.

    ``place`` is where a drill takes place, sandbox or staging; empty for other sessions.
    """

    kind: ClassVar[str] = "session-started"
    run: str
    session: str
    target: str
    worker: str
    url: str
    command: tuple[str, ...]
    reason: str = ""
    mutates: str = ""
    tools: dict[str, str] = field(default_factory=dict)
    schema: int = SCHEMA
    place: str = ""


@dataclass(frozen=True, slots=True)
class TargetResolved(Event):
    """What the target turned out to be once it was reachable (a sandbox's URL, for one)."""

    kind: ClassVar[str] = "target-resolved"
    worker: str
    url: str


@dataclass(frozen=True, slots=True)
class ScenarioDeclared(Event):
    """A scenario that this drill has to go through, and what it expects.

    ``decision`` is in the policy's words and ``budget`` in seconds from the fault to verified good; empty and
    0 are not judged. ``percent`` is the fault's part of the traffic; below 100 it is chance which checks are
    red, and one must be. ``procedure`` is the step that it stands for.
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


@dataclass(frozen=True, slots=True)
class StageStarted(Event):
    """A stage of the timeline begins; ``phase`` is live, good or fault."""

    kind: ClassVar[str] = "stage-started"
    stage: str
    phase: str
    scenario: str = ""


@dataclass(frozen=True, slots=True)
class StageReady(Event):
    """The set-up of a stage is done and its checks begin. ``version`` serves."""

    kind: ClassVar[str] = "stage-ready"
    stage: str
    version: str
    seconds: float


@dataclass(frozen=True, slots=True)
class VersionSeen(Event):
    """A version that plays a part; ``role`` is live, good, fault, from or to."""

    kind: ClassVar[str] = "version-seen"
    version: str
    role: str
    number: int = 0
    tag: str = ""
    message: str = ""
    author: str = ""
    created: str = ""


@dataclass(frozen=True, slots=True)
class MutationArmed(Event):
    """Something is about to be changed; ``undo`` is how it would be put back."""

    kind: ClassVar[str] = "mutation-armed"
    mutation: str
    what: str
    undo: str


@dataclass(frozen=True, slots=True)
class MutationDone(Event):
    """The change was made, or was tried and failed."""

    kind: ClassVar[str] = "mutation-done"
    mutation: str
    ok: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class MutationUndone(Event):
    """Nothing of this change is left in place; ``how`` says why that is known."""

    kind: ClassVar[str] = "mutation-undone"
    mutation: str
    how: str


@dataclass(frozen=True, slots=True)
class Witnessed(Event):
    """What one witness (command, api, edge) says serves, against what should."""

    kind: ClassVar[str] = "witnessed"
    stage: str
    witness: str
    agrees: bool
    wanted: str
    found: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RollbackPlanned(Event):
    """What a rollback would do, before anything is changed. The lists are sentences.

    ``stays`` is what it will not undo, ``refusals`` why it is not done; the session goes on without them.
    """

    kind: ClassVar[str] = "rollback-planned"
    stage: str
    from_version: str
    to_version: str
    reason: str
    why: str
    changes: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RollbackSpared(Event):
    """A rollback was asked for and not made: somebody had rolled back to ``version`` just before."""

    kind: ClassVar[str] = "rollback-spared"
    stage: str
    version: str
    why: str


@dataclass(frozen=True, slots=True)
class RollbackStarted(Event):
    """A rollback begins: from, to, and why that version."""

    kind: ClassVar[str] = "rollback-started"
    stage: str
    from_version: str
    to_version: str
    reason: str
    why: str
    scenario: str = ""


@dataclass(frozen=True, slots=True)
class RollbackCommandEnded(Event):
    """A team's own rollback command was run in a drill, and how it ended, after ``seconds``.

    ``output`` is the last of what it wrote, without secrets.
    """

    kind: ClassVar[str] = "rollback-command-ended"
    stage: str
    scenario: str
    command: tuple[str, ...]
    ended: str
    seconds: float
    output: str = ""


@dataclass(frozen=True, slots=True)
class RollbackFinished(Event):
    """A rollback ended: ``outcome`` is done, refused, unconfirmed, caught lying, or of a team's own command.

    ``timings`` are seconds since the rollback began: command, api_active, first_correct, serving,
    and verified when the checks have passed. ``within`` is by how much a step may have been reached
    earlier, in seconds: so long lay between two looks.
    """

    kind: ClassVar[str] = "rollback-finished"
    stage: str
    outcome: str
    timings: dict[str, float]
    detail: str = ""
    scenario: str = ""
    within: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckFinished(Event):
    """What a check said. ``expected_red`` is set where the scenario wants it to fail."""

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


@dataclass(frozen=True, slots=True)
class Problem(Event):
    """Something other than a check that decides how the session ends; ``ending`` is its exit code."""

    kind: ClassVar[str] = "problem"
    ending: int
    message: str
    remedy: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Said(Event):
    """A line of progress, as it stood on the terminal."""

    kind: ClassVar[str] = "said"
    text: str


@dataclass(frozen=True, slots=True)
class RequestsSpent(Event):
    """How many requests the session sent to the bot. ``per_minute`` is its budget, 0 where it has none.

    ``waited`` is for how many seconds requests were held back for that. ``discord_invalid`` counts what
    Discord refused with 401, 403 or 429: after 10,000 in ten minutes it bans an address.
    """

    kind: ClassVar[str] = "requests-spent"
    requests: int
    per_minute: int = 0
    waited: float = 0.0
    discord_invalid: int = 0


@dataclass(frozen=True, slots=True)
class AvailabilitySeen(Event):
    """How the bot answered plain requests beside the checks, from a drill's first change to its end.

    ``down`` is all of a stage's outages together, ``longest`` the longest, ``every`` the time between two
    requests, in seconds. An outage counts where it began. ``unseen`` requests say nothing of the bot.
    """

    kind: ClassVar[str] = "availability-seen"
    stage: str
    sent: int
    failed: int
    down: float
    longest: float
    every: float
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class SessionFinished(Event):
    """Last line; without it the session was cut short. ``planned`` counts the checks that were due."""

    kind: ClassVar[str] = "session-finished"
    planned: int
    seconds: float
