"""What can be wrong around a bot that is well: its deployment, its Discord, what is expected of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import urljoin

import httpx

from backstop.discord.api import DiscordApi
from backstop.discord.owner import set_up_application
from backstop.model.errors import CouldNotLook, UsageError
from backstop.model.target import RateLimit, Secret, Target
from backstop.place import Place
from backstop.probes.prober import Prober

_LIMIT = 10.0  # seconds for one request to the sandbox
_API = "/client/v4"  # beside it, on the same port, is the sandbox's own control


@dataclass(frozen=True, slots=True)
class Call:
    """A request to Discord's double in the name of the bot; ``path`` may hold ``{application}``."""

    method: str
    path: str
    json: Any = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The table ``[around]`` of a manifest.

    ``share`` is the part of the traffic, in per cent, that the variant gets; the bot as it is has the
    rest. ``newer``: a later version is uploaded and not deployed. ``behind`` is how many seconds late the
    edge follows. ``target`` replaces members of the target. ``discord_token`` is one that Discord does
    not know. ``discord`` are calls that are made first; afterwards the application is set up anew.
    ``tls`` has the bot looked at over https, under these conditions of the sandbox; None for plain http.
    ``genuine``: the session holds no signing key, and somebody uses the bot through Discord all the while.
    """

    share: float = 100.0
    newer: bool = False
    behind: float = 0.0
    target: Mapping[str, Any] = field(default_factory=dict)
    discord_token: str = ""
    discord: tuple[Call, ...] = ()
    tls: Mapping[str, Any] | None = None
    genuine: bool = False


def read_surroundings(members: Mapping[str, Any]) -> Surroundings:
    """Read the table. Raises UsageError for what it can't hold."""
    known = {each.name for each in fields(Surroundings)}
    if unknown := sorted(members.keys() - known):
        raise UsageError(
            f"[around] has no {', '.join(unknown)}", remedy=f"it has: {', '.join(sorted(known))}"
        )
    calls = tuple(Call(**call) for call in members.get("discord", ()))
    return Surroundings(**{**members, "discord": calls})


def served_over_https(place: Place) -> Place:
    """The place as a session sees it whose bot is served over https; whoever asked closes its prober.

    Discord has the https address from now on.
    """
    found = _set_tls(place.target, {})
    target = replace(
        place.target, url=found["https_url"], plain_url=found["plain_url"], authority=found["authority"]
    )
    set_up_discord(target)
    return replace(
        place, target=target, prober=Prober(target.url, target.headers, authority=target.authority)
    )


def let_https_be(target: Target, conditions: Mapping[str, Any]) -> None:
    """What https is like from now on; what is not named is as usual."""
    _set_tls(target, conditions)


def seen_from(place: Place, around: Surroundings) -> Place:
    """The place as a session would see it that has these expectations and this token.

    Its Discord client is another one where the token is another; whoever asked closes it.
    """
    replaced: dict[str, Any] = {
        name: RateLimit(**value) if name == "rate_limit" else _frozen(value, place.target.url)
        for name, value in around.target.items()
    }
    target = replace(place.target, **replaced)
    if around.genuine:
        target = replace(target, signing_key=None)
        place = replace(place, signer=None)
    if not around.discord_token:
        return replace(place, target=target)
    token = Secret("DISCORD_TOKEN", around.discord_token)
    discord = DiscordApi(target.discord_api, token)
    return replace(place, target=replace(target, discord_token=token), discord=discord)


def _frozen(value: object, url: str) -> object:
    """A member as a target has it; a text may stand for an address of the bot: ``{url}/path``."""
    if isinstance(value, str):
        return value.replace("{url}", url.rstrip("/"))
    return tuple(value) if isinstance(value, list) else value


def call_discord(target: Target, calls: Sequence[Call]) -> None:
    """Make the calls in their order. Raises CouldNotLook when one is refused."""
    token = target.discord_token.value if target.discord_token else ""
    for call in calls:
        path = call.path.replace("{application}", target.discord_application_id)
        _ask(call.method, target.discord_api + path, call.json, {"Authorization": f"Bot {token}"})


def set_up_discord(target: Target) -> None:
    """Have the application as it was when the bot was deployed."""
    if target.discord_token is not None:
        endpoint = urljoin(target.url, target.interactions_path)
        application = target.discord_application_id
        set_up_application(target.discord_api, target.discord_token, application, endpoint, target.commands)


def let_edge_follow(target: Target, behind: float) -> None:
    """How many seconds late the sandbox's edge follows a deployment from now on."""
    _ask("PUT", f"{_control(target)}/conditions", {"propagation_s": behind}, {})


def _set_tls(target: Target, conditions: Mapping[str, Any]) -> Any:
    return _ask("PUT", f"{_control(target)}/workers/{target.worker}/tls", dict(conditions), {}).json()


def _control(target: Target) -> str:
    return target.cloudflare_api.removesuffix(_API) + "/sandbox"


def _ask(method: str, url: str, body: object, headers: Mapping[str, str]) -> httpx.Response:
    try:
        answer = httpx.request(method, url, json=body, headers=dict(headers), timeout=_LIMIT, trust_env=False)
    except httpx.HTTPError as error:
        raise CouldNotLook(f"{method} {url}: {error!r}") from error
    if not answer.is_success:
        raise CouldNotLook(f"{method} {url} answered {answer.status_code}: {answer.text[:200]}")
    return answer
