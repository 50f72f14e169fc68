"""The double of what `wrangler login` logs in to: access tokens for a while, and new ones after that."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from aiohttp import web

from sandbox.api.models import Store, Token

_SCOPES = "account:read user:read workers:write workers_scripts:write workers_tail:read offline_access"
_LEEWAY_S = 1.0  # a token is taken a little longer than was told: its holder's clock starts later


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who is logged in: ``like`` is what each access token may do, for ``lives_s`` seconds.

    One that is good for so many requests ends with them, whatever is told of its life.
    """

    like: Token
    lives_s: float


class Logins:
    """Who is logged in, by refresh token. Each of those is good for one exchange, as OAuth wants it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_refresh: dict[str, Login] = {}

    def bind(self, app: web.Application) -> None:
        """Make the application answer as the server that issues tokens."""
        app.router.add_post("/oauth2/token", self.exchange)

    def begin(self, login: Login) -> dict[str, object]:
        """The first tokens of somebody who logs in."""
        return self._issue(login)

    async def exchange(self, request: web.Request) -> web.Response:
        """POST /oauth2/token: a new access token for a refresh token."""
        form = await request.post()
        login = self._by_refresh.pop(str(form.get("refresh_token", "")), None)
        if form.get("grant_type") != "refresh_token" or login is None:
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response(self._issue(login))

    def _issue(self, login: Login) -> dict[str, object]:
        refresh = secrets.token_urlsafe(40)
        self._by_refresh[refresh] = login
        ends = datetime.now(UTC) + timedelta(seconds=login.lives_s + _LEEWAY_S)
        access = replace(
            login.like,
            id=secrets.token_hex(16),
            value=secrets.token_urlsafe(48),
            expires_on="" if login.like.uses else ends.isoformat(),
        )
        self._store.tokens[access.value] = access
        return {
            "access_token": access.value,
            "expires_in": login.lives_s,
            "refresh_token": refresh,
            "scope": _SCOPES,
            "token_type": "bearer",
        }
