"""Whether the Discord token is the right application's, and how the signed path is proven."""

from __future__ import annotations

from backstop.discord.signer import Signer
from backstop.model.errors import CouldNotLook, OnlyDiscordSigns
from backstop.observe.bot import BotLook
from backstop.observe.catalogue.interactions import PING
from backstop.observe.looks import Looks
from backstop.observe.probe import Sending
from backstop.observe.readiness.finding import Lacking, Proof

_UNAUTHORISED = 401
_OK = 200
_PONG = 1
_PORTAL = "discord.com/developers/applications → the application"


def token(looks: Looks) -> Proof:
    """That Discord takes the token, and of which application it is. Raises Lacking, CouldNotLook."""
    application = looks.application
    found, name = str(application.get("id")), str(application.get("name", "unnamed"))
    wanted = looks.place.target.discord_application_id
    if not wanted:
        message = f"the token is of {name} ({found}), and the target does not say whether that is right"
        raise CouldNotLook(message, remedy=f'if it is, add the line: discord_application_id = "{found}"')
    if found != wanted:
        message = f"the token is of {name}, application {found}; wanted that of {wanted}"
        raise Lacking(message, f"{_PORTAL} {wanted} → Bot → Reset Token, and set it for this target only")
    return Proof(f"application {name} ({found})")


def signed_path(looks: Looks) -> Proof:
    """That the worker takes what the signing key signs; without a key, how it will be proven.

    Raises Lacking, OnlyDiscordSigns, CouldNotLook.
    """
    place = looks.place
    if place.signer is None or place.target.signing_key is None:
        message = "nobody but Discord can sign for this bot"
        remedy = (
            "prove it by use: add --genuine SECONDS to a session while somebody uses a command, which takes "
            'Account · Workers Tail · Read; or accept it: "discord.signed.*" = "Discord holds the key"'
        )
        raise OnlyDiscordSigns(message, remedy=remedy)
    _refuse_a_public_key(looks, place.target.signing_key.value)
    reply = _ping(looks)
    if reply == _UNAUTHORISED:
        message = "the worker answered 401 to a PING that signing_key signed"
        remedy = (
            f"set signing_key to the private half of its DISCORD_PUBLIC_KEY, or that secret to {_half(looks)}"
        )
        raise Lacking(message, remedy)
    if reply != _OK:
        message = f"the worker answered {reply} to a signed PING, wanted 200 with type 1"
        raise CouldNotLook(message, remedy="see the discord suite: pytest -m discord")
    return Proof("the worker answered a PING that signing_key signed")


def _half(looks: Looks) -> str:
    return looks.place.signer.public_key if looks.place.signer else ""


def _refuse_a_public_key(looks: Looks, key: str) -> None:
    """Both are 64 hexadecimal digits; only Discord's record tells one from the other."""
    try:
        public = str(looks.application.get("verify_key", ""))
    except (CouldNotLook, AssertionError):
        return
    if key.lower() == public.lower():
        message = "signing_key is the application's PUBLIC key, which signs nothing"
        remedy = "make a pair for a worker that only drills use, and set the private half (32-byte seed, hex)"
        raise Lacking(message, remedy)


def _ping(looks: Looks) -> int:
    """The status of the answer to one signed PING, 0 for one that is no PONG."""
    sending = Sending(looks.place.target, looks.place.signer, Signer.random())
    answer = BotLook(looks.place.prober, (PING,), sending, looks.place.control.answers).answer(PING)
    is_pong = (answer.members() or {}).get("type") == _PONG
    return answer.status if is_pong or answer.status != _OK else 0
