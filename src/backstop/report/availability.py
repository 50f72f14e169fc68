"""What a drill cost those who use the bot, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backstop.journal.events import AvailabilitySeen
from backstop.journal.facts import Facts
from backstop.journal.record import select
from backstop.model.drill_rules import MONTH_MIN
from backstop.report.text import duration, per_cent, plural


@dataclass(frozen=True, slots=True)
class Lost:
    """What was lost in one stage; ``share`` of the requests in per cent."""

    seen: AvailabilitySeen
    share: float
    line: int


def lost_by_stage(facts: Facts) -> tuple[Lost, ...]:
    """The stages in which a plain request failed, or could not be told from our own network's failing."""
    return tuple(
        Lost(seen, round(100 * min(seen.failed / seen.sent, 1.0), 1) if seen.sent > 0 else 0.0, record.n)
        for record, seen in select(facts.records, AvailabilitySeen)
        if seen.failed or seen.unseen or seen.down
    )


def availability_in_words(seen: Sequence[AvailabilitySeen]) -> str:
    """One line over all stages; empty where nothing was asked beside the checks."""
    sent = sum(each.sent for each in seen)
    if not sent:
        return ""
    failed, unseen = sum(each.failed for each in seen), sum(each.unseen for each in seen)
    asked = f"{failed} of {plural(sent, 'plain request')} failed, one every {max(e.every for e in seen):g} s"
    blind = f" ({unseen} say nothing: our own network was down)" if unseen else ""
    down, longest = sum(each.down for each in seen), max(each.longest for each in seen)
    if not down:
        return f"{asked}{blind}; the bot was never seen down"
    share = 100 * down / (60 * MONTH_MIN)
    budget = f"{per_cent(share)} % of the {MONTH_MIN:g} minutes that 99.9 % leaves of a month"
    return f"{asked}{blind}; down for {duration(down)}, the longest {duration(longest)}: {budget}"
