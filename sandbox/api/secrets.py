"""Endpoints about the secrets of a worker. None of them ever answers with a secret's text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.api import responses
from sandbox.api.calls import Call
from sandbox.api.errors import bad_request, cannot_serve, no_such_secret
from sandbox.api.responses import ok
from sandbox.api.upload import read_annotations


async def secrets(call: Call) -> web.Response:
    """GET S/secrets."""
    return ok(responses.secrets(call.workers.newest(call.name).bindings))


async def secret(call: Call) -> web.Response:
    """GET S/secrets/{secret}."""
    return ok(_shown(call, call.part("secret")))


async def put_secret(call: Call) -> web.Response:
    """PUT S/secrets."""
    body = await call.json_object()
    name, text = _read(body)
    await call.workers.change_secrets(call.name, {name: text}, call.source)
    return ok({"name": name, "type": "secret_text"})


async def patch_secrets(call: Call) -> web.Response:
    """PATCH S/secrets-bulk: a merge patch, in which null deletes."""
    changes = _changes((await call.json_object()).get("secrets"))
    await call.workers.change_secrets(call.name, changes, call.source)
    return ok(responses.secrets(call.workers.newest(call.name).bindings))


async def patch_latest(call: Call) -> web.Response:
    """PATCH /accounts/{account}/workers/workers/{name}/versions/latest: a new version with other secrets."""
    body = await call.json_object()
    changes = _changes(body.get("env"))
    made = await call.workers.amend(call.name, changes, read_annotations(body, "secret"), call.source)
    return ok(responses.version(made, call.store.account))


async def delete_secret(call: Call) -> web.Response:
    """DELETE S/secrets/{secret}."""
    name = call.part("secret")
    _shown(call, name)
    await call.workers.change_secrets(call.name, {name: None}, call.source)
    return ok(None)


def _shown(call: Call, name: str) -> dict[str, Any]:
    for entry in responses.secrets(call.workers.newest(call.name).bindings):
        if entry["name"] == name:
            return entry
    raise no_such_secret(name)


def _changes(entries: object) -> dict[str, str | None]:
    if not isinstance(entries, dict) or not all(
        each is None or isinstance(each, dict) for each in entries.values()
    ):
        raise bad_request("the secrets are not an object of objects")
    changed = {
        name: _read({**entry, "name": name})[1] for name, entry in entries.items() if entry is not None
    }
    return {**dict.fromkeys(entries), **changed}


def _read(entry: Mapping[str, Any]) -> tuple[str, str]:
    if entry.get("type", "secret_text") != "secret_text":
        raise cannot_serve([f"{entry.get('name')} ({entry['type']})"])
    name, text = entry.get("name"), entry.get("text")
    if not isinstance(name, str) or not isinstance(text, str) or not name:
        raise bad_request("a secret needs a name and a text")
    return name, text
