"""What a drill must leave as it found it: taken at the start, taken again at the end, and compared."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from backstop.cloudflare.api import CloudflareApi
from backstop.model.errors import CouldNotLook, Unrestored
from backstop.model.http import Answer, Request
from backstop.place import Place

_HEADERS = (
    "Strict-Transport-Security",
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-XSS-Protection",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Resource-Policy",
    "Cross-Origin-Opener-Policy",
    "Access-Control-Allow-Origin",
)
_NO_ZONE = ".workers.dev"
_NONCE = re.compile(r"'nonce-[^']*'")  # another one in each answer
_ANY_NONCE = "'nonce-…'"
_TURNED_DOWN = 429  # the check of the rate limiter is the last of a drill, and leaves the bot so for a while


@dataclass(frozen=True, slots=True)
class Seen:
    """Sorted lines of what was found, by topic; a topic that could not be read has none, and a reason."""

    found: dict[str, tuple[str, ...]]
    unread: dict[str, str]


def take(place: Place, api: CloudflareApi) -> Seen:
    """Everything that a drill must leave alone, as far as it can be read. Changes nothing."""
    worker = place.target.worker
    found: dict[str, tuple[str, ...]] = {}
    unread: dict[str, str] = {}
    for topic, read in {
        "what serves": lambda: (api.deployments(worker)[0].shown,),
        "secrets by name": lambda: tuple(sorted(api.secret_names(worker))),
        "crons": lambda: tuple(sorted(api.schedules(worker))),
        "the custom domain": lambda: _domain(api, place.target.url),
        "routes of the zone": lambda: _routes(api, place),
        "security headers of the health answer": lambda: _headers(place),
    }.items():
        _note(topic, read, found, unread)
    return Seen(found, unread)


def differences(start: Seen, end: Seen) -> tuple[str, ...]:
    """A sentence for each topic that is not as it was; what could not be read twice is not compared."""
    both = [topic for topic in start.found if topic in end.found]
    return tuple(
        f"{topic}: found {_listed(end.found[topic])}, at the start it was {_listed(start.found[topic])}"
        for topic in both
        if start.found[topic] != end.found[topic]
    )


def refuse_differences(worker: str, start: Seen, end: Seen) -> None:
    """Raise Unrestored where anything is not as it was at the start."""
    if different := differences(start, end):
        message = f"{worker} is not as it was before the drill: {'; '.join(different)}"
        raise Unrestored(message, remedy="put that back by hand, unless somebody else changed it meanwhile")


def _note(
    topic: str,
    read: Callable[[], tuple[str, ...]],
    found: dict[str, tuple[str, ...]],
    unread: dict[str, str],
) -> None:
    try:
        found[topic] = read()
    except CouldNotLook as error:
        unread[topic] = error.message


def _domain(api: CloudflareApi, url: str) -> tuple[str, ...]:
    leads_to = api.domain_leads_to(urlsplit(url).hostname or "")
    return (leads_to,) if leads_to else ()


def _routes(api: CloudflareApi, place: Place) -> tuple[str, ...]:
    """Raises CouldNotLook where the address lies in no zone that can be read."""
    host = urlsplit(place.target.url).hostname or ""
    if host.endswith(_NO_ZONE) or place.target.sandbox:
        message = f"{host} lies in no zone of the account, so that none of its routes tells of it"
        raise CouldNotLook(message)
    zone = api.zone_of(host)
    if zone is None:
        message = f"no zone of {host} is shown to this token, which may lack Zone: Read"
        raise CouldNotLook(message)
    return tuple(sorted(api.routes(zone, place.target.worker)))


def _headers(place: Place) -> tuple[str, ...]:
    """Raises CouldNotLook where the bot gives no answer of its own."""
    path = place.target.health.path if place.target.health else "/"
    result = place.prober.ask_twice(Request("GET", urljoin(place.target.url, path)))[-1].result
    if not isinstance(result, Answer):
        message = f"no answer ({result.silence.value}: {result.detail})"
        raise CouldNotLook(message)
    if result.status == _TURNED_DOWN:
        message = "the bot turns us down (429), as its rate limiter has to"
        raise CouldNotLook(message)
    sent = ((name, value) for name in _HEADERS for value in result.all(name))
    return (f"status {result.status}", *(f"{name}: {_NONCE.sub(_ANY_NONCE, value)}" for name, value in sent))


def _listed(lines: tuple[str, ...]) -> str:
    return ", ".join(lines) or "none"
