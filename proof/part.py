"""One bot's part of a proof, as a process of its own runs it."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from backstop.journal.events import StageStarted
from backstop.journal.record import Record
from backstop.model.errors import BackstopError
from proof.results import BotResult, Plan
from proof.session import look_at
from proof.stages import stage_names

_EVERY = 5


@dataclass(slots=True)
class Progress:
    """Prints a line now and then, where the session's own output does not go. ``total`` counts the stages."""

    bot: str
    total: int
    begun: int = 0

    def tell(self, record: Record) -> None:
        """Count the stages that began."""
        if isinstance(record.event, StageStarted):
            self.begun += 1
            if self.begun % _EVERY == 0:
                print(f"{self.bot}: {self.begun} of {self.total}", file=sys.stderr, flush=True)


def take_part(plan: Plan) -> BotResult:
    """Look at one bot through all stages. What keeps it from that is a problem in the result."""
    variants = tuple(variant for variant in plan.variants if variant.fits(plan.bot.name))
    progress = Progress(plan.bot.name, len(stage_names(variants, plan.clean_looks)))
    try:
        return look_at(plan, progress.tell)
    except BackstopError as error:
        return BotResult(plan.bot.name, {}, (str(error),), (), 0.0)
