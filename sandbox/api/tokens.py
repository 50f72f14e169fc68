"""Endpoints with which a token asks about itself."""

from __future__ import annotations

from aiohttp import web

from sandbox.api import responses
from sandbox.api.calls import Call, token_of
from sandbox.api.errors import no_such_token, not_permitted
from sandbox.api.models import Permission, Token, TokenKind
from sandbox.api.responses import ok


async def verify(call: Call) -> web.Response:
    """GET /user/tokens/verify: also for a token that works no longer."""
    return ok(responses.token(_asking(call, TokenKind.USER)))


async def verify_of_account(call: Call) -> web.Response:
    """GET /accounts/{account}/tokens/verify: for an account's own token."""
    return ok(responses.token(_asking(call, TokenKind.ACCOUNT)))


async def show(call: Call) -> web.Response:
    """GET /user/tokens/{token}: what it may do; every token of the sandbox is the same user's."""
    asking = _asking(call, TokenKind.USER)
    if not asking.works or Permission.TOKENS_READ not in asking.permissions:
        raise not_permitted()
    found = next((each for each in call.store.tokens.values() if each.id == call.part("token")), None)
    if found is None:
        raise no_such_token()
    return ok({**responses.token(found), "policies": responses.policies(found, call.store.account)})


def _asking(call: Call, kind: TokenKind) -> Token:
    token = token_of(call.request, call.store)
    if token is None or token.kind is not kind:
        raise no_such_token()
    return token
