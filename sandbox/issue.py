"""The /sandbox endpoints with which a test issues tokens, and takes away what they may do."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aiohttp import web

from sandbox.api.belongings import texts
from sandbox.api.models import Account, Permission, Store, Token, TokenKind, TokenStatus
from sandbox.login import Login, Logins
from sandbox.plain import read_object, refusal

_MOST_LIFE_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Issue:
    """What the endpoints change."""

    store: Store
    logins: Logins

    def bind(self, app: web.Application) -> None:
        """Make the application answer them."""
        app.router.add_post("/sandbox/tokens", self.post_token)
        app.router.add_put("/sandbox/tokens/{id}", self.put_token)
        app.router.add_post("/sandbox/logins", self.post_login)

    async def post_token(self, request: web.Request) -> web.Response:
        """POST /sandbox/tokens: one more token, which may do these ``permissions`` only.

        ``kind``, ``status``, ``expires_on``, ``uses``, ``elsewhere`` (names of more accounts) and ``at_home``
        may be named as well; the answer has the token and its id.
        """
        body = await read_object(request)
        made = Token(secrets.token_hex(16), secrets.token_urlsafe(30))
        try:
            token = changed(made, {"permissions": None, **body})
        except ValueError as error:
            return refusal(400, str(error))
        self.store.tokens[token.value] = token
        return web.json_response({"token": token.value, "id": token.id})

    async def put_token(self, request: web.Request) -> web.Response:
        """PUT /sandbox/tokens/ID: what is named of it changes, and the rest stays."""
        body, named = await read_object(request), request.match_info["id"]
        token = next((each for each in self.store.tokens.values() if each.id == named), None)
        if token is None:
            return refusal(404, f"no token has the id {named}")
        try:
            self.store.tokens[token.value] = changed(token, body)
        except ValueError as error:
            return refusal(400, str(error))
        return web.json_response({"id": token.id})

    async def post_login(self, request: web.Request) -> web.Response:
        """POST /sandbox/logins: what `wrangler login` leaves, with ``lives_s`` seconds for each access token.

        The token's own members may be named as well. The answer has ``access_token``, ``refresh_token`` and
        ``token_url``, where a new one is to be had.
        """
        body = dict(await read_object(request))
        try:
            lives_s = _life(body.pop("lives_s", 3600.0))
            like = changed(Token("", "", kind=TokenKind.OAUTH), body)
        except ValueError as error:
            return refusal(400, str(error))
        found = self.logins.begin(Login(like, lives_s))
        return web.json_response({**found, "token_url": str(request.url.with_path("/oauth2/token"))})


def changed(token: Token, members: Mapping[str, Any]) -> Token:
    """A token with other members, from JSON. Raises ValueError for what can't be."""
    if odd := sorted(members.keys() - _READERS.keys()):
        raise ValueError(f"wanted {', '.join(_READERS)}; found {', '.join(odd)}")
    return replace(token, **{name: _READERS[name](value) for name, value in members.items()})


def _life(value: object) -> float:
    """Raises ValueError."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= float(str(value)) <= _MOST_LIFE_S:
        raise ValueError(f"wanted lives_s from 0 to {_MOST_LIFE_S:g}; found {value!r}")
    return float(str(value))


def _permissions(value: object) -> frozenset[Permission]:
    words = texts("permissions", value)
    known = {each.value: each for each in Permission}
    if odd := [each for each in words if each not in known]:
        raise ValueError(f"wanted permissions out of {', '.join(known)}; found {', '.join(odd)}")
    return frozenset(known[each] for each in words)


def _moment(value: object) -> str:
    """Raises ValueError."""
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError(f"wanted expires_on with its zone; found {value!r}")
    return moment.isoformat()


def _accounts(value: object) -> tuple[Account, ...]:
    return tuple(Account(secrets.token_hex(16), name) for name in texts("elsewhere", value))


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "permissions": _permissions,
    "kind": TokenKind,
    "status": TokenStatus,
    "expires_on": _moment,
    "elsewhere": _accounts,
    "at_home": bool,
    "uses": int,
}
