"""What a journal can say. One frozen class for each kind of line.

Times are UTC; durations are seconds. Values are JSON scalars, or tuples and mappings of them.
"""

from __future__ import annotations

from backstop.journal.events.base import (
    SCHEMA,
    Event,
)
from backstop.journal.events.changes import (
    MutationArmed,
    MutationDone,
    MutationUndone,
)
from backstop.journal.events.checks import (
    CheckFinished,
)
from backstop.journal.events.drills import (
    ScenarioDeclared,
    ScenarioRestored,
)
from backstop.journal.events.evidence import (
    ExchangeSeen,
    HeadersSeen,
    TailExcerpt,
    TailWatched,
    ToolsSeen,
)
from backstop.journal.events.measured import (
    ErrorRateSeen,
    LatencyCompared,
    LatencySampled,
    UnauthorisedSeen,
)
from backstop.journal.events.rollback import (
    RollbackCommandEnded,
    RollbackFinished,
    RollbackPlanned,
    RollbackSpared,
    RollbackStarted,
)
from backstop.journal.events.session import (
    ImpactSeen,
    OutsideSeen,
    PolicyDiffers,
    Problem,
    RequestsSpent,
    Said,
    SessionFinished,
    SessionStarted,
    TargetResolved,
)
from backstop.journal.events.stages import (
    AvailabilitySeen,
    StageReady,
    StageStarted,
    VersionSeen,
    Witnessed,
)
from backstop.journal.events.telling import (
    AlertChanged,
    NotificationSent,
)
from backstop.journal.events.watching import (
    MinuteWatched,
)

__all__ = [
    "SCHEMA",
    "AlertChanged",
    "AvailabilitySeen",
    "CheckFinished",
    "ErrorRateSeen",
    "Event",
    "ExchangeSeen",
    "HeadersSeen",
    "ImpactSeen",
    "LatencyCompared",
    "LatencySampled",
    "MinuteWatched",
    "MutationArmed",
    "MutationDone",
    "MutationUndone",
    "NotificationSent",
    "OutsideSeen",
    "PolicyDiffers",
    "Problem",
    "RequestsSpent",
    "RollbackCommandEnded",
    "RollbackFinished",
    "RollbackPlanned",
    "RollbackSpared",
    "RollbackStarted",
    "Said",
    "ScenarioDeclared",
    "ScenarioRestored",
    "SessionFinished",
    "SessionStarted",
    "StageReady",
    "StageStarted",
    "TailExcerpt",
    "TailWatched",
    "TargetResolved",
    "ToolsSeen",
    "UnauthorisedSeen",
    "VersionSeen",
    "Witnessed",
]
