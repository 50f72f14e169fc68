"""An earlier version beside the one that serves, while both are compared: a deployment that moves no traffic.

The earlier one has 0 %, and is reached only by who asks for it with a header. The same guards as for a
rollback are passed first, it is armed for undo before it is made, and put back whatever happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from backstop.cloudflare.api import CloudflareApi
from backstop.drill.gate import refuse_split
from backstop.drill.landing import landed
from backstop.journal.events import Event, MutationArmed, MutationDone, MutationUndone, Problem, Said
from backstop.model.errors import CouldNotLook, Refused, Unrestored
from backstop.model.target import Target
from backstop.model.verdict import Ending
from backstop.model.version import Deployment, Share, VersionId
from backstop.polling import SYSTEM, Clock
from backstop.probes.prober import Prober
from backstop.rollback.address import see_that_it_leads_there
from backstop.rollback.edge_witness import EdgeWitness
from backstop.rollback.marker import Mark, Part, mark_of, marked
from backstop.rollback.plan import AlreadyDone, Known, Plan, make_plan
from backstop.rollback.request import RollbackRequest
from backstop.rollback.responder import Safeguards, refuse
from backstop.rollback.survey import Survey, survey
from backstop.rollback.undo import UndoNote

_MUTATION = "rehearsal"
_ALL = 100.0  # per cent
_TWO = 2


@dataclass(slots=True)
class Rehearsal:
    """One for each session. ``request`` says which version is meant: by default that of a rollback."""

    run: str
    target: Target
    api: CloudflareApi
    prober: Prober
    guards: Safeguards
    record: Callable[[Event], object]
    request: RollbackRequest
    clock: Clock = SYSTEM
    _plan: Plan | None = field(default=None, init=False)
    _landing: bool = field(default=False, init=False)
    _lock: ExitStack = field(default_factory=ExitStack, init=False)

    @contextmanager
    def beside(self) -> Iterator[tuple[VersionId, VersionId]]:
        """The earlier version and the one that serves, both deployed for as long as the context lasts.

        Raises CouldNotLook where a guard forbids it, and nothing was changed, and where the API fails.
        What can't be put back at the end is tried once more by ``settle``.
        """
        try:
            plan = self._guarded()
            self._deploy(plan)
            yield plan.wanted.id, plan.serving.id
        finally:
            with suppress(Unrestored):  # the session's end tries it once more, and tells
                self.settle()

    def planned(self) -> Plan | Deployment:
        """What would be deployed; where two versions serve as they are wanted, that deployment.

        Changes nothing and holds nobody up. Raises Refused where a guard forbids it, CouldNotLook where the
        API fails.
        """
        found = survey(self.api, self._worker)
        if not self.request.name and _is_a_pair(found):
            return found.head
        plan = self._weighed(found)
        if not (self.target.sandbox or self.guards.locks.free(self.target)):
            message = f"another session is at work on {self._worker}, on this machine"
            raise Refused(message, remedy="run it again once that has ended")
        self._see_that_nobody_is_at_work(plan)
        return plan

    def settle(self) -> None:
        """Put back what is in place, and let others at the worker; nothing where nothing is.

        Raises Unrestored where that can't be done.
        """
        if self._plan is None:
            self._lock.close()
            return
        try:
            self._put_back(self._plan)
        except CouldNotLook as error:
            message = f"{self._plan.wanted.id} may still be beside {self._plan.serving.id}, at 0 %"
            raise Unrestored(f"{message}: {error.message}", remedy=self._by_hand) from error

    def _guarded(self) -> Plan:
        """What will be done, once nothing speaks against it; the lock is held from then on."""
        try:
            plan = self._weighed(survey(self.api, self._worker))
            self._lock.enter_context(self.guards.locks.held(self.target, self.run))
            self._see_that_nobody_is_at_work(plan)
        except Refused as error:
            message = f"not rehearsed, and nothing was changed: {error.message}"
            raise CouldNotLook(message, remedy=error.remedy) from error
        return plan

    def _weighed(self, found: Survey) -> Plan:
        """Raises Refused."""
        refuse_split(self.target, found.head)
        known = Known(
            self.guards.verified.of(self.target.name, datetime.now(UTC)), self.target.required_secrets
        )
        plan = make_plan(self.api, found, self.request, known)
        if isinstance(plan, AlreadyDone):
            raise Refused(plan.told, remedy="name the version to compare with: --compare-with ID")
        refuse(plan)
        if plan.wanted.number > plan.serving.number or plan.wanted.id in found.away:
            message = f"{plan.wanted.label} is newer than what serves, or somebody rolled away from it"
            raise Refused(message, remedy="compare with an earlier version that was good: --compare-with ID")
        known_ids = [version.id for version in found.listed]
        with EdgeWitness(self.target, self.prober, self.api, known_ids) as edge:
            see_that_it_leads_there(self.target, self.api, edge)
        return plan

    def _see_that_nobody_is_at_work(self, plan: Plan) -> None:
        """Raises Refused."""
        if self._history()[0].id != plan.head.id:
            message = "the newest deployment is not the one that this was planned for"
            raise Refused(message, remedy="run it again: it plans anew from what serves now")
        note = self.guards.notes.pending(self.target.name)
        if note is not None and not self.target.sandbox:
            message = f"run {note.run} was to {note.what}, and what became of it is not settled"
            raise Refused(message, remedy=f"first: pytest -m post_rollback --target {self.target.name}")

    def _deploy(self, plan: Plan) -> None:
        what = f"deploy {plan.wanted.id} at 0 % beside {plan.serving.id}, which keeps all of the traffic"
        note = UndoNote(self.run, self.target.name, self._worker, plan.serving.id, what)
        self.guards.notes.arm(note)
        self._plan, self._landing = plan, True
        self.record(MutationArmed(_MUTATION, what, self._by_hand))
        mark = Mark(self.run, Part.REHEARSAL, plan.serving.id, plan.wanted.id)
        shares = (Share(plan.serving.id, _ALL), Share(plan.wanted.id, 0.0))
        self.api.deploy_version(self._worker, shares, marked(plan.reason, mark))
        self._landing = False
        self.record(MutationDone(_MUTATION, ok=True, detail=f"{plan.wanted.label} is beside it, at 0 %"))
        if self._beneath(self._history()).id != plan.head.id:
            message = "somebody deployed at the same moment; what they deployed is put back"
            raise CouldNotLook(message, remedy="run it again once nobody deploys")

    def _put_back(self, plan: Plan) -> None:
        head = landed(self._head, self._ours, self.clock) if self._landing else self._head()
        if not self._ours(head):
            self._settled(self._why_not_ours(plan, head))
            return
        before = self._beneath(self._history())
        if set(head.shares) != set(before.shares):
            mark = Mark(self.run, Part.REHEARSAL)
            self.api.deploy_version(self._worker, before.shares, marked("rehearsal: as it was", mark))
        history = self._history()
        if set(history[0].shares) != set(before.shares):
            message = f"what serves is {history[0].shown}"
            raise CouldNotLook(message)
        self._settled(f"{before.shown}, as before, by the deployments API")
        if (meanwhile := self._beneath(history)).id != before.id:
            by = meanwhile.author or "somebody"
            message = f"{by} deployed {meanwhile.shown} as it was put back, and that was replaced"
            self.record(Problem(int(Ending.UNCONFIRMED), message, "deploy it again"))

    def _why_not_ours(self, plan: Plan, head: Deployment) -> str:
        if head.id == plan.head.id:
            return "it was never made, by the deployments API"
        told = f"{head.author or 'somebody'} deployed {head.shown} meanwhile; that is left as it is"
        self.record(Said(told))
        return told

    def _settled(self, how: str) -> None:
        self.record(MutationUndone(_MUTATION, how))
        self.guards.notes.clear(self.target.name)
        self._plan, self._landing = None, False
        self._lock.close()

    def _beneath(self, history: tuple[Deployment, ...]) -> Deployment:
        """The newest deployment that this session did not make. Raises CouldNotLook where none is shown."""
        found = next((each for each in history if not self._ours(each)), None)
        if found is None:
            message = "the history shows no deployment but those of this session"
            raise CouldNotLook(message)
        return found

    def _ours(self, entry: Deployment) -> bool:
        mark = mark_of(entry.message)
        return mark is not None and mark.run == self.run

    def _head(self) -> Deployment:
        return self._history()[0]

    def _history(self) -> tuple[Deployment, ...]:
        return self.api.deployments(self._worker)

    @property
    def _by_hand(self) -> str:
        return f"pytest -m post_rollback --target {self.target.name} --restore"

    @property
    def _worker(self) -> str:
        return self.target.worker


def _is_a_pair(found: Survey) -> bool:
    """Whether two versions are deployed, neither of which is gone."""
    deployed = found.head.versions
    return len(deployed) == _TWO and deployed <= found.numbers.keys()
