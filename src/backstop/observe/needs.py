"""What a bot needs of Discord and of Cloudflare, as far as its configuration tells. Pure functions.

The names are those of the parts on discordstatus.com and cloudflarestatus.com.
"""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType

from backstop.model.target import HealthExpectation
from backstop.model.version import Binding, Version
from backstop.observe.page_claims import Needed
from backstop.observe.status_page import Component

_OF_DISCORD = frozenset({"api", "interactions"})  # a bot that is asked over HTTP has no gateway
_OF_EVERY_WORKER = frozenset({"workers", "cdn/cache", "network", "dns", "authoritative dns"})
_BY_BINDING = MappingProxyType(
    {
        "ai": "workers ai",
        "browser": "browser rendering",
        "d1": "d1",
        "durable_object_namespace": "durable objects",
        "hyperdrive": "hyperdrive",
        "images": "images",
        "kv_namespace": "workers kv",
        "queue": "queues",
        "r2_bucket": "r2",
        "send_email": "email routing",
        "vectorize": "vectorize",
        "workflow": "workflows",
    }
)
_SECRETS = frozenset({"secret_text", "secret_key", "secrets_store_secret"})
_ELSEWHERE = frozenset({"service", "dispatch_namespace"})  # another worker, which may ask anybody
_PUBLIC = (
    "PUBLIC_KEY",
    "APPLICATION_ID",
    "APP_ID",
    "CLIENT_ID",
)  # names of what is kept secret for no reason
_TOKEN = "TOKEN"  # noqa: S105 - a part of the names that tokens have


def needs_of_discord(part: Component) -> bool:
    """Whether a bot that is asked over HTTP needs a part of Discord."""
    return part.name.casefold() in _OF_DISCORD


def needs_of_cloudflare(serving: Collection[Version]) -> Needed:
    """Which parts of Cloudflare a worker needs by its bindings: all that there may be without any version."""
    bound = {_BY_BINDING.get(each.type, "") for version in serving for each in version.bindings}
    needed = _OF_EVERY_WORKER | (bound if serving else set(_BY_BINDING.values()))
    return lambda part: part.name.casefold() in needed


def asks_discord(health: HealthExpectation | None, serving: Collection[Version]) -> bool:
    """Whether a bot may ask something of Discord in its health: not one that has no token to ask with.

    Without a health path it is asked what it answers by itself. ``serving`` is empty where it is not known.
    """
    if health is None or not health.asks_discord:
        return False
    return not serving or any(_may_be_a_token(each) for version in serving for each in version.bindings)


def _may_be_a_token(binding: Binding) -> bool:
    name = binding.name.upper()
    kept = binding.type in _SECRETS and not name.endswith(_PUBLIC)
    return kept or binding.type in _ELSEWHERE or _TOKEN in name
