"""Endpoints about the user, the account and the zones."""

from __future__ import annotations

from aiohttp import web

from sandbox.api import responses
from sandbox.api.belongings import zone_id
from sandbox.api.calls import Call
from sandbox.api.responses import ok

_LABELS = 2


async def verify_token(call: Call) -> web.Response:
    """GET /user/tokens/verify."""
    value = call.request.headers["Authorization"].partition(" ")[2].strip()
    return ok(responses.token(call.store.tokens[value]))


async def user(call: Call) -> web.Response:
    """GET /user."""
    account = call.store.account
    return ok({"id": account.id, "email": account.email})


async def accounts(call: Call) -> web.Response:
    """GET /accounts."""
    return call.paged([responses.account(call.store.account)])


async def account(call: Call) -> web.Response:
    """GET /accounts/{account}."""
    return ok(responses.account(call.store.account))


async def memberships(call: Call) -> web.Response:
    """GET /memberships."""
    of = call.store.account
    roles = ["Super Administrator - All Privileges"]
    return call.paged([{"id": of.id, "account": responses.account(of), "roles": roles, "status": "accepted"}])


async def subdomain(call: Call) -> web.Response:
    """GET /accounts/{account}/workers/subdomain."""
    return ok({"subdomain": call.store.account.subdomain})


async def zones(call: Call) -> web.Response:
    """GET /zones?name=…: every name of two labels is a zone, so that any route can be rehearsed."""
    name = call.request.query.get("name", "")
    if len(name.split(".")) != _LABELS:
        return call.paged([])
    return call.paged([{"id": zone_id(name), "name": name, "status": "active"}])


async def zone_routes(call: Call) -> web.Response:
    """GET /zones/{zone}/workers/routes: nobody else has any."""
    return call.paged([])
