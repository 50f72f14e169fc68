"""Discord's REST API v10, read only."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import backstop
from backstop.discord.courtesy import Courtesy
from backstop.model.errors import CouldNotLook
from backstop.model.target import Secret
from backstop.polling import SYSTEM, Clock
from backstop.probes.limits import Limits
from backstop.probes.prober import Prober
from backstop.probes.rest import RateLimited, Reply, Rest, excerpt

LIMITS = Limits(total=8.0, connect=4.0, body=4 * 1024 * 1024)
_UNAUTHORISED = 401
_FORBIDDEN = 403
_NOT_FOUND = 404
_REFUSED = 400
_UNKNOWN_MESSAGE = 10008  # a code of Discord's JSON errors
_LOADING = 1 << 7  # the message flag of a deferred reply that nothing has followed


def commands_path(application: str, guild: str = "") -> str:
    """Where the commands of a server are registered, or the global ones."""
    scope = f"/guilds/{quote(guild, safe='')}" if guild else ""
    return f"/applications/{quote(application, safe='')}{scope}/commands"


class TokenRejected(CouldNotLook):
    """Raised when Discord answers 401: the token is wrong or was reset. It is never tried again."""


class DiscordApi:
    """Asks as the bot whose ``token`` it holds; close it, or use it with ``with``.

    Every call raises CouldNotLook for silence, 5xx and what is no JSON, TokenRejected for 401, and
    RateLimited where Discord wants more of a wait than it is worth. After a 401 nothing is sent any
    more, in this whole session, because invalid requests get an address banned.
    """

    def __init__(self, base: str, token: Secret, limits: Limits = LIMITS, clock: Clock = SYSTEM) -> None:
        agent = f"DiscordBot (backstop, {backstop.__version__})"
        headers = (("Authorization", Secret(token.name, f"Bot {token.value}")), ("User-Agent", agent))
        self._rest = Rest("Discord", Prober(base, headers, limits))
        self._token_name = token.name
        self._lock = threading.Lock()
        self._rejected = False
        self._courtesy = Courtesy(clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._rest.close()

    @property
    def refused(self) -> int:
        """How many requests Discord refused with 401, 403 or 429."""
        return self._courtesy.refused

    def me(self) -> dict[str, Any]:
        """The bot's own user: ``id``, ``username`` …"""
        return _mapping(self._get("/users/@me"), "/users/@me")

    def application(self) -> dict[str, Any]:
        """The application: ``id``; ``verify_key`` and ``interactions_endpoint_url``, texts or not there …"""
        found = _mapping(self._get("/applications/@me"), "/applications/@me")
        for name in ("verify_key", "interactions_endpoint_url"):
            if not isinstance(found.get(name), str | None):
                message = f"Discord answered GET /applications/@me with {name} {str(found[name])[:120]!r}"
                raise CouldNotLook(
                    f"{message}; wanted a text", remedy="is that the address of Discord's API?"
                )
        return found

    def commands(self, application: str, guild: str = "") -> list[dict[str, Any]]:
        """The commands that are registered for a server, or globally, as Discord keeps them."""
        path = commands_path(application, guild)
        return _mappings(self._get(path), path)

    def original(self, application: str, token: str) -> dict[str, Any] | None:
        """The message that an interaction led to; None while there is none, or it says "thinking …".

        Raises CouldNotLook when Discord does not know the ``token``, which is its own and 15 minutes old
        at most.
        """
        path = f"/webhooks/{quote(application, safe='')}/{quote(token, safe='')}/messages/@original"
        reply = self._rest.call("GET", path)
        if reply.status == _NOT_FOUND and _code(reply) == _UNKNOWN_MESSAGE:
            return None
        shown = "/webhooks/…/messages/@original"  # the token is nobody's business
        if reply.status >= _REFUSED:
            raise _refusal(shown, reply)
        found = _mapping(reply.content, shown)
        flags = found.get("flags")
        return None if isinstance(flags, int) and flags & _LOADING else found

    def gateway(self) -> dict[str, Any]:
        """The gateway's address and what is left of its ``session_start_limit``."""
        return _mapping(self._get("/gateway/bot"), "/gateway/bot")

    def messages(self, channel: str) -> list[dict[str, Any]]:
        """The newest messages of a channel, newest first: ``id``, ``content`` …"""
        path = f"/channels/{quote(channel, safe='')}/messages"
        return _mappings(self._get(path), path)

    def _get(self, path: str) -> Any:
        with self._lock:  # one at a time, so that a 401 is the only one
            if self._rejected:
                raise self._rejection()
            reply = self._asked(path)
            if reply.status == _UNAUTHORISED:
                self._rejected = True
                raise self._rejection()
        if reply.status >= _REFUSED:
            raise _refusal(path, reply)
        return reply.content

    def _asked(self, path: str) -> Reply:
        """Ask, and once more after a 429: as soon as Discord lets us, if that is soon."""
        try:
            return self._asked_once(path)
        except RateLimited:
            return self._asked_once(path)

    def _asked_once(self, path: str) -> Reply:
        self._courtesy.admit(path)
        try:
            reply = self._rest.call("GET", path)
        except RateLimited as error:
            if error.answer is not None:
                self._courtesy.learn(path, error.answer)
            raise
        self._courtesy.learn(path, reply.answer)
        return reply

    def _rejection(self) -> TokenRejected:
        message = f"Discord rejects the token {self._token_name}: 401 Unauthorized"
        return TokenRejected(
            message, remedy="reset it in the Developer Portal (Bot, Reset Token) and set it anew"
        )


def _refusal(path: str, reply: Reply) -> CouldNotLook:
    remedy = "see that the id is right and that the bot has access to it"
    if reply.status == _FORBIDDEN:
        remedy = (
            "give the bot's role access (View Channel, Read Message History), or accept the check by name"
        )
    if "/guilds/" in path:
        remedy = "see that the server's id is right, and that the bot was invited with applications.commands"
    return CouldNotLook(
        f"Discord answered {reply.status} to GET {path}: {excerpt(reply.answer)}", remedy=remedy
    )


def _code(reply: Reply) -> object:
    return reply.content.get("code") if isinstance(reply.content, dict) else None


def _mapping(found: Any, path: str) -> dict[str, Any]:
    if not isinstance(found, dict) or not isinstance(found.get("id", found.get("url")), str):
        message = f"Discord answered GET {path} with {str(found)[:120]!r}; wanted an object with its id"
        raise CouldNotLook(message, remedy="is that the address of Discord's API?")
    return found


def _mappings(found: Any, path: str) -> list[dict[str, Any]]:
    if not isinstance(found, list):
        message = f"Discord answered GET {path} with {str(found)[:120]!r}; wanted a list"
        raise CouldNotLook(message, remedy="is that the address of Discord's API?")
    return [_mapping(member, path) for member in found]
