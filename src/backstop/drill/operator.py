"""The mutations of a drill: deploy the bot under a fault, roll it back, restore.

Every mutation is armed before it is made, on disk and in the deployment's message, and the journal
says so (see ``mutation``); ``restore`` may be called at any moment and leaves the good version serving.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.wrangler import Wrangler
from backstop.drill.arrange import Arranger, mended
from backstop.drill.by_command import Task, try_command
from backstop.drill.gate import refuse_between, refuse_foreign, refuse_split
from backstop.drill.mutation import Mutation
from backstop.drill.renew import renew
from backstop.drill.rollback_command import RollbackCommand
from backstop.drill.split import MissedByChance, await_split, shares_of
from backstop.drill.under_test import chosen_by_itself, outcome_of, refusal, started, there
from backstop.drill.uploads import Uploads
from backstop.journal.events import Event, RollbackFinished, ScenarioRestored
from backstop.model.command_outcome import CommandOutcome
from backstop.model.errors import CouldNotLook, Refused, Unconfirmed, Unrestored
from backstop.model.run import Stage
from backstop.model.scenario import ALL_TRAFFIC, Fault, Restore, RollbackOutcome, Scenario, Surroundings
from backstop.model.target import Target
from backstop.model.version import Share, VersionId
from backstop.polling import SYSTEM, Clock
from backstop.probes.prober import Prober
from backstop.rollback.act import Order, by_api, by_wrangler, roll_back
from backstop.rollback.confirm import Confirmer
from backstop.rollback.edge_witness import EdgeWitness
from backstop.rollback.marker import Mark, Part, marked
from backstop.rollback.records import seen, witnessed
from backstop.rollback.testimony import Confirmation
from backstop.rollback.undo import UndoNotes

Record = Callable[[Event], object]

_LIE_S = 1.0  # seconds for a deployment to show: the sandbox's API shows one that it made at once


@dataclass(slots=True)
class DrillOperator:
    """Holds what is deployed and what must be put back. One for each drill."""

    run: str
    target: Target
    api: CloudflareApi
    wrangler: Wrangler
    prober: Prober
    notes: UndoNotes
    record: Record
    confirm_within: float = 60.0
    clock: Clock = SYSTEM
    command: RollbackCommand | None = None
    arranger: Arranger | None = None
    uploads: Uploads = field(init=False)
    _mutation: Mutation = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is uploaded or changed yet."""
        self.uploads = Uploads(self.run, self.wrangler, self.clock)
        self._mutation = Mutation(self.run, self.target, self.api, self.notes, self.record, self.clock)

    @property
    def good(self) -> VersionId | None:
        """What served at the start; None before that is known."""
        return self._mutation.good

    @property
    def fault(self) -> VersionId | None:
        """What was deployed in its place; None where nothing is."""
        return self._mutation.fault

    def begin(self) -> VersionId:
        """Note the version that serves now: the good one. Raises Refused when the traffic is split."""
        head = self._mutation.head()
        refuse_split(self.target, head)
        self._mutation.good = head.only_version
        self.record(seen(self.api.version(self.target.worker, self._good()), "good"))
        return self._good()

    def break_with(self, stage: Stage, scenario: Scenario) -> VersionId:
        """Deploy the bot wrapped in the scenario's fault, and have go wrong what must around it; the version.

        Raises BuildFailed, BotRejected, CouldNotLook, or Unconfirmed when it does not come to serve.
        """
        good, changed = self._good(), self._mutation
        head = changed.head()
        refuse_foreign(head, good, changed=not changed.is_first)
        self.uploads.took = 0.0
        changed.arm(f"deploy the bot under {scenario.what} to {self.target.worker}")
        known = [good]
        if scenario.previous is not None:
            known.append(self._deploy_before(scenario.previous, good))
        fault = self._upload(scenario.fault, Part.FAULT)
        changed.fault = fault
        refuse_foreign(changed.head(), known[-1], changed=True)
        began = self.clock.now()
        self._deploy(scenario.fault, good, fault, shares_of(scenario, good, fault))
        refuse_between(self.api.deployments(self.target.worker), head.id, self.run)
        with self._edge((*known, fault)) as edge:
            if scenario.split:
                self._await_split(scenario, edge)
            else:
                self._await_fault(stage, scenario, edge, began)
        changed.done(f"{fault} serves", self.uploads.took)
        if scenario.surroundings not in {None, Surroundings.API_LIES}:
            self._arrange(scenario.surroundings)
        return self._faulty()

    def roll_back(self, stage: Stage, scenario: Scenario) -> Confirmation:
        """The rollback under test, and what it leaves put right; what led to the good version.

        Raises Refused when it would go elsewhere, Unconfirmed when the three witnesses do not agree and the
        scenario does not want that.
        """
        order, head = self._order(scenario), self._mutation.head()
        if not scenario.split:
            refuse_foreign(head, order.from_version, changed=True)
        self.record(started(stage, scenario, order))
        if scenario.surroundings is Surroundings.API_LIES:
            self._arrange(scenario.surroundings)
        if self.command is not None:
            return self._by_own(self.command, stage, scenario, order)
        if scenario.rollback is RollbackOutcome.REFUSED:
            why = refusal(self.api, self.target, order.to_version, scenario, order.reason)
            if why:
                self.record(RollbackFinished(stage.name, "refused", {}, why, scenario.name))
                return self._deploy_good(stage, scenario)
        if order.to_version != self._good():
            message = f"told nothing, a rollback would go to {order.to_version}, not to the good {self.good}"
            self.record(RollbackFinished(stage.name, "refused", {}, message, scenario.name))
            raise Refused(message, remedy=f"{order.why}; name the good one with --to")
        confirmation = self._act(stage, scenario, order)
        refuse_between(self.api.deployments(self.target.worker), head.id, self.run)
        if confirmation.agreed:
            self._mend_around(stage, scenario)
            self._mutation.settle("three witnesses say that the good version serves")
            return confirmation
        if outcome_of(confirmation) == scenario.rollback.value:
            return self._deploy_good(stage, scenario)
        raise Unconfirmed(f"rolled back, but the witnesses do not agree: {confirmation.dissent}")

    def _by_own(
        self, command: RollbackCommand, stage: Stage, scenario: Scenario, order: Order
    ) -> Confirmation:
        """Have the team's command roll back; put right what it left. Raises Unconfirmed, Unrestored."""
        task = Task(stage, scenario, order, self.target, self.api, self.wrangler, self.record, self.clock)
        with self._edge((order.from_version, order.to_version)) as edge:
            tried = try_command(command, task, self._confirmer(self.confirm_within), edge)
            self._mutation.made_by_command(tried.made)
            if tried.held_back:
                return self._deploy_good(stage, scenario)
            if tried.verdict.outcome is not CommandOutcome.DONE:
                self._put_right(order.to_version, edge)
                return tried.confirmation
        self._mend_around(stage, scenario)
        self._mutation.settle("three witnesses say that the good version serves")
        return tried.confirmation

    def _put_right(self, good: VersionId, edge: EdgeWitness) -> None:
        """Restore, and see the good version serve, so that the drill can go on."""
        self.restore()
        restored = self._confirmer(self.confirm_within).confirm(good, edge, self.clock.now())
        if not restored.agreed:
            raise Unconfirmed(f"deployed the good version again, which does not serve: {restored.dissent}")

    def restore(self) -> None:
        """Leave the good version serving. Raises Unrestored when that can't be done or known."""
        if not self._mutation.pending:
            return
        try:
            if self.arranger is not None:
                self.arranger.put_right()
            self._mutation.put_back()
        except CouldNotLook as error:
            message = f"{self.target.worker} may still serve {self.fault or 'a fault'}: {error.message}"
            by_hand = f"wrangler rollback {self.good} --name {self.target.worker}"
            remedy = f"pytest -m post_rollback --target {self.target.name} --restore; or by hand: {by_hand}"
            raise Unrestored(message, remedy=remedy) from error

    def _order(self, scenario: Scenario) -> Order:
        fault = self._faulty()  # without one there is nothing to roll back
        to, why = self._good(), "it served before the fault was deployed"
        if scenario.previous is not None:
            to, why = chosen_by_itself(self.api, self.target.worker, to, self.run)
        return Order(self.run, fault, to, f"drill: {scenario.name}", why, part=Part.DRILL)

    def _act(self, stage: Stage, scenario: Scenario, order: Order) -> Confirmation:
        lies = scenario.surroundings is Surroundings.API_LIES
        patience = min(self.confirm_within, _LIE_S) if lies else self.confirm_within
        with self._edge((order.from_version, order.to_version)) as edge:
            confirmation = roll_back(order, by_wrangler(self.wrangler), self._confirmer(patience), edge)
        for said in witnessed(stage.name, confirmation):
            self.record(said)
        outcome, why, within = outcome_of(confirmation), confirmation.dissent, confirmation.within
        self.record(RollbackFinished(stage.name, outcome, confirmation.timings, why, scenario.name, within))
        return confirmation

    def _deploy_good(self, stage: Stage, scenario: Scenario) -> Confirmation:
        """After a rollback that was not made: the drill deploys the good version itself."""
        if self.arranger is not None:
            self.arranger.put_right()
        why = "the rollback under test did not lead there"
        versions = (self._faulty(), self._good())
        order = Order(self.run, *versions, "drill: restore", why, accept_secrets=True, part=Part.DRILL)
        with self._edge((order.from_version, order.to_version)) as edge:
            command = by_api(self.api, self.target.worker)
            confirmation = roll_back(order, command, self._confirmer(self.confirm_within), edge)
        for said in witnessed(stage.name, confirmation):
            self.record(said)
        if not confirmation.agreed:
            raise Unconfirmed(f"restored, but the witnesses do not agree: {confirmation.dissent}")
        how = "the drill deployed the good version itself; three witnesses say that it serves"
        self.record(ScenarioRestored(stage.name, scenario.name, Restore.DEPLOY.value, how))
        self._mutation.settle(how)
        return confirmation

    def _mend_around(self, stage: Stage, scenario: Scenario) -> None:
        """What is at Discord is there still when the good version serves again; unless it mended itself."""
        if scenario.rollback is RollbackOutcome.NOT_MENDED and scenario.surroundings is not None:
            self.record(mended(self._arranger(), scenario.surroundings, stage.name, scenario.name))
        elif self.arranger is not None:
            self.arranger.put_right()

    def _deploy_before(self, previous: Fault, good: VersionId) -> VersionId:
        """A bad version that served all before the fault; not marked as one, as nobody marks theirs."""
        bad = self._upload(previous, Part.DRILL)
        self._mutation.fault = bad
        self._deploy(previous, good, bad, (Share(bad, ALL_TRAFFIC),))
        return bad

    def _deploy(self, fault: Fault, good: VersionId, bad: VersionId, shares: tuple[Share, ...]) -> None:
        message = marked(f"drill: {fault.name}", Mark(self.run, Part.FAULT, good, bad))
        began = self.clock.now()
        with self._mutation.landing():
            self.api.deploy_version(self.target.worker, shares, message)
        self.uploads.took += self.clock.now() - began

    def _await_fault(self, stage: Stage, scenario: Scenario, edge: EdgeWitness, began: float) -> None:
        confirmation = self._confirmer(self.confirm_within).confirm(self._faulty(), edge, began)
        for said in witnessed(stage.name, confirmation):
            self.record(said)
        if not confirmation.agreed:
            self._never_served(scenario, confirmation.dissent)

    def _await_split(self, scenario: Scenario, edge: EdgeWitness) -> None:
        shares, within = shares_of(scenario, self._good(), self._faulty()), (self.confirm_within, self.clock)
        try:
            await_split(self._mutation.head, edge, scenario, shares, within)
        except CouldNotLook as error:
            self._never_served(scenario, error.message, error)

    def _never_served(self, scenario: Scenario, why: str, error: CouldNotLook | None = None) -> NoReturn:
        self._mutation.failed(why)
        if isinstance(error, MissedByChance):
            raise error
        message = f"the bot under {scenario.fault.name} was deployed but is not what serves: {why}"
        raise Unconfirmed(message)

    def _arrange(self, what: Surroundings) -> None:
        if what is not Surroundings.SECRET_CHANGED:
            self._arranger().arrange(what)
            return
        with self._mutation.changing_a_secret():
            self._arranger().arrange(what)

    def renew(self) -> str:
        """Make the newest upload a good build again; in words what was done. Raises Unrestored."""
        return renew(self.api, self.wrangler, self.target.worker, self.run, self._good())

    def _upload(self, fault: Fault, part: Part) -> VersionId:
        uploaded = self.uploads.take(fault, part)
        self.record(seen(self.api.version(self.target.worker, uploaded), "fault"))
        return uploaded

    def _confirmer(self, patience: float) -> Confirmer:
        return Confirmer(self.api, self.target.worker, patience, self.clock)

    def _edge(self, known: tuple[VersionId, ...]) -> EdgeWitness:
        return EdgeWitness(self.target, self.prober, self.api, known)

    def _faulty(self) -> VersionId:
        return there(self.fault, "the fault was never deployed", "see the fault stage above")

    def _arranger(self) -> Arranger:
        message = f"{self.target.name} is no sandbox: what is around its bot is left alone"
        return there(self.arranger, message, "choose another scenario, or a target with sandbox = true")

    def _good(self) -> VersionId:
        return self._mutation.back_to()
