"""Is it ours? How it is with our network, Discord and Cloudflare, by their status pages and their APIs.

A page that does not answer is no outage, and one that says that all is well is not believed over the service
itself: either is said, and no more than that.
"""

from __future__ import annotations

from collections.abc import Callable

from backstop.model.errors import CouldNotLook
from backstop.model.outside import Outside, SeenOutside, State
from backstop.observe.looks import Looks
from backstop.observe.status_page import StatusPage
from backstop.probes.rest import ServerFailed


def network(looks: Looks) -> SeenOutside:
    """Whether an independent address answers."""
    if looks.place.control.answers():
        return SeenOutside(Outside.NETWORK, State.WELL, "an independent address answers")
    told = "no independent address answers: this machine's own network is down, or blocks us"
    return SeenOutside(Outside.NETWORK, State.OUT, told)


def discord(looks: Looks) -> SeenOutside:
    """What Discord's page says, beside what its API does."""
    return _seen(Outside.DISCORD, "Discord", lambda: looks.discord_status, lambda: looks.application)


def cloudflare(looks: Looks) -> SeenOutside:
    """What Cloudflare's page says, beside what its API does."""
    return _seen(
        Outside.CLOUDFLARE, "Cloudflare", lambda: looks.cloudflare_status, lambda: looks.deployed.history
    )


def _seen(who: Outside, name: str, read: Callable[[], StatusPage], ask: Callable[[], object]) -> SeenOutside:
    try:
        page = read()
    except CouldNotLook as error:
        told = f"{name}'s status page did not say how it is, which is no outage: {error.message}"
        return SeenOutside(who, State.UNSEEN, told)
    if page.outage:
        return SeenOutside(who, State.OUT, f"{name} reports {page.indicator}: {page.description}")
    if failing := _failing(ask):
        told = f"{name}'s status page says {page.description!r}, while its API fails: {failing}"
        return SeenOutside(who, State.CONTRADICTED, told)
    if not page.well:
        return SeenOutside(who, State.TROUBLED, f"{name} reports {page.indicator}: {page.description}")
    return SeenOutside(who, State.WELL, f"{name} reports no trouble: {page.description}")


def _failing(ask: Callable[[], object]) -> str:
    """What a service's own API answers where it fails with 5xx; empty otherwise."""
    try:
        ask()
    except ServerFailed as error:
        return error.message
    except (CouldNotLook, AssertionError):
        return ""
    return ""
