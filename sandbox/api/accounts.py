"""Endpoints about the user, the account and the zones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.api import responses
from sandbox.api.belongings import zone_id
from sandbox.api.calls import Call
from sandbox.api.errors import not_for_account_tokens
from sandbox.api.models import Account, TokenKind
from sandbox.api.responses import ok

_LABELS = 2


async def user(call: Call) -> web.Response:
    """GET /user."""
    account = call.store.account
    return ok({"id": account.id, "email": account.email})


async def accounts(call: Call) -> web.Response:
    """GET /accounts: those that the token reaches."""
    if call.token.kind is TokenKind.ACCOUNT:
        raise not_for_account_tokens()
    return call.paged([responses.account(each) for each in call.token.accounts(call.store.account)])


async def account(call: Call) -> web.Response:
    """GET /accounts/{account}."""
    return ok(responses.account(call.account))


async def memberships(call: Call) -> web.Response:
    """GET /memberships."""
    return call.paged([_membership(each) for each in call.token.accounts(call.store.account)])


def _membership(of: Account) -> dict[str, Any]:
    roles = ["Super Administrator - All Privileges"]
    return {"id": of.id, "account": responses.account(of), "roles": roles, "status": "accepted"}


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
    """GET /zones/{zone}/workers/routes: those of the sandbox's workers; nobody else has any."""
    zone, workers = call.part("zone"), call.store.workers.values()
    found = (route for worker in workers for route in worker.routes if _zone_of(route) == zone)
    return ok([{"id": zone_id(r["pattern"]), "pattern": r["pattern"], "script": r["script"]} for r in found])


def _zone_of(route: Mapping[str, Any]) -> str:
    """The zone that it names, else that of the last two labels of its pattern's host."""
    host = str(route["pattern"]).partition("://")[2] or str(route["pattern"])
    name = route.get("zone_name") or ".".join(host.partition("/")[0].split(".")[-_LABELS:])
    return str(route.get("zone_id") or zone_id(str(name)))
