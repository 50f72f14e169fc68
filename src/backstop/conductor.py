"""Leads a session through the stages of its timeline.

The place is opened at the first stage. Entering a fault stage breaks the bot, entering the good
stage after it rolls the bot back; entering an *after* stage rolls back for real. Whatever happens,
``close`` restores, finds out what became of what was cut short, and releases everything.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from backstop.access import Access
from backstop.drill.course import DrillCourse
from backstop.drill.practice import Practice, practise
from backstop.drill.restoring import restore
from backstop.journal.events import Event, Problem, Said, StageReady, StageStarted, TargetResolved
from backstop.model.errors import BackstopError, CouldNotLook, Unconfirmed, Unrestored, UsageError
from backstop.model.run import Phase, Stage
from backstop.model.scenario import Fault
from backstop.model.target import Target
from backstop.model.verdict import Ending
from backstop.model.version import VersionId
from backstop.observe.genuine import Vigil
from backstop.observe.looks import Looks
from backstop.observe.registration import deviations_by_server
from backstop.observe.remains import look_for_remains
from backstop.observe.tools import tools_seen
from backstop.place import Place
from backstop.policy.automatic import Automatic
from backstop.polling import SYSTEM, Clock
from backstop.provision import open_place
from backstop.rollback.arrival import Deploy
from backstop.rollback.leftovers import Leftovers
from backstop.rollback.plan import AlreadyDone, Plan
from backstop.rollback.proven import ProvenWrite
from backstop.rollback.request import Aim, RollbackRequest
from backstop.rollback.responder import Responder, Safeguards
from backstop.rollback.testimony import Confirmation
from backstop.storage import CannotWrite

Record = Callable[[Event], object]


@dataclass(slots=True)
class Conductor:
    """One for each session. ``record`` takes journal events.

    ``genuine_within`` is how long a look waits for an interaction of Discord's own, in seconds. ``rollback``
    is what an *after* stage does. ``of_a_deploy``: a live stage looks at what was deployed a moment ago.
    ``practice`` is the fault under which the bot is found in a sandbox. ``confirm_within`` is how long the
    edge may take to follow, in seconds. ``drill`` leads the stages of a session that is one.
    """

    run: str
    target: Target
    guards: Safeguards
    record: Record
    clock: Clock = SYSTEM
    genuine_within: float = 0.0
    rollback: RollbackRequest | None = None
    of_a_deploy: bool = False
    practice: Fault | None = None
    confirm_within: float = 60.0
    drill: DrillCourse | None = None
    stopped: BackstopError | None = field(default=None, init=False)
    confirmation: Confirmation | None = field(default=None, init=False)
    _stack: ExitStack = field(default_factory=ExitStack, init=False)
    _place: Place | None = field(default=None, init=False)
    _responder: Responder | None = field(default=None, init=False)
    _looks: Looks | None = field(default=None, init=False)
    _stage: Stage | None = field(default=None, init=False)

    def enter(self, stage: Stage) -> Looks:
        """Set a stage up, once, and return its looks. Once this has raised, every later stage raises too."""
        if self._looks is not None and self._stage == stage:
            return self._looks
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
        serving = self.drill.serving(stage.phase) if self.drill else None
        self.record(StageReady(stage.name, serving or "", round(self.clock.now() - began, 3)))
        self._looks, self._stage = looks, stage
        return looks

    def open(self) -> Place:
        """The place, opened once. Raises what ``open_place`` does."""
        return self._place or self._open()

    def responder(self) -> Responder:
        """Who rolls this session's bot back. Raises CouldNotLook where nobody can."""
        place = self.open()
        if place.api is None:
            raise place.unreadable
        if self._responder is None:
            self._responder = Responder(
                self.run,
                place.target,
                place.api,
                place.wrangler,
                place.prober,
                self.guards,
                self.record,
                commands=lambda: _deviations(place),
                confirm_within=self.confirm_within,
                clock=self.clock,
            )
        return self._responder

    def take_up(self, found: Automatic) -> bool:
        """Whether the rollback is made that ``found`` calls for: only from the very version that was seen."""
        live = self._seen_live()
        self.record(Said(found.told(live)))
        if self.practice is not None and not found.roll_back:
            self._say(
                f"{self.practice.name} breaks nothing of this bot that would: practise with another fault"
            )
        if not found.roll_back or not live:
            return False
        request = self._asked_for()
        reason = request.reason or f"post_deploy: {found.why}"
        self.rollback = replace(request, reason=reason, expect_live=request.expect_live or live)
        return True

    def _seen_live(self) -> str:
        """The one version that served when the last stage was looked at; empty where that is not known."""
        try:
            return (self._looks.deployed.head.only_version or "") if self._looks else ""
        except (CouldNotLook, AssertionError):
            return ""

    def verified_version(self) -> VersionId | None:
        """The one version that the last stage saw and that still serves; None where that is not known."""
        if self._looks is None or self._place is None or self._place.api is None or self.target.sandbox:
            return None
        try:
            seen = self._looks.deployed.head
            head = self._place.api.deployments(self._place.target.worker)[0]
        except (CouldNotLook, AssertionError):
            return None
        return seen.only_version if head.id == seen.id else None

    def proven(self) -> None:
        """The bot was found well: what an earlier rollback could not prove is proven now."""
        if self._place is not None and not self.target.sandbox:
            self._leftovers(self._place).proven()

    def at_the_end(self, act: Callable[[], None]) -> None:
        """Have this done while the place is still open; what it raises goes into the journal."""
        self._stack.callback(act)

    def close(self) -> None:
        """Restore what was changed and release the place. What fails then goes into the journal."""
        if self.drill is not None:
            self.drill.end(self._noting)
        if self._responder is not None:
            self._noting(self._responder.settle)
        self._noting(self._look_for_a_fault_that_serves)
        self._noting(self._account)
        self._noting(self._stack.close)

    def _account(self) -> None:
        if self._place is not None:
            self.record(self._place.spent)

    def _noting(self, act: Callable[[], None]) -> bool:
        """Whether it went well; what did not is in the journal."""
        try:
            act()
        except BackstopError as error:
            with suppress(CannotWrite):  # that, and what could not be written, is kept in memory
                self.record(Problem(int(error.ending), error.message, error.remedy))
            return False
        return True

    def _set_up(self, stage: Stage) -> Place:
        if self.drill is not None and stage.phase is Phase.GOOD and not stage.scenario:
            self.drill.refuse()
        place = self.open()
        if stage.phase is Phase.AFTER:
            self._roll_back(stage)
        elif self.of_a_deploy:
            self._await_deploy(place)
        elif self.drill is not None:
            self.confirmation = self.drill.enter(stage, place)
            if stage.phase is Phase.FAULT:
                self._remember_write()
        return place

    def _open(self) -> Place:
        self._place = self._stack.enter_context(open_place(self.target, self.run, self._say))
        resolved = self._place.target
        self.record(TargetResolved(resolved.worker, resolved.url))
        self.record(tools_seen(self._place))
        if self.practice is not None:
            self._begin_practice(self._place, self.practice)
        elif not self.target.sandbox:
            self._tell_what_is_left(self._place)
        return self._place

    def _await_deploy(self, place: Place) -> None:
        """See that the edge serves the deploy; until then what it answers says nothing of that."""
        if place.api is None:
            return
        try:
            deploy = Deploy(place.target, place.api, place.prober, self.confirm_within, self.clock)
            other = deploy.await_it(self._say)
        except CouldNotLook as error:
            self._say(f"whether the edge serves it could not be seen: {error.message}")
            return
        if other is not None:
            message = f"{self.confirm_within:g} s after the deploy the edge still serves {other}"
            remedy = "give it longer with --confirm-within SECONDS; if it stays so, deploy again"
            self.record(Problem(int(Ending.INCONCLUSIVE), message, remedy))

    def _begin_practice(self, place: Place, fault: Fault) -> None:
        if not self.target.sandbox or place.api is None or place.wrangler is None:
            message = f"{self.target.name} is no sandbox: nobody practises on it"
            raise UsageError(message, remedy="--fault goes with a target that has sandbox = true")
        self.record(Said(f"practice: deploying the bot under {fault.name} …"))
        practise(Practice(self.run, place.target, place.api, place.wrangler, place.prober), fault)
        self.record(Said(f"{fault.name} serves: this is the incident"))

    def _tell_what_is_left(self, place: Place) -> None:
        """Of a session that was cut short on this machine. Nothing is held up by it but a drill."""
        if place.api is None:
            return
        try:
            told = self._leftovers(place).told(place.api)
        except BackstopError as error:
            told = f"an earlier session left something to be told, which can't be: {error.message}"
        if told:
            self.record(Said(told))

    def _look_for_a_fault_that_serves(self) -> None:
        """Of a drill that was cut short, on whichever machine. Raises Unrestored."""
        drilled = self.drill is not None and self.drill.changed
        if self.target.sandbox or drilled or not (self._looks and self._place):
            return
        look_for_remains(self._looks, self._leftovers(self._place), self._say)

    def _leftovers(self, place: Place) -> Leftovers:
        return Leftovers(place.target, self.run, self.guards.notes, self.guards.locks)

    def plan(self) -> Plan | AlreadyDone:
        """What the rollback that was asked for would do. Changes nothing, raises as the responder does."""
        return self.responder().plan("", self._asked_for())

    def _asked_for(self) -> RollbackRequest:
        if self.rollback is None:
            message = "no rollback was asked for"
            raise UsageError(message, remedy='ask with --rollback --reason "…"')
        return self.rollback

    def _roll_back(self, stage: Stage) -> None:
        """What acted and could not be proven ends the session so; the bot is looked at all the same."""
        request = self._asked_for()
        self.record(Said("planning …"))
        try:
            self.confirmation = self._answer(stage.name, request)
        except (Unconfirmed, Unrestored) as error:
            self.record(Problem(int(error.ending), error.message, error.remedy, stage.name))
            self.record(Said("looking at the bot all the same …"))
            return
        if self.confirmation is not None:
            self._remember_write()
            self.record(Said("it serves everywhere we look; validating …"))

    def _answer(self, stage: str, request: RollbackRequest) -> Confirmation | None:
        if request.aim is Aim.RESTORE:
            return restore(self.open(), self.responder(), stage, request, self._say)
        return self.responder().roll_back(stage, request)

    def _remember_write(self) -> None:
        """That the credential deploys is proven now, for `-m ready`. Nothing else hangs on it."""
        access = self._place.access if self._place else Access()
        if self.target.sandbox or access.identity is None:
            return
        with suppress(BackstopError):
            token = access.identity.state(access.account).id
            write = ProvenWrite(token, access.account, self.run, datetime.now(UTC))
            self.guards.writes.remember(self.target.name, write)

    def _say(self, text: str) -> None:
        self.record(Said(text))


def _deviations(place: Place) -> tuple[str, ...]:
    """What Discord has otherwise than the target declares; it is no reason not to roll back."""
    declared = place.target.commands
    if not declared:
        return ()
    try:
        return deviations_by_server(declared, Looks(place).registered)
    except (CouldNotLook, AssertionError) as error:
        return (f"they could not be compared with the target's: {str(error).splitlines()[0]}",)
