"""The rollback under test by a team's own command: it is run, and judged by the witnesses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.wrangler import Wrangler
from backstop.drill.command_verdict import CommandVerdict, Other, judge
from backstop.drill.rollback_command import CommandEnded, RollbackCommand
from backstop.journal.events import Event, RollbackCommandEnded, RollbackFinished, Said
from backstop.model.command_outcome import CommandOutcome
from backstop.model.errors import CouldNotLook
from backstop.model.run import Stage
from backstop.model.scenario import RollbackOutcome, Scenario
from backstop.model.target import Target
from backstop.model.version import Deployment
from backstop.polling import Clock
from backstop.rollback.act import Order
from backstop.rollback.confirm import Confirmer
from backstop.rollback.edge_witness import EdgeWitness
from backstop.rollback.records import witnessed
from backstop.rollback.testimony import Confirmation

_NOT_DONE = frozenset({RollbackOutcome.REFUSED, RollbackOutcome.CAUGHT_LYING})


@dataclass(frozen=True, slots=True)
class Task:
    """What a command is to do, where, and within the scenario's budget."""

    stage: Stage
    scenario: Scenario
    order: Order
    target: Target
    api: CloudflareApi
    wrangler: Wrangler
    record: Callable[[Event], object]
    clock: Clock


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it. ``made`` are the ids of the deployments that are the command's own.

    ``held_back``: it left the fault, and said that it had failed, where the scenario wants just that.
    """

    confirmation: Confirmation
    verdict: CommandVerdict
    made: frozenset[str]
    held_back: bool = False


def try_command(command: RollbackCommand, task: Task, confirmer: Confirmer, edge: EdgeWitness) -> Tried:
    """Have the team's command roll back, and judge it; all of it is in the journal. Nothing is put right."""
    worker, order = task.target.worker, task.order
    before = task.api.deployments(worker)
    began = task.clock.now()
    ended = command.run(
        _values(task), task.wrangler.lent(), _directory(task), task.scenario.budget, task.clock
    )
    task.record(_ended(task, ended))
    if ended.detached:
        task.record(Said(f"the rollback command {ended.detached}"))
    confirmation = confirmer.confirm(order.to_version, edge, began, ended.act)
    for said in witnessed(task.stage.name, confirmation):
        task.record(said)
    after = task.api.deployments(worker)
    verdict = judge(ended, confirmation, after[0], order.from_version, _other(task, after[0]))
    held_back = task.scenario.rollback in _NOT_DONE and verdict.outcome is CommandOutcome.DID_NOTHING
    task.record(_finished(task, confirmation, verdict, held_back=held_back))
    return Tried(confirmation, verdict, _made_meanwhile(before, after), held_back)


def _other(task: Task, head: Deployment) -> Other | None:
    """What serves where it is none of the two that were to; None too where that can't be read."""
    serves, wanted = head.only_version, task.order.to_version
    if serves is None or serves in {task.order.from_version, wanted}:
        return None
    try:
        found, good = (task.api.version(task.target.worker, each) for each in (serves, wanted))
    except CouldNotLook:
        return None
    return Other(found.label, alike=bool(good.etag) and found.essence == good.essence)


def _values(task: Task) -> dict[str, str]:
    return {
        "reason": task.order.message,
        "worker": task.target.worker,
        "from": task.order.from_version,
        "to": task.order.to_version,
        "url": task.target.url,
    }


def _directory(task: Task) -> Path | None:
    return task.wrangler.project.directory if task.wrangler.project else None


def _ended(task: Task, ended: CommandEnded) -> RollbackCommandEnded:
    seconds = round(ended.act.after, 3)
    where = (task.stage.name, task.scenario.name)
    return RollbackCommandEnded(*where, ended.argv, ended.ended, seconds, ended.output)


def _finished(
    task: Task, confirmation: Confirmation, verdict: CommandVerdict, *, held_back: bool
) -> RollbackFinished:
    """A command has no word for why it did nothing: where it had to refuse, or to see a lie, it did."""
    return RollbackFinished(
        task.stage.name,
        task.scenario.rollback.value if held_back else verdict.outcome.value,
        confirmation.timings,
        verdict.detail,
        task.scenario.name,
        confirmation.within,
    )


def _made_meanwhile(before: Sequence[Deployment], after: Sequence[Deployment]) -> frozenset[str]:
    """The deployments that came while the command ran, by whoever deployed the fault: its own.

    It has our credentials and need not write our mark; what somebody else deployed has another author.
    """
    known = {entry.id for entry in before}
    return frozenset(e.id for e in after if e.id not in known and e.author == before[0].author)
