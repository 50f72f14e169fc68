"""A target that can be talked to: its description with live clients."""

from __future__ import annotations

from dataclasses import dataclass, field

from backstop.access import Access
from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.wrangler import Wrangler
from backstop.discord.api import DiscordApi
from backstop.discord.courier import Courier
from backstop.discord.signer import Signer
from backstop.journal.events import RequestsSpent
from backstop.model.errors import BackstopError, CouldNotLook
from backstop.model.target import Target
from backstop.probes.control import ControlProbe
from backstop.probes.prober import Prober
from backstop.sandboxed import SandboxHandle


@dataclass(frozen=True, slots=True)
class Place:
    """``api``, ``wrangler``, ``discord`` and ``signer`` are None where the target lacks what they need.

    ``access`` says with what Cloudflare is asked, and why not where ``api`` is None for that reason.
    ``courier`` has Discord send interactions; only the sandbox's can be asked to. ``sandbox`` is None
    elsewhere.
    """

    target: Target
    prober: Prober
    control: ControlProbe
    api: CloudflareApi | None = None
    wrangler: Wrangler | None = None
    discord: DiscordApi | None = None
    signer: Signer | None = None
    courier: Courier | None = None
    access: Access = field(default_factory=Access)
    sandbox: SandboxHandle | None = None

    @property
    def spent(self) -> RequestsSpent:
        """How many requests the session sent so far, and what Discord refused of its own."""
        budget = self.prober.budget
        refused = self.discord.refused if self.discord else 0
        return RequestsSpent(budget.requests, budget.per_minute or 0, round(budget.waited, 3), refused)

    @property
    def unreadable(self) -> BackstopError:
        """Why the account can't be read, where ``api`` is None: UsageError or CouldNotLook."""
        if self.access.problem is not None:
            return self.access.problem
        if not self.target.worker:
            message = f"{self.target.name} names no worker"
            return CouldNotLook(message, remedy="set worker, or project, for this target")
        message = f"{self.target.name}: no Cloudflare credentials"
        return CouldNotLook(message, remedy="set CLOUDFLARE_API_TOKEN, or log in: wrangler login")
