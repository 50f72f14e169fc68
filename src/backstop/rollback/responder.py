"""Rolls a bot back for real: plan, guard, act, confirm. What it does and finds goes into the journal.

Everything up to the act changes nothing and may be refused. The act is done once. After it, what is known
and what is not is said, also when the session is cut short in the middle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.otherwise import DASHBOARD
from backstop.cloudflare.wrangler import Wrangler
from backstop.journal.events import (
    Event,
    MutationArmed,
    MutationDone,
    MutationUndone,
    RollbackFinished,
    RollbackPlanned,
    RollbackSpared,
    RollbackStarted,
)
from backstop.model.errors import CouldNotLook, Refused, Unconfirmed
from backstop.model.target import Target
from backstop.model.version import Deployment, VersionId
from backstop.polling import SYSTEM, Clock, poll
from backstop.probes.prober import Prober
from backstop.rollback.act import Command, Order, by_api, by_wrangler, roll_back
from backstop.rollback.address import see_that_it_leads_there
from backstop.rollback.baselines import Baselines
from backstop.rollback.confirm import Confirmer, Handover
from backstop.rollback.edge_witness import EdgeWitness
from backstop.rollback.lock import Locks
from backstop.rollback.marker import mark_of
from backstop.rollback.plan import AlreadyDone, Known, Plan, make_plan
from backstop.rollback.proven import ProvenWrites
from backstop.rollback.records import seen, witnessed
from backstop.rollback.request import RollbackRequest, Via
from backstop.rollback.survey import Survey, survey
from backstop.rollback.testimony import Confirmation
from backstop.rollback.undo import UndoNote, UndoNotes
from backstop.rollback.verified import VerifiedVersions

Record = Callable[[Event], object]

_MUTATION = "rollback"
_LANDING_S = 3.0  # seconds that a command which was cut off is given to show in the history


@dataclass(frozen=True, slots=True)
class Safeguards:
    """What holds a rollback back, and what outlives it: locks, notes, records, and whoever is asked."""

    locks: Locks
    notes: UndoNotes
    verified: VerifiedVersions
    writes: ProvenWrites
    baselines: Baselines
    consent: Callable[[Plan], bool]

    @classmethod
    def beneath(
        cls,
        state: Path,
        locks: Path | None = None,
        consent: Callable[[Plan], bool] = lambda _: True,
        shared: Path | None = None,
    ) -> Safeguards:
        """Those that keep everything in one directory, and ask nobody.

        ``locks`` may lie elsewhere, and so may ``shared``, what is to be known on other machines as well.
        """
        common = shared or state
        return cls(
            Locks(locks or state / "locks"),
            UndoNotes(state / "undo"),
            VerifiedVersions(common / "verified"),
            ProvenWrites(common / "proven-writes"),
            Baselines(common / "latency"),
            consent,
        )


@dataclass(slots=True)
class Responder:
    """One for each session. ``commands`` says what Discord has otherwise than the target declares.

    ``confirm_within`` is in seconds, for the edge to follow.
    """

    run: str
    target: Target
    api: CloudflareApi
    wrangler: Wrangler | None
    prober: Prober
    guards: Safeguards
    record: Record
    commands: Callable[[], Sequence[str]] = tuple
    confirm_within: float = 60.0
    clock: Clock = SYSTEM
    _under_way: tuple[str, Plan] | None = field(default=None, init=False)
    _made: VersionId | None = field(default=None, init=False)

    def plan(self, stage: str, request: RollbackRequest) -> Plan | AlreadyDone:
        """What a rollback would do now, also for the journal. Changes nothing.

        Raises as ``make_plan`` does, and Refused where the target's address leads to another worker, another
        session holds the lock, or there is no wrangler to do it with.
        """
        found = self._survey()
        plan = self._plan(request, found)
        if isinstance(plan, AlreadyDone):
            self.record(RollbackSpared(stage, plan.serving.id, plan.told))
            return plan
        with self._edge(found) as edge:
            self._see_and_tell(stage, plan, edge)
        self._command(request)
        with self.guards.locks.held(self.target, self.run):
            return plan

    def roll_back(self, stage: str, request: RollbackRequest) -> Confirmation | None:
        """Roll back; None where somebody has done so a moment ago and nothing is changed.

        Raises Refused when nothing was changed, Unconfirmed when it was or may have been, CouldNotLook and
        UsageError before anything is.
        """
        found = self._survey()
        plan = self._plan(request, found)
        if isinstance(plan, AlreadyDone):
            self.record(RollbackSpared(stage, plan.serving.id, plan.told))
            return None
        with ExitStack() as stack:
            command = self._command(request)
            edge = stack.enter_context(self._edge(found))
            self._see_and_tell(stage, plan, edge)
            refuse(plan)
            self._ask(plan)
            stack.enter_context(self.guards.locks.held(self.target, self.run))
            self._see_that_nothing_changed(plan)
            return self._act(stage, plan, command, edge, request)

    def settle(self) -> None:
        """Find out what became of a rollback that was cut short. Raises Unconfirmed when it acted.

        And where one was seen through, but what it made was deployed over before the session's end.
        """
        if self._under_way is None:
            self._see_that_it_stayed()
            return
        stage, plan = self._under_way
        try:
            made = self._has_landed(plan)
        except CouldNotLook as error:
            message = f"the rollback to {plan.wanted.id} was cut short, and the API does not say what became"
            raise Unconfirmed(f"{message}: {error.message}", remedy=self._look_again()) from error
        if made:
            self._finish(stage, "unconfirmed", "it was made, and cut short before it was proven")
            message = f"rolled back to {plan.wanted.id}, but the session was cut short before that was proven"
            raise Unconfirmed(message, remedy=self._look_again())
        self._nothing_made(stage, plan, "cut short before anything was made", keep_note=True)

    def _see_that_it_stayed(self) -> None:
        """Checks that were made meanwhile may have looked at either. Where nobody tells, they say so."""
        if self._made is None:
            return
        try:
            head = self.api.deployments(self._worker)[0]
        except CouldNotLook:
            return
        if head.only_version != self._made:
            by = head.author or "somebody"
            message = f"rolled back to {self._made}, and before that was validated {by} deployed {head.shown}"
            remedy = f"what the checks found may be of either; {self._look_again()}"
            raise Unconfirmed(message, remedy=remedy)

    def _survey(self) -> Survey:
        return survey(self.api, self._worker)

    def _plan(self, request: RollbackRequest, found: Survey) -> Plan | AlreadyDone:
        verified = self.guards.verified.of(self.target.name, datetime.now(UTC))
        known = Known(verified, self.target.required_secrets, self.commands)
        return make_plan(self.api, found, request, known)

    def _command(self, request: RollbackRequest) -> Command:
        if request.via is Via.API:
            return by_api(self.api, self._worker)
        if self.wrangler is None:
            message = "wrangler or Node can't be run here, as said when the session began"
            raise Refused(message, remedy="add --via api: one request, and neither is needed; or mend that")
        return by_wrangler(self.wrangler)

    def _see_and_tell(self, stage: str, plan: Plan, edge: EdgeWitness) -> None:
        unseen = see_that_it_leads_there(self.target, self.api, edge)
        more = (unseen,) if unseen else ()
        for version, role in ((plan.serving, "from"), (plan.wanted, "to")):
            self.record(seen(version, role))
        self.record(
            RollbackPlanned(
                stage,
                plan.serving.id,
                plan.wanted.id,
                plan.reason,
                plan.why,
                plan.changes,
                plan.stays,
                (*plan.warnings, *more),
                tuple(hurdle.text for hurdle in plan.hurdles),
            )
        )

    def _ask(self, plan: Plan) -> None:
        if not self.guards.consent(plan):
            message = f"nobody agreed to roll {self.target.name} back: nothing was changed"
            raise Refused(message, remedy="type the target's name when asked, or add --yes")

    def _see_that_nothing_changed(self, plan: Plan) -> None:
        """The history may have grown while somebody read the plan."""
        head = self.api.deployments(self._worker)[0]
        if head.id != plan.head.id:
            message = "the newest deployment is not the one that this was planned for: nothing was changed"
            raise Refused(message, remedy="run it again: it plans anew from what serves now")

    def _act(
        self, stage: str, plan: Plan, command: Command, edge: EdgeWitness, request: RollbackRequest
    ) -> Confirmation:
        order = Order(
            self.run, plan.serving.id, plan.wanted.id, plan.reason, plan.why, request.accept_secrets
        )
        self._arm(stage, plan)
        self.record(RollbackStarted(stage, order.from_version, order.to_version, order.reason, order.why))
        handover = Handover(plan.head.id, self.run)
        confirmer = Confirmer(self.api, self._worker, self.confirm_within, self.clock, handover)
        try:
            confirmation = roll_back(order, command, confirmer, edge)
        except Refused:
            self._nothing_made(stage, plan, "the command could not be started")
            raise
        for said in witnessed(stage, confirmation):
            self.record(said)
        self._conclude(stage, plan, confirmation)
        return confirmation

    def _conclude(self, stage: str, plan: Plan, confirmation: Confirmation) -> None:
        if confirmation.agreed:
            detail = f"{plan.wanted.id} serves"
            self._finish(stage, "done", detail, confirmation)
            self._made = plan.wanted.id
            self.guards.notes.clear(self.target.name)
            return
        if confirmation.refused and self._unchanged(plan):
            self._nothing_made(stage, plan, confirmation.told)
            message = f"Cloudflare refused the rollback; nothing was changed: {confirmation.told}"
            raise Refused(message, remedy=confirmation.remedy or DASHBOARD)
        self._finish(stage, "unconfirmed", confirmation.dissent, confirmation)
        message = f"the command was given, and the witnesses do not agree: {confirmation.dissent}"
        raise Unconfirmed(message, remedy="; ".join(filter(None, (self._look_again(), confirmation.remedy))))

    def _arm(self, stage: str, plan: Plan) -> None:
        what = f"roll {self._worker} back from {plan.serving.id} to {plan.wanted.id}"
        note = UndoNote(self.run, self.target.name, self._worker, plan.serving.id, what, plan.wanted.id)
        self.guards.notes.arm(note)
        self._under_way = (stage, plan)
        self.record(MutationArmed(_MUTATION, what, f"backstop rollback {self.target.name} --undo {self.run}"))

    def _finish(
        self, stage: str, outcome: str, detail: str, confirmation: Confirmation | None = None
    ) -> None:
        self._under_way = None
        timings = confirmation.timings if confirmation else {}
        within = confirmation.within if confirmation else {}
        told = detail if outcome != "done" else ""
        self.record(RollbackFinished(stage, outcome, timings, told, within=within))
        self.record(MutationDone(_MUTATION, ok=True, detail=detail))

    def _nothing_made(self, stage: str, plan: Plan, why: str, *, keep_note: bool = False) -> None:
        self._under_way = None
        self.record(RollbackFinished(stage, "refused", {}, why))
        self.record(MutationDone(_MUTATION, ok=False, detail=why))
        self.record(MutationUndone(_MUTATION, f"{plan.serving.id} still serves, by the deployments API"))
        if not keep_note:
            self.guards.notes.clear(self.target.name)

    def _unchanged(self, plan: Plan) -> bool:
        try:
            return self.api.deployments(self._worker)[0].id == plan.head.id
        except CouldNotLook:
            return False

    def _has_landed(self, plan: Plan) -> bool:
        """Whether ours is in the history; what was on its way is waited for."""
        try:
            return poll(
                lambda: self._ours_among(self.api.deployments(self._worker), plan) or None,
                deadline=_LANDING_S,
                what="our own deployment",
                clock=self.clock,
            )
        except CouldNotLook:
            return self._ours_among(self.api.deployments(self._worker), plan)

    def _ours_among(self, history: Sequence[Deployment], plan: Plan) -> bool:
        newer = []
        for entry in history:
            if entry.id == plan.head.id:
                break
            newer.append(entry)
        marks = (mark_of(entry.message) for entry in newer)
        return any(mark is not None and mark.run == self.run for mark in marks)

    def _look_again(self) -> str:
        return f"look before acting: pytest -m post_rollback --target {self.target.name}"

    def _edge(self, found: Survey) -> EdgeWitness:
        return EdgeWitness(self.target, self.prober, self.api, [version.id for version in found.listed])

    @property
    def _worker(self) -> str:
        return self.target.worker


def refuse(plan: Plan) -> None:
    """Raise Refused where anything speaks against a plan."""
    if plan.hurdles:
        raise Refused(
            "; ".join(hurdle.text for hurdle in plan.hurdles),
            remedy="; ".join(hurdle.remedy for hurdle in plan.hurdles),
        )
