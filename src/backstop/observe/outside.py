"""Is it ours? How it is with our network, Discord and Cloudflare, by their status pages and their APIs.

A page that does not answer is no outage, and one that says that all is well is not believed over the service
itself: either is said, and no more than that.
"""

from __future__ import annotations

from collections.abc import Callable

from backstop.model.errors import CouldNotLook
from backstop.model.outside import Outside, SeenOutside, State
from backstop.model.version import Version
from backstop.observe.looks import Looks
from backstop.observe.needs import asks_discord, needs_of_cloudflare, needs_of_discord
from backstop.observe.page_claims import Needed, judged
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
    state, told = _seen(
        "Discord", lambda: looks.discord_status, lambda: looks.application, lambda: needs_of_discord
    )
    asked = asks_discord(looks.place.target.health, _serving(looks))
    if state is State.OUT and not asked:
        told = f"{told}; the bot asks nothing of it in its health, as far as its configuration tells"
    return SeenOutside(Outside.DISCORD, state, told, asked)


def cloudflare(looks: Looks) -> SeenOutside:
    """What Cloudflare's page says, beside what its API does."""
    state, told = _seen(
        "Cloudflare",
        lambda: looks.cloudflare_status,
        lambda: looks.deployed.history,
        lambda: needs_of_cloudflare(_serving(looks)),
    )
    return SeenOutside(Outside.CLOUDFLARE, state, told)


def _seen(
    name: str, read: Callable[[], StatusPage], ask: Callable[[], object], needed: Callable[[], Needed]
) -> tuple[State, str]:
    state, told = _by_its_page(name, read, needed)
    failing = _failing(ask)
    if state is State.OUT:
        return state, told if failing is None or failing else f"{told}; its API answers us all the same"
    return (State.CONTRADICTED, f"{told}, while its API fails: {failing}") if failing else (state, told)


def _by_its_page(
    name: str, read: Callable[[], StatusPage], needed: Callable[[], Needed]
) -> tuple[State, str]:
    try:
        page = read()
    except CouldNotLook as error:
        told = f"{name}'s status page did not say how it is, which is no outage: {error.message}"
        return State.UNSEEN, told
    return judged(name, page, needed())


def _serving(looks: Looks) -> tuple[Version, ...]:
    """The versions that serve, in full; empty where nobody could tell."""
    try:
        return looks.deployed.serving
    except (CouldNotLook, AssertionError):
        return ()


def _failing(ask: Callable[[], object]) -> str | None:
    """What a service's own API answers where it fails with 5xx; empty where it does not, None if unknown."""
    try:
        ask()
    except ServerFailed as error:
        return error.message
    except (CouldNotLook, AssertionError):
        return None
    return ""
