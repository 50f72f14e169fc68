"""Endpoints about the versions and deployments of a worker."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.api import responses
from sandbox.api.calls import STALE, Call
from sandbox.api.errors import invalid_deployment
from sandbox.api.models import Share
from sandbox.api.responses import ok
from sandbox.api.upload import read_annotations, read_upload


async def versions(call: Call) -> web.Response:
    """GET S/versions, newest first; with ``deployable=true`` those that a deployment may name, unpaged."""
    worker = call.workers.get(call.name)
    if call.asks("deployable"):
        shown = [responses.version(each, call.store.account) for each in worker.deployable]
        return ok({"items": shown})
    newest_first = [responses.version(each, call.store.account) for each in reversed(worker.versions)]
    return call.paged(newest_first, lambda shown: {"items": shown})


async def version(call: Call) -> web.Response:
    """GET S/versions/{version}."""
    found = call.workers.version(call.name, call.part("version"))
    return ok(responses.version(found, call.store.account))


async def post_version(call: Call) -> web.Response:
    """POST S/versions: upload a version without deploying it."""
    call.workers.get(call.name)
    upload = await read_upload(call.request)
    made = await call.workers.upload(call.name, upload, call.source)
    return ok(responses.version(made, call.store.account))


async def deployments(call: Call) -> web.Response:
    """GET S/deployments, newest first."""
    history = call.workers.get(call.name).deployments[STALE in call.request :]
    shown = [responses.deployment(each, call.store.account) for each in history]
    return call.paged(shown, lambda page: {"deployments": page})


async def deployment(call: Call) -> web.Response:
    """GET S/deployments/{deployment}."""
    found = call.workers.deployment(call.name, call.part("deployment"))
    return ok(responses.deployment(found, call.store.account))


async def post_deployment(call: Call) -> web.Response:
    """POST S/deployments: let one or two versions serve."""
    body = await call.json_object()
    made = await call.workers.deploy(
        call.name,
        _shares(body),
        read_annotations(body, "deployment"),
        call.source,
        force=call.asks("force"),
    )
    return ok(responses.deployment(made, call.store.account))


def _shares(body: dict[str, Any]) -> list[Share]:
    if body.get("strategy") != "percentage":
        raise invalid_deployment(f"strategy must be percentage, found {body.get('strategy')!r}")
    try:
        return [Share(str(each["version_id"]), float(each["percentage"])) for each in body["versions"]]
    except (KeyError, TypeError, ValueError) as error:
        raise invalid_deployment("versions must be a list of {version_id, percentage}") from error
