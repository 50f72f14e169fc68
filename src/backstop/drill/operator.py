"""The mutations of a drill: deploy the bot under a fault, roll it back, restore.

Every mutation is armed before it is made, on disk and in the deployment's message, and the journal
says so; ``restore`` may be called at any moment and leaves the good version serving.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.wrangler import Wrangler
from backstop.drill.command_verdict import CommandVerdict, judge
from backstop.drill.gate import refuse_split
from backstop.drill.rollback_command import CommandEnded, RollbackCommand
from backstop.journal.events import (
    Event,
    MutationArmed,
    MutationDone,
    MutationUndone,
    RollbackCommandEnded,
    RollbackFinished,
    RollbackStarted,
)
from backstop.model.command_outcome import CommandOutcome
from backstop.model.errors import BackstopError, CouldNotLook, Refused, Unconfirmed, Unrestored
from backstop.model.run import Stage
from backstop.model.scenario import Scenario
from backstop.model.target import Target
from backstop.model.version import Deployment, Share, VersionId
from backstop.polling import SYSTEM, Clock
from backstop.probes.prober import Prober
from backstop.rollback.act import Order, by_wrangler, roll_back
from backstop.rollback.confirm import Confirmer
from backstop.rollback.edge_witness import EdgeWitness
from backstop.rollback.marker import Mark, Part, mark_of, marked
from backstop.rollback.records import seen, witnessed
from backstop.rollback.testimony import Confirmation
from backstop.rollback.undo import UndoNote, UndoNotes

Record = Callable[[Event], object]


@dataclass(slots=True)
class DrillOperator:
    """Holds what is deployed and what must be put back. One for each drill.

    ``command`` is a team's own, which rolls back in place of ours.
    """

    run: str
    target: Target
    api: CloudflareApi
    wrangler: Wrangler
    prober: Prober
    notes: UndoNotes
    record: Record
    confirm_within: float = 60.0
    clock: Clock = SYSTEM
    good: VersionId | None = None
    command: RollbackCommand | None = None
    fault: VersionId | None = field(default=None, init=False)
    _mutation: str = field(default="", init=False)
    _count: int = field(default=0, init=False)
    _by_command: frozenset[str] = field(default=frozenset(), init=False)

    def begin(self) -> VersionId:
        """Note the version that serves now: the good one. Raises Refused when the traffic is split."""
        head = self._head()
        refuse_split(self.target, head)
        self.good = head.only_version
        good = self._good()
        self.record(seen(self.api.version(self.target.worker, good), "good"))
        return good

    def break_with(self, stage: Stage, scenario: Scenario) -> VersionId:
        """Upload the bot wrapped in the scenario's fault and deploy it; return its version.

        Raises BuildFailed, BotRejected, CouldNotLook, or Unconfirmed when it does not come to serve.
        """
        good = self._good()
        self._see_that_nobody_deployed(good)
        self._arm(scenario, good)
        fault = self._upload(scenario)
        self.fault = fault
        began = self.clock.now()
        message = marked(f"drill: {scenario.fault.name}", Mark(self.run, Part.FAULT, good, fault))
        self.api.deploy_version(self.target.worker, (Share(fault, 100),), message)
        with self._edge((good, fault)) as edge:
            confirmation = self._confirmer().confirm(fault, edge, began)
        for said in witnessed(stage.name, confirmation):
            self.record(said)
        if not confirmation.agreed:
            self.record(MutationDone(self._mutation, ok=False, detail=confirmation.dissent))
            message = f"the bot under {scenario.fault.name} was deployed but is not what serves: "
            raise Unconfirmed(message + confirmation.dissent)
        self.record(MutationDone(self._mutation, ok=True, detail=f"{fault} serves"))
        return fault

    def roll_back(self, stage: Stage, scenario: Scenario) -> Confirmation:
        """The rollback under test. Raises Unconfirmed when the three witnesses do not agree."""
        if self.fault is None:
            message = f"{scenario.name}: the fault was never deployed, so there is nothing to roll back"
            raise CouldNotLook(message, remedy="see the fault stage above")
        self._see_that_nobody_deployed(self.fault)
        why = "it served before the fault was deployed"
        reason = f"drill: {scenario.name}"
        order = Order(self.run, self.fault, self._good(), reason, why, part=Part.DRILL)
        self.record(_started(stage, scenario, order))
        if self.command is not None:
            return self._by_own_command(self.command, stage, scenario, order)
        with self._edge((order.from_version, order.to_version)) as edge:
            confirmation = roll_back(order, by_wrangler(self.wrangler), self._confirmer(), edge)
        for said in witnessed(stage.name, confirmation):
            self.record(said)
        outcome = "done" if confirmation.agreed else "unconfirmed"
        self.record(
            RollbackFinished(
                stage.name,
                outcome,
                confirmation.timings,
                confirmation.dissent,
                scenario.name,
                confirmation.within,
            )
        )
        if not confirmation.agreed:
            raise Unconfirmed(f"rolled back, but the witnesses do not agree: {confirmation.dissent}")
        self._settled("three witnesses say that the good version serves")
        return confirmation

    def _see_that_nobody_deployed(self, ours: VersionId) -> None:
        """Raise Refused before the first change, else Unconfirmed, where something else is deployed."""
        head = self._head()
        if head.only_version == ours:
            return
        message = f"{head.author or 'somebody'} deployed {head.shown} in the middle of the drill"
        remedy = "it is left as it is; agree on a time, and drill again"
        if not self._count:
            raise Refused(f"{message}; the drill had changed nothing", remedy=remedy)
        raise Unconfirmed(message, remedy=remedy)

    def _by_own_command(
        self, command: RollbackCommand, stage: Stage, scenario: Scenario, order: Order
    ) -> Confirmation:
        """Have the team's command roll back, judge it, and put right what it left.

        What it did not do is in the confirmation and in the journal. Raises Unconfirmed where somebody else
        deployed meanwhile, Unrestored where the good version can't be brought back.
        """
        before = self.api.deployments(self.target.worker)
        began = self.clock.now()
        ended = command.run(
            self._values(order), self.wrangler.lent(), self._directory(), scenario.budget, self.clock
        )
        self.record(_ended(stage, scenario, ended))
        with self._edge((order.from_version, order.to_version)) as edge:
            confirmation = self._confirmer().confirm(order.to_version, edge, began, ended.act)
            for said in witnessed(stage.name, confirmation):
                self.record(said)
            after = self.api.deployments(self.target.worker)
            verdict = judge(ended, confirmation, after[0], order.from_version)
            self._finished(stage, scenario, confirmation, verdict)
            self._by_command = _made_meanwhile(before, after)
            if verdict.outcome is not CommandOutcome.DONE:
                self._put_right(order.to_version, edge)
        if verdict.outcome is CommandOutcome.DONE:
            self._settled("three witnesses say that the good version serves")
        return confirmation

    def _put_right(self, good: VersionId, edge: EdgeWitness) -> None:
        """Restore, and see the good version serve, so that the drill can go on."""
        self.restore()
        restored = self._confirmer().confirm(good, edge, self.clock.now())
        if not restored.agreed:
            message = f"the good version was deployed again, but is not what serves: {restored.dissent}"
            raise Unconfirmed(message)

    def _values(self, order: Order) -> dict[str, str]:
        return {
            "reason": order.message,
            "worker": self.target.worker,
            "from": order.from_version,
            "to": order.to_version,
            "url": self.target.url,
        }

    def _directory(self) -> Path | None:
        return self.wrangler.project.directory if self.wrangler.project else None

    def _finished(
        self, stage: Stage, scenario: Scenario, confirmation: Confirmation, verdict: CommandVerdict
    ) -> None:
        self.record(
            RollbackFinished(
                stage.name,
                verdict.outcome.value,
                confirmation.timings,
                verdict.detail,
                scenario.name,
                confirmation.within,
            )
        )

    def restore(self) -> None:
        """Leave the good version serving. Raises Unrestored when that can't be done or known."""
        if not self._mutation:
            return
        try:
            self._put_back()
        except CouldNotLook as error:
            message = f"{self.target.worker} may still serve {self.fault or 'a fault'}: {error.message}"
            raise Unrestored(
                message,
                remedy=f"pytest -m post_rollback --target {self.target.name} --restore; or by hand: "
                f"wrangler rollback {self.good} --name {self.target.worker}",
            ) from error

    def renew(self) -> str:
        """Make the newest upload a good build again, where it is a fault of ours; in words what was done.

        What is built by hand from the newest upload, or edited in the dashboard, starts from that one.
        Raises Unrestored when it still is the fault.
        """
        try:
            newest = self.api.versions(self.target.worker)[0]
            mark = mark_of(newest.message)
            if mark is None or mark.run != self.run or mark.part is not Part.FAULT:
                return ""
            return self._upload_good()
        except BackstopError as error:
            message = f"the newest upload of {self.target.worker} is still a fault: {error.message}"
            raise Unrestored(message, remedy="upload a good build: wrangler versions upload") from error

    def _upload_good(self) -> str:
        message = marked("drill: a good build again", Mark(self.run, Part.DRILL))
        uploaded = self.wrangler.versions_upload(message=message, tag="good").version_id
        newest = self.api.versions(self.target.worker)[0].id
        if newest != uploaded:
            message = f"{uploaded} was uploaded, but the newest is {newest}"
            raise CouldNotLook(message)
        etags = {self.api.version(self.target.worker, each).etag for each in (uploaded, self._good())}
        same = "the same code as" if len(etags) == 1 else "built from sources that differ from"
        return f"the newest upload is {uploaded} again, {same} what serves"

    def _put_back(self) -> None:
        good = self._good()
        head = self._head()
        if head.only_version == good:
            self._settled("the deployments API says that the good version serves")
            return
        if not self._ours(head):
            message = f"{self.target.worker} was deployed by {head.author or 'somebody else'} meanwhile"
            self._settled(f"{message}; left as it is")
            raise Unconfirmed(message, remedy="look at `wrangler deployments list` before anything else")
        message = marked("drill: restore", Mark(self.run, Part.DRILL))
        self.api.deploy_version(self.target.worker, (Share(good, 100),), message)
        if self._head().only_version != good:
            message = f"the restore of {good} was accepted but does not serve"
            raise CouldNotLook(message)
        self._settled("the good version was deployed again")

    def _ours(self, head: Deployment) -> bool:
        mark = mark_of(head.message)
        marked_by_us = mark is not None and mark.run == self.run
        return marked_by_us or self.fault in head.versions or head.id in self._by_command

    def _arm(self, scenario: Scenario, good: VersionId) -> None:
        self._count += 1
        self._mutation = f"m{self._count}"
        what = f"deploy the bot under {scenario.fault.name} to {self.target.worker}"
        self.notes.arm(UndoNote(self.run, self.target.name, self.target.worker, good, what))
        self.record(MutationArmed(self._mutation, what, f"deploy {good} at 100 %"))

    def _settled(self, how: str) -> None:
        if self._mutation:
            self.record(MutationUndone(self._mutation, how))
        self.notes.clear(self.target.name)
        self._mutation = ""
        self.fault = None
        self._by_command = frozenset()

    def _upload(self, scenario: Scenario) -> VersionId:
        message = marked(f"drill: {scenario.fault.name}", Mark(self.run, Part.FAULT))
        uploaded = self.wrangler.upload_wrapped(scenario.fault.shim, message=message, tag=scenario.fault.name)
        self.record(seen(self.api.version(self.target.worker, uploaded), "fault"))
        return uploaded

    def _confirmer(self) -> Confirmer:
        return Confirmer(self.api, self.target.worker, self.confirm_within, self.clock)

    def _edge(self, known: tuple[VersionId, ...]) -> EdgeWitness:
        return EdgeWitness(self.target, self.prober, self.api, known)

    def _head(self) -> Deployment:
        return self.api.deployments(self.target.worker)[0]

    def _good(self) -> VersionId:
        if self.good is None:
            message = "the drill has no good version to go back to"
            raise CouldNotLook(message, remedy="see the first stage")
        return self.good


def _started(stage: Stage, scenario: Scenario, order: Order) -> RollbackStarted:
    return RollbackStarted(
        stage.name, order.from_version, order.to_version, order.reason, order.why, scenario.name
    )


def _ended(stage: Stage, scenario: Scenario, ended: CommandEnded) -> RollbackCommandEnded:
    seconds = round(ended.act.after, 3)
    return RollbackCommandEnded(stage.name, scenario.name, ended.argv, ended.ended, seconds, ended.output)


def _made_meanwhile(before: Sequence[Deployment], after: Sequence[Deployment]) -> frozenset[str]:
    """The deployments that came while the command ran, by whoever deployed the fault: its own.

    It has our credentials and need not write our mark; what somebody else deployed has another author.
    """
    known = {entry.id for entry in before}
    return frozenset(e.id for e in after if e.id not in known and e.author == before[0].author)
