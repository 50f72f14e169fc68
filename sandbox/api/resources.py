"""Endpoints that say whether the things exist that bindings point at. Nothing can be put into them."""

from __future__ import annotations

import hashlib

from aiohttp import web

from sandbox.api.calls import Call
from sandbox.api.errors import cannot_serve, no_such_bucket, no_such_database, no_such_namespace
from sandbox.api.responses import Json, ok

_SINCE = "2026-01-01T00:00:00.000000Z"


async def kv_namespaces(call: Call) -> web.Response:
    """GET /accounts/{account}/storage/kv/namespaces."""
    return call.paged([_namespace(each) for each in call.store.resources.kv])


async def kv_namespace(call: Call) -> web.Response:
    """GET /accounts/{account}/storage/kv/namespaces/{id}."""
    if call.part("id") not in call.store.resources.kv:
        raise no_such_namespace()
    return ok(_namespace(call.part("id")))


async def r2_bucket(call: Call) -> web.Response:
    """GET /accounts/{account}/r2/buckets/{name}."""
    if call.name not in call.store.resources.r2:
        raise no_such_bucket()
    return ok({"name": call.name, "creation_date": _SINCE, "location": "WEUR", "storage_class": "Standard"})


async def d1_database(call: Call) -> web.Response:
    """GET /accounts/{account}/d1/database/{id}."""
    database = call.part("id")
    if database not in call.store.resources.d1:
        raise no_such_database(database)
    return ok({"uuid": database, "name": database, "created_at": _SINCE, "version": "production"})


async def queues(call: Call) -> web.Response:
    """GET /accounts/{account}/queues. By name wrangler asks before it deploys a consumer: refused as ever."""
    if "name" in call.request.query:
        raise cannot_serve(["queues"])
    return call.paged([_queue(each) for each in call.store.resources.queues])


def _namespace(namespace: str) -> Json:
    return {"id": namespace, "title": namespace, "supports_url_encoding": True}


def _queue(name: str) -> Json:
    known_as = hashlib.sha256(f"queue {name}".encode()).hexdigest()[:32]
    return {"queue_id": known_as, "queue_name": name, "created_on": _SINCE, "modified_on": _SINCE}
