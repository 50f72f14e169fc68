"""Endpoints about what leads to a worker: workers.dev, crons, routes, domains. Recorded, not acted on."""

from __future__ import annotations

from aiohttp import web

from sandbox.api.calls import Call
from sandbox.api.errors import bad_request
from sandbox.api.models import Worker, now
from sandbox.api.responses import ok


async def subdomain(call: Call) -> web.Response:
    """GET S/subdomain."""
    return ok(_subdomain(call.workers.get(call.name)))


async def post_subdomain(call: Call) -> web.Response:
    """POST S/subdomain."""
    worker = call.workers.get(call.name)
    body = await call.json_object()
    worker.workers_dev = bool(body.get("enabled", worker.workers_dev))
    worker.previews = bool(body.get("previews_enabled", worker.previews))
    return ok(_subdomain(worker))


async def schedules(call: Call) -> web.Response:
    """GET S/schedules."""
    return ok({"schedules": call.workers.get(call.name).schedules})


async def put_schedules(call: Call) -> web.Response:
    """PUT S/schedules: replaces all of them."""
    worker = call.workers.get(call.name)
    stamp = now()
    crons = [str(each.get("cron", "")) for each in await call.json_objects()]
    if not all(crons):
        raise bad_request("a schedule has no cron")
    worker.schedules = [{"cron": cron, "created_on": stamp, "modified_on": stamp} for cron in crons]
    return ok({"schedules": worker.schedules})


async def put_routes(call: Call) -> web.Response:
    """PUT S/routes: replaces all of them."""
    worker = call.workers.get(call.name)
    routes = await call.json_objects()
    if not all(each.get("pattern") for each in routes):
        raise bad_request("a route has no pattern")
    worker.routes = [{**each, "script": worker.name} for each in routes]
    return ok(worker.routes)


async def domain_changes(call: Call) -> web.Response:
    """POST S/domains/changeset: what a change of the domains would mean; nobody else has any."""
    worker = call.workers.get(call.name)
    wanted = await call.json_objects()
    known = {each.get("hostname") for each in worker.domains}
    added = [each for each in wanted if each.get("hostname") not in known]
    kept = {each.get("hostname") for each in wanted}
    removed = [each for each in worker.domains if each.get("hostname") not in kept]
    return ok({"added": added, "removed": removed, "updated": [], "conflicting": []})


async def put_domains(call: Call) -> web.Response:
    """PUT S/domains/records: replaces all of them."""
    worker = call.workers.get(call.name)
    origins = (await call.json_object()).get("origins")
    if not isinstance(origins, list) or not all(
        isinstance(each, dict) and each.get("hostname") for each in origins
    ):
        raise bad_request("the body has no list named origins, each with a hostname")
    worker.domains = origins
    return ok(worker.domains)


def _subdomain(worker: Worker) -> dict[str, bool]:
    return {"enabled": worker.workers_dev, "previews_enabled": worker.previews}
