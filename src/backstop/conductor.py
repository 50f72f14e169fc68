"""Leads a session through the stages of its timeline.

The place is opened at the first stage. Entering a fault stage breaks the bot, entering the good
stage after it rolls the bot back. Whatever happens, ``close`` restores and releases everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from backstop.drill.operator import DrillOperator
from backstop.journal.events import (
    Event,
    Problem,
    RequestsSpent,
    Said,
    StageReady,
    StageStarted,
    TargetResolved,
)
from backstop.model.errors import BackstopError, CouldNotLook, Refused, Unrestored
from backstop.model.run import Phase, Stage
from backstop.model.scenario import Scenario
from backstop.model.target import Target
from backstop.observe.genuine import Vigil
from backstop.observe.looks import Looks
from backstop.place import Place
from backstop.polling import SYSTEM, Clock
from backstop.provision import open_place
from backstop.rollback.testimony import Confirmation
from backstop.rollback.undo import UndoNotes

Record = Callable[[Event], object]


@dataclass(slots=True)
class Conductor:
    """One for each session. ``record`` takes journal events.

    ``genuine_within`` is how long a look waits for an interaction of Discord's own, in seconds.
    """

    run: str
    target: Target
    scenarios: Mapping[str, Scenario]
    notes: UndoNotes
    record: Record
    clock: Clock = SYSTEM
    genuine_within: float = 0.0
    stopped: BackstopError | None = field(default=None, init=False)
    confirmation: Confirmation | None = field(default=None, init=False)
    _stack: ExitStack = field(default_factory=ExitStack, init=False)
    _place: Place | None = field(default=None, init=False)
    _operator: DrillOperator | None = field(default=None, init=False)

    def enter(self, stage: Stage) -> Looks:
        """Set a stage up and return its looks. Once this has raised, every later stage raises too."""
        if self.stopped is not None:
            message = f"not reached: the session was stopped by: {self.stopped.message}"
            raise CouldNotLook(message, remedy=self.stopped.remedy)
        began = self.clock.now()
        self.record(StageStarted(stage.name, stage.phase.value, stage.scenario))
        try:
            looks = Looks(self._set_up(stage), vigil=Vigil(self.genuine_within, self._say))
        except BackstopError as error:
            self.stopped = error
            self.record(Problem(int(error.ending), error.message, error.remedy, stage.name))
            raise
        serving = self._serving(stage)
        self.record(StageReady(stage.name, serving, round(self.clock.now() - began, 3)))
        return looks

    def close(self) -> None:
        """Restore what was changed and release the place. What fails then goes into the journal."""
        if self._operator is not None:
            self._noting(self._operator.restore)
        self._noting(self._account)
        self._noting(self._stack.close)

    def _account(self) -> None:
        if self._place is not None:
            self.record(_spent(self._place))

    def _noting(self, act: Callable[[], None]) -> None:
        try:
            act()
        except BackstopError as error:
            self.record(Problem(int(error.ending), error.message, error.remedy))

    def _set_up(self, stage: Stage) -> Place:
        if stage.phase is not Phase.LIVE and self.target.protected:
            message = f"{self.target.name} is protected: it is never drilled"
            raise Refused(message, remedy="drill staging, or the same project with sandbox = true")
        place = self._place or self._open()
        if stage.phase is Phase.LIVE:
            return place
        operator = self._operator or self._begin_drill(place)
        if stage.phase is Phase.FAULT:
            scenario = self.scenarios[stage.scenario]
            self.record(Said(f"{scenario.title}: deploying the bot under {scenario.fault.name} …"))
            operator.break_with(stage, scenario)
        elif stage.scenario:
            self.record(Said("rolling back …"))
            self.confirmation = operator.roll_back(stage, self.scenarios[stage.scenario])
            self.record(Said("old version serving everywhere we look; validating …"))
        return place

    def _open(self) -> Place:
        self._place = self._stack.enter_context(open_place(self.target, self.run, self._say))
        resolved = self._place.target
        self.record(TargetResolved(resolved.worker, resolved.url))
        return self._place

    def _begin_drill(self, place: Place) -> DrillOperator:
        if place.api is None or place.wrangler is None:
            message = (
                f"{self.target.name} can't be drilled: a drill needs a project and Cloudflare credentials"
            )
            raise CouldNotLook(message, remedy="set project and CLOUDFLARE_API_TOKEN for this target")
        self._refuse_leftovers()
        self._operator = DrillOperator(
            self.run, place.target, place.api, place.wrangler, place.prober, self.notes, self.record
        )
        self._operator.begin()
        return self._operator

    def _refuse_leftovers(self) -> None:
        """The note of a killed session: what it was about is gone with a sandbox, and only with one."""
        note = self.notes.pending(self.target.name)
        if note is None:
            return
        if self.target.sandbox:
            self.notes.clear(self.target.name)
            return
        message = f"run {note.run} was cut short and may have left something: {note.what}"
        finish = f"wrangler rollback {note.restore} --name {note.worker}"
        raise Unrestored(message, remedy=f"{finish}, then remove {self.notes.path(note.target)}")

    def _serving(self, stage: Stage) -> str:
        if self._operator is None:
            return ""
        return (self._operator.fault if stage.phase is Phase.FAULT else self._operator.good) or ""

    def _say(self, text: str) -> None:
        self.record(Said(text))


def _spent(place: Place) -> RequestsSpent:
    budget = place.prober.budget
    refused = place.discord.refused if place.discord else 0
    return RequestsSpent(budget.requests, budget.per_minute or 0, round(budget.waited, 3), refused)
