"""The middle of an incident, in a sandbox: a good version, then the same bot under a fault."""

from __future__ import annotations

from dataclasses import dataclass

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.wrangler import Wrangler
from backstop.model.errors import Unconfirmed
from backstop.model.scenario import Fault
from backstop.model.target import Target
from backstop.model.version import Share
from backstop.polling import SYSTEM
from backstop.probes.prober import Prober
from backstop.rollback.confirm import Confirmer
from backstop.rollback.edge_witness import EdgeWitness
from backstop.rollback.marker import Mark, Part, marked


@dataclass(frozen=True, slots=True)
class Practice:
    """Who puts a bot under a fault: a run, at a target, with these clients."""

    run: str
    target: Target
    api: CloudflareApi
    wrangler: Wrangler
    prober: Prober


def practise(at: Practice, fault: Fault) -> None:
    """Deploy the bot under ``fault`` and see that it serves.

    Raises BuildFailed, BotRejected, CouldNotLook, or Unconfirmed when it does not come to serve.
    """
    good = at.api.deployments(at.target.worker)[0].shares[0].version
    message = marked(f"practice: {fault.name}", Mark(at.run, Part.FAULT))
    bad = at.wrangler.upload_wrapped(fault.shim, message=message, tag=fault.name)
    began = SYSTEM.now()
    at.api.deploy_version(at.target.worker, (Share(bad, 100),), message)
    with EdgeWitness(at.target, at.prober, at.api, (good, bad)) as edge:
        confirmation = Confirmer(at.api, at.target.worker).confirm(bad, edge, began)
    if not confirmation.agreed:
        raise Unconfirmed(f"the bot under {fault.name} does not come to serve: {confirmation.dissent}")
