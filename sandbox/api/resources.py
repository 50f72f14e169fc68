"""Endpoints that say whether the things exist that bindings point at, and that make them.

What has been made is there, and no more: nothing can be put into it here. Wrangler makes what a binding
of the bot's configuration lacks before it uploads, and the upload then tells what of it can be served.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from aiohttp import web

from sandbox.api.calls import Call
from sandbox.api.errors import (
    bad_request,
    cannot_serve,
    no_such_bucket,
    no_such_database,
    no_such_namespace,
    no_such_workflow,
)
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
    return ok(_database(database))


async def r2_buckets(call: Call) -> web.Response:
    """GET /accounts/{account}/r2/buckets."""
    return ok({"buckets": [{"name": each, "creation_date": _SINCE} for each in call.store.resources.r2]})


async def d1_databases(call: Call) -> web.Response:
    """GET /accounts/{account}/d1/database."""
    return call.paged([_database(each) for each in call.store.resources.d1])


async def post_kv_namespace(call: Call) -> web.Response:
    """POST /accounts/{account}/storage/kv/namespaces."""
    title = _name(await call.json_object(), "title")
    namespace = secrets.token_hex(16)
    _make(call, "kv", namespace)
    return ok({**_namespace(namespace), "title": title})


async def post_r2_bucket(call: Call) -> web.Response:
    """POST /accounts/{account}/r2/buckets."""
    name = _name(await call.json_object(), "name")
    _make(call, "r2", name)
    return ok({"name": name, "creation_date": _SINCE})


async def post_d1_database(call: Call) -> web.Response:
    """POST /accounts/{account}/d1/database; it has its name for its id, so that it is found by both."""
    name = _name(await call.json_object(), "name")
    _make(call, "d1", name)
    return ok(_database(name))


async def queues(call: Call) -> web.Response:
    """GET /accounts/{account}/queues: those that are asked for by name are there, else all that were made."""
    asked = call.request.query.getall("name", [])
    return call.paged([_queue(call, each) for each in asked or call.store.resources.queues])


async def post_queue(call: Call) -> web.Response:
    """POST /accounts/{account}/queues."""
    name = _name(await call.json_object(), "queue_name")
    _make(call, "queues", name)
    return ok(_queue(call, name))


async def put_consumer(call: Call) -> web.Response:
    """POST or PUT /accounts/{account}/queues/{queue}/consumers: recorded, as nothing is ever in a queue."""
    body = await call.json_object()
    script = call.workers.get(_name(body, "script_name")).name
    call.store.consumers.setdefault(call.part("queue"), set()).add(script)
    return ok(_consumer(call.part("queue"), script))


async def workflow(call: Call) -> web.Response:
    """GET /accounts/{account}/workflows/{name}: wrangler asks whether it is another worker's; it never is."""
    raise no_such_workflow(call.name)


async def put_workflow(call: Call) -> web.Response:
    """PUT /accounts/{account}/workflows/{name}: nothing is run, which is all right for one that is a stub."""
    if not call.workers.is_stubbed("workflow", "workflow_name", call.name):
        raise cannot_serve([f"the workflow {call.name}"])
    return ok({"name": call.name})


def _make(call: Call, kind: str, name: str) -> None:
    call.store.resources = call.store.resources.having(kind, name)


def _name(body: dict[str, Any], member: str) -> str:
    name = body.get(member)
    if not isinstance(name, str) or not name:
        raise bad_request(f"wanted {member} as a text")
    return name


def _namespace(namespace: str) -> Json:
    return {"id": namespace, "title": namespace, "supports_url_encoding": True}


def _database(database: str) -> Json:
    return {"uuid": database, "name": database, "created_at": _SINCE, "version": "production"}


def _queue(call: Call, name: str) -> Json:
    known_as = hashlib.sha256(f"queue {name}".encode()).hexdigest()[:32]
    consumers = [_consumer(known_as, each) for each in sorted(call.store.consumers.get(known_as, ()))]
    shown = {"queue_id": known_as, "queue_name": name, "created_on": _SINCE, "modified_on": _SINCE}
    return {**shown, "consumers": consumers}


def _consumer(queue: str, script: str) -> Json:
    known_as = hashlib.sha256(f"consumer {queue} {script}".encode()).hexdigest()[:32]
    return {"consumer_id": known_as, "type": "worker", "script": script, "settings": {}}
