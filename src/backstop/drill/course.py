"""Leads a drill through its stages: breaks the bot at one, rolls it back at the next, restores at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime

from backstop.drill.arrange import arranger_of
from backstop.drill.bracket import Bracket
from backstop.drill.gate import refuse_by_rules, refuse_twin, what_a_drill_needs
from backstop.drill.operator import DrillOperator
from backstop.drill.rollback_command import RollbackCommand
from backstop.drill.timeline import following
from backstop.journal.events import Event, Said
from backstop.model.run import Phase, Stage
from backstop.model.scenario import Scenario
from backstop.model.target import Target
from backstop.model.version import VersionId
from backstop.place import Place
from backstop.polling import SYSTEM, Clock
from backstop.rollback.leftovers import Leftovers
from backstop.rollback.responder import Safeguards
from backstop.rollback.testimony import Confirmation


@dataclass(slots=True)
class DrillCourse:
    """One for each drill. ``record`` takes journal events.

    ``command`` is a team's own rollback command, which is put to the test. ``red_before`` names the checks
    that failed before anything was changed. ``took`` are seconds from fault to verified in earlier drills,
    by scenario, ``took_beside`` how many more each of them took. ``twin`` is a protected target that is the
    same worker; empty where none is.
    """

    run: str
    target: Target
    scenarios: Mapping[str, Scenario]
    guards: Safeguards
    record: Callable[[Event], object]
    clock: Clock = SYSTEM
    command: RollbackCommand | None = None
    red_before: Callable[[], Sequence[str]] = tuple
    took: Mapping[str, float] = field(default_factory=dict)
    took_beside: float = 0.0
    twin: str = ""
    _held: ExitStack = field(default_factory=ExitStack, init=False)
    _bracket: Bracket | None = field(default=None, init=False)

    @property
    def changed(self) -> bool:
        """Whether it got so far that anything may have been changed."""
        return self._bracket is not None

    def refuse(self) -> None:
        """Raise Refused where the rules of this target forbid the drill: before the place is opened."""
        refuse_twin(self.target, self.twin)
        scenarios = tuple(self.scenarios.values())
        refuse_by_rules(self.target, scenarios, datetime.now(UTC), self.took, self.took_beside)

    def enter(self, stage: Stage, place: Place) -> Confirmation | None:
        """Have the bot be as the stage wants it; after a rollback, what led to the good version.

        Raises as the gate and the operator do.
        """
        bracket = self._bracket or self._begin(place)
        bracket.enter(stage)
        operator = bracket.operator
        if stage.phase is Phase.FAULT:
            scenario = self.scenarios[stage.scenario]
            self._say(f"{scenario.title}: deploying the bot under {scenario.what} …")
            operator.break_with(stage, scenario)
        elif stage.scenario:
            confirmation = operator.roll_back(stage, self.scenarios[stage.scenario])
            operator.uploads.ahead(following(self.scenarios, stage.scenario))
            self._say("old version serving everywhere we look; validating …")
            return confirmation
        return None

    def serving(self, phase: Phase) -> VersionId | None:
        """What serves at a stage of this phase; None before anything is known."""
        if self._bracket is None:
            return None
        operator = self._bracket.operator
        return operator.fault if phase is Phase.FAULT else operator.good

    def end(self, noting: Callable[[Callable[[], None]], bool]) -> None:
        """Restore, and let others change the worker again. ``noting`` is as for ``Bracket.end``."""
        if self._bracket is not None:
            self._bracket.end(noting)
        noting(self._held.close)

    def _begin(self, place: Place) -> Bracket:
        api, wrangler = what_a_drill_needs(place)
        self._held.enter_context(self.guards.locks.held(place.target, self.run))
        Leftovers(place.target, self.run, self.guards.notes, self.guards.locks).refuse_drill(api)
        operator = DrillOperator(
            self.run,
            place.target,
            api,
            wrangler,
            place.prober,
            self.guards.notes,
            self.record,
            command=self.command,
            arranger=arranger_of(place),
        )
        self._bracket = Bracket(place, api, operator, self.record, self.red_before, self.clock)
        self._bracket.begin()
        return self._bracket

    def _say(self, text: str) -> None:
        self.record(Said(text))
