"""``--restore``: puts back what a drill that was cut short has left, on whichever machine that was."""

from __future__ import annotations

from collections.abc import Callable

from backstop.drill.renew import renew
from backstop.model.errors import Unrestored
from backstop.model.version import Deployment
from backstop.place import Place
from backstop.rollback.remains import fault_that_serves, faulty_upload
from backstop.rollback.request import RollbackRequest
from backstop.rollback.responder import Responder
from backstop.rollback.testimony import Confirmation


def restore(
    place: Place, responder: Responder, stage: str, request: RollbackRequest, say: Callable[[str], object]
) -> Confirmation | None:
    """Deploy what the drill began with where its fault serves, then have a good build uploaded last.

    None where only the upload was left. Raises as ``Responder.roll_back`` does, Refused also where nothing is
    left, and Unrestored where the newest upload stays a fault.
    """
    api, worker = responder.api, responder.target.worker
    head = api.deployments(worker)[0]
    confirmation = None
    if fault_that_serves(head) is not None or faulty_upload(api.versions(worker)) is None:
        confirmation = responder.roll_back(stage, request)
        head = api.deployments(worker)[0]
    with responder.guards.locks.held(responder.target, responder.run):
        if done := _renew(place, responder, head):
            say(done)
    return confirmation


def _renew(place: Place, responder: Responder, head: Deployment) -> str:
    """Raises Unrestored."""
    good, worker = head.only_version, responder.target.worker
    if good is None:
        message = f"the newest upload of {worker} is a fault, and what serves is split: {head.shown}"
        raise Unrestored(message, remedy="finish that deployment first: wrangler versions deploy ID@100")
    return renew(responder.api, place.wrangler, worker, responder.run, good)
