"""The rollback that a scenario puts to the test: where it would go, whether it is refused, how it ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar

from backstop.cloudflare.api import CloudflareApi
from backstop.journal.events import RollbackStarted
from backstop.model.errors import CouldNotLook
from backstop.model.run import Stage
from backstop.model.scenario import RollbackOutcome, Scenario, Surroundings
from backstop.model.target import Target
from backstop.model.version import VersionId
from backstop.rollback.act import Order
from backstop.rollback.plan import AlreadyDone, Known, make_plan
from backstop.rollback.request import Aim, RollbackRequest
from backstop.rollback.survey import survey
from backstop.rollback.testimony import Confirmation, Witness
from backstop.rollback.verified import VerifiedVersion
from backstop.rollback.way_back import search

Found = TypeVar("Found")

_REFUSED_FOR = frozenset({Surroundings.SECRET_CHANGED, Surroundings.OBJECTS_MIGRATED})


def chosen_by_itself(api: CloudflareApi, worker: str, good: VersionId, run: str) -> tuple[VersionId, str]:
    """Where a rollback would go that is told nothing, and why: the drill itself found ``good`` to be well.

    Raises Refused where there is nothing to go to, CouldNotLook when the API gives no answer.
    """
    verified = VerifiedVersion(good, run, datetime.now(UTC).isoformat(timespec="seconds"))
    version, why = search(survey(api, worker), (verified,))
    return version.id, why


def refusal(api: CloudflareApi, target: Target, good: VersionId, scenario: Scenario, reason: str) -> str:
    """Why the planner refuses to go back to ``good``, in words; empty when it does not.

    Where the scenario brings nothing about to refuse for, it is not asked: what an earlier scenario of the
    drill has left in the history would speak against this one too. Raises CouldNotLook when the API gives no
    answer.
    """
    if scenario.surroundings not in _REFUSED_FOR:
        return ""
    request = RollbackRequest(reason, Aim.NAMED, good, fresh=True)
    known = Known(required=target.required_secrets)
    plan = make_plan(api, survey(api, target.worker), request, known)
    if isinstance(plan, AlreadyDone):
        return plan.told
    return "; ".join(hurdle.text for hurdle in plan.hurdles)


def outcome_of(confirmation: Confirmation) -> str:
    """How it ended. A command that says that it is done while the API shows nothing of it has lied."""
    if confirmation.agreed:
        return RollbackOutcome.DONE.value
    says_so = confirmation.after(Witness.COMMAND) is not None
    shows_it = confirmation.after(Witness.API) is not None
    return RollbackOutcome.CAUGHT_LYING.value if says_so and not shows_it else "unconfirmed"


def there(found: Found | None, message: str, remedy: str) -> Found:
    """What an earlier stage had to bring. Raises CouldNotLook where it did not."""
    if found is None:
        raise CouldNotLook(message, remedy=remedy)
    return found


def started(stage: Stage, scenario: Scenario, order: Order) -> RollbackStarted:
    """The event that a scenario's rollback begins."""
    return RollbackStarted(
        stage.name, order.from_version, order.to_version, order.reason, order.why, scenario.name
    )
