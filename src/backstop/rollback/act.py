"""The act itself: real ``wrangler rollback`` with an explicit id, and what it led to."""

from __future__ import annotations

from dataclasses import dataclass

from backstop.cloudflare.failures import why
from backstop.cloudflare.wrangler import Wrangler
from backstop.model.errors import CouldNotLook
from backstop.model.version import VersionId
from backstop.polling import Clock
from backstop.process import Completed
from backstop.redaction import REDACTOR
from backstop.rollback.confirm import Confirmer
from backstop.rollback.edge_witness import EdgeWitness
from backstop.rollback.testimony import Confirmation, Testimony, Witness

_TOLD = 400  # characters of what wrangler wrote: a testimony is one line of a report


@dataclass(frozen=True, slots=True)
class Plan:
    """What a rollback will do. ``why`` says why it goes to that version."""

    run: str
    from_version: VersionId
    to_version: VersionId
    reason: str
    why: str

    @property
    def message(self) -> str:
        """The deployment's message: the reason, and the marker by which we know our own."""
        return f"{self.reason} {marker(self.run, self.from_version, self.to_version)}"


def marker(run: str, from_version: VersionId, to_version: VersionId) -> str:
    """The mark that a mutation of ours leaves in the deployment's message."""
    return f"[backstop {run} from={from_version} to={to_version}]"


def roll_back(plan: Plan, wrangler: Wrangler, confirmer: Confirmer, edge: EdgeWitness) -> Confirmation:
    """Run the command once and ask all three witnesses; the command is never believed alone."""
    began = confirmer.clock.now()
    command = _command(plan, wrangler, confirmer.clock, began)
    return confirmer.confirm(plan.to_version, edge, began, command)


def _command(plan: Plan, wrangler: Wrangler, clock: Clock, began: float) -> Testimony:
    try:
        completed = wrangler.rollback(plan.to_version, plan.message)
    except CouldNotLook as error:
        after = clock.now() - began
        return Testimony(
            Witness.COMMAND, plan.to_version, "", agrees=False, after=after, detail=error.message
        )
    after = clock.now() - began
    if completed.returncode == 0:
        return Testimony(Witness.COMMAND, plan.to_version, plan.to_version, agrees=True, after=after)
    detail = _failure(completed)
    return Testimony(Witness.COMMAND, plan.to_version, "failure", agrees=False, after=after, detail=detail)


def _failure(completed: Completed) -> str:
    """How it ended, and what it wrote of why, on one line."""
    ended = f"wrangler rollback ended with exit code {completed.returncode}"
    told = REDACTOR.redact(" ".join(why(completed).split()))  # whole: what is cut is harder to know
    if len(told) > _TOLD:
        told = f"{told[:_TOLD]}…"
    return f"{ended}: {told}" if told else ended
