"""Whether the worker and the address belong together, and what a rollback would do now."""

from __future__ import annotations

from datetime import UTC, datetime

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.refusals import NoSuchWorker
from backstop.model.errors import CouldNotLook, Refused
from backstop.observe.readiness.finding import Lacking, Proof
from backstop.place import Place
from backstop.rollback.address import see_that_it_leads_there
from backstop.rollback.edge_witness import EdgeWitness
from backstop.rollback.plan import AlreadyDone, Known, Plan, make_plan
from backstop.rollback.request import RollbackRequest
from backstop.rollback.survey import survey
from backstop.rollback.verified import VerifiedVersions

_SEEN = (
    "show the version metadata in the health answer, or let the token read tails: "
    "Account · Workers Tail · Read"
)


def address(place: Place) -> Proof:
    """That the url leads to the worker. Raises Lacking, CouldNotLook where nobody can tell."""
    api, target = _api(place), place.target
    try:
        known = [version.id for version in api.versions(target.worker)]
        with EdgeWitness(target, place.prober, api, known) as edge:
            unseen = see_that_it_leads_there(target, api, edge)
    except NoSuchWorker as error:
        message = f"the account {target.cloudflare_account} has no worker {target.worker}"
        raise Lacking(message, "correct worker or cloudflare_account_id of this target") from error
    except Refused as error:
        raise Lacking(error.message, error.remedy) from error
    if unseen:
        raise CouldNotLook(unseen, remedy=_SEEN)
    return Proof(f"{target.url} leads to {target.worker}")


def rollback(place: Place, verified: VerifiedVersions) -> Proof:
    """What a rollback would do now, and what stands in its way. Raises CouldNotLook as the API does."""
    api, target = _api(place), place.target
    known = Known(verified.of(target.name, datetime.now(UTC)), target.required_secrets)
    try:
        found = make_plan(api, survey(api, target.worker), RollbackRequest("", fresh=target.sandbox), known)
    except Refused as error:
        return Proof("", f"it would be refused: {error.message}\n→ {error.remedy}")
    except NoSuchWorker as error:
        raise CouldNotLook(error.message, remedy="see to worker and account first") from error
    if isinstance(found, AlreadyDone):
        return Proof(found.told)
    return Proof(f"from {found.serving.label} to {found.wanted.label}: {found.why}", _in_the_way(found))


def _in_the_way(plan: Plan) -> str:
    return "; ".join(f"it would be refused: {each.text}\n→ {each.remedy}" for each in plan.hurdles)


def _api(place: Place) -> CloudflareApi:
    if place.api is None:
        raise CouldNotLook(place.unreadable.message, remedy=place.unreadable.remedy)
    return place.api
