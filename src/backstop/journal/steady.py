"""Whether a bot was well before a drill began to break it."""

from __future__ import annotations

from collections.abc import Sequence

from backstop.journal.facts import gather
from backstop.journal.record import Record
from backstop.model.run import Phase
from backstop.model.verdict import Outcome


def red_before(records: Sequence[Record]) -> tuple[str, ...]:
    """The ids of the checks that failed in the good stage before the first fault, the heaviest first."""
    failed = [
        check
        for check in gather(records).checks
        if check.phase is Phase.GOOD and not check.scenario and check.outcome is Outcome.FAIL
    ]
    return tuple(check.check for check in sorted(failed, key=lambda check: check.severity, reverse=True))
