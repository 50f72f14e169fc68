"""Endpoints about a worker as a whole: upload with deployment, settings, deletion."""

from __future__ import annotations

from aiohttp import web

from sandbox.api import responses
from sandbox.api.bindings import refuse_unserved
from sandbox.api.calls import Call
from sandbox.api.errors import ApiError, no_such_service
from sandbox.api.models import Version, Worker
from sandbox.api.responses import ok
from sandbox.api.upload import read_upload


def _found(call: Call) -> tuple[Worker, Version]:
    return call.workers.get(call.name), call.workers.newest(call.name)


async def scripts(call: Call) -> web.Response:
    """GET S-less list: all workers of the account."""
    workers = call.store.workers.values()
    return call.paged([responses.script(each, each.latest) for each in workers if each.latest])


async def put_script(call: Call) -> web.Response:
    """PUT S: upload a version and deploy it."""
    upload = await read_upload(call.request)
    worker = await call.workers.put(call.name, upload, call.source)
    return ok(responses.script(worker, worker.versions[-1]))


async def delete_script(call: Call) -> web.Response:
    """DELETE S."""
    await call.workers.delete(call.name)
    return ok(None)


async def service(call: Call) -> web.Response:
    """GET /accounts/{account}/workers/services/{name}."""
    try:
        return ok(responses.service(*_found(call)))
    except ApiError as error:
        if call.workers.is_stubbed("service", "service", call.name):
            return ok({"id": call.name})
        raise no_such_service() from error


async def worker(call: Call) -> web.Response:
    """GET /accounts/{account}/workers/workers/{name}."""
    return ok(responses.worker(call.workers.get(call.name), call.store.account))


async def settings(call: Call) -> web.Response:
    """GET S/settings."""
    return ok(responses.settings(*_found(call)))


async def script_settings(call: Call) -> web.Response:
    """GET S/script-settings."""
    return ok(call.workers.get(call.name).settings)


async def patch_script_settings(call: Call) -> web.Response:
    """PATCH S/script-settings: kept, and acted on by nobody."""
    worker = call.workers.get(call.name)
    changes = await call.json_object()
    refuse_unserved(changes)
    worker.settings.update(changes)
    return ok(worker.settings)


async def references(call: Call) -> web.Response:
    """GET S/references: what else uses this worker; nothing can."""
    call.workers.get(call.name)
    services = {"incoming": [], "outgoing": [], "pages_function": False}
    return ok({"services": services, "durable_objects": [], "dispatch_outbounds": [], "tail_consumers": []})


async def tail_producers(call: Call) -> web.Response:
    """GET /accounts/{account}/workers/tails/by-consumer/{name}: none."""
    call.workers.get(call.name)
    return ok([])


async def object_namespaces(call: Call) -> web.Response:
    """GET /accounts/{account}/workers/durable_objects/namespaces."""
    workers = call.store.workers.values()
    return call.paged([responses.objects(worker, each) for worker in workers for each in worker.classes])
