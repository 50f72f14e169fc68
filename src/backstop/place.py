"""A target that can be talked to: its description with live clients."""

from __future__ import annotations

from dataclasses import dataclass

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.wrangler import Wrangler
from backstop.discord.api import DiscordApi
from backstop.discord.courier import Courier
from backstop.discord.signer import Signer
from backstop.model.target import Target
from backstop.probes.control import ControlProbe
from backstop.probes.prober import Prober


@dataclass(frozen=True, slots=True)
class Place:
    """``api``, ``wrangler``, ``discord`` and ``signer`` are None where the target lacks what they need.

    ``courier`` has Discord send interactions; only the sandbox's can be asked to.
    """

    target: Target
    prober: Prober
    control: ControlProbe
    api: CloudflareApi | None = None
    wrangler: Wrangler | None = None
    discord: DiscordApi | None = None
    signer: Signer | None = None
    courier: Courier | None = None
