"""What the API answers: envelopes, and how versions, deployments and workers look in JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from sandbox.api.errors import ApiError
from sandbox.api.models import Account, Annotations, Bindings, Deployment, Token, Version, Worker
from sandbox.edge.bound import ObjectClass

Json = dict[str, Any]


def ok(result: object, *, info: Json | None = None) -> web.Response:
    """A success envelope; ``info`` is the ``result_info`` of a paged list."""
    body: Json = {"success": True, "errors": [], "messages": [], "result": result}
    if info is not None:
        body["result_info"] = info
    return web.json_response(body)


def failed(error: ApiError) -> web.Response:
    """An error envelope under the error's HTTP status."""
    entry = {"code": int(error.code), "message": error.message}
    body = {"success": False, "errors": [entry], "messages": [], "result": None}
    return web.json_response(body, status=error.status)


def page_info(shown: int, total: int, page: int = 1, per_page: int | None = None) -> Json:
    """The ``result_info`` that says which part of a list was shown."""
    size = per_page or max(total, 1)
    pages = -(-total // size)
    return {"page": page, "per_page": size, "count": shown, "total_count": total, "total_pages": pages}


def written(of: Annotations) -> Json:
    """Only what was written; Cloudflare leaves out the rest as well."""
    named = {"workers/triggered_by": of.triggered_by, "workers/message": of.message, "workers/tag": of.tag}
    return {name: text for name, text in named.items() if text}


def bindings(of: Bindings) -> list[Json]:
    """All bindings; of a secret only its name."""
    return [
        *({"name": name, "type": "plain_text", "text": text} for name, text in of.vars.items()),
        *({"name": name, "type": "json", "json": value} for name, value in of.json_vars.items()),
        *secrets(of),
        *({"name": name, "type": "version_metadata"} for name in of.metadata),
        *(dict(each) for each in of.others.values()),
        *(dict(each) for each in of.raw),
    ]


def secrets(of: Bindings) -> list[Json]:
    """The names of the secrets, sorted."""
    return [{"name": name, "type": "secret_text"} for name in sorted(of.secrets)]


def deployment(of: Deployment, account: Account) -> Json:
    """One entry of the history."""
    return {
        "id": of.id,
        "source": of.source.value,
        "strategy": "percentage",
        "author_email": account.email,
        "created_on": of.created_on,
        "annotations": written(of.annotations),
        "versions": [{"version_id": each.version_id, "percentage": each.percentage} for each in of.shares],
    }


def version(of: Version, account: Account) -> Json:
    """One version with its resources."""
    return {
        "id": of.id,
        "number": of.number,
        "metadata": _version_metadata(of, account),
        "annotations": written(of.annotations),
        "resources": {
            "script": {
                "etag": of.etag,
                "handlers": list(of.handlers),
                "last_deployed_from": of.source.value,
            },
            "script_runtime": _runtime(of),
            "bindings": bindings(of.bindings),
        },
        "startup_time_ms": of.startup_ms,
    }


def _version_metadata(of: Version, account: Account) -> Json:
    return {
        "created_on": of.created_on,
        "modified_on": of.created_on,
        "source": of.source.value,
        "author_id": account.id,
        "author_email": account.email,
        "has_preview": False,
        "hasPreview": False,
    }


def _runtime(of: Version) -> Json:
    shown = {
        "compatibility_date": of.code.compatibility_date,
        "compatibility_flags": list(of.code.compatibility_flags),
        "usage_model": "standard",
    }
    return {**shown, "migration_tag": of.migration_tag} if of.migration_tag else shown


def script(of: Worker, newest: Version) -> Json:
    """What an upload that also deploys answers; ``deployment_id`` is the id of the version."""
    return {
        "id": of.name,
        "tag": of.tag,
        "tags": of.settings.get("tags") or [],
        "etag": newest.etag,
        "handlers": list(newest.handlers),
        "created_on": of.created_on,
        "modified_on": newest.created_on,
        "deployment_id": newest.id,
        "last_deployed_from": newest.source.value,
        "startup_time_ms": newest.startup_ms,
        **_runtime(newest),
    }


def settings(of: Worker, newest: Version) -> Json:
    """The settings of a script with those of its latest version."""
    return {"bindings": bindings(newest.bindings), **_runtime(newest), **of.settings}


def service(of: Worker, newest: Version) -> Json:
    """A worker as the older endpoints call it. Another last source than wrangler makes wrangler ask."""
    shown = {**script(of, newest), "last_deployed_from": "wrangler"}
    environment = {
        "environment": "production",
        "created_on": of.created_on,
        "modified_on": newest.created_on,
        "script": shown,
    }
    return {"id": of.name, "default_environment": environment, "environments": [environment]}


def worker(of: Worker, account: Account) -> Json:
    """A worker as the newer endpoints show it."""
    host = f"{account.subdomain}.workers.dev"
    subdomain = {
        "enabled": of.workers_dev,
        "previews_enabled": of.previews,
        "url": f"https://{of.name}.{host}",
        "preview_url_suffix": f"-{of.name}.{host}",
    }
    return {"id": of.tag, "name": of.name, "created_on": of.created_on, "subdomain": subdomain}


def objects(of: Worker, known: ObjectClass) -> Json:
    """A namespace of Durable Objects."""
    return {
        "id": known.namespace,
        "name": f"{of.name}_{known.name}",
        "script": of.name,
        "class": known.name,
        "use_sqlite": known.sqlite,
    }


def account(of: Account) -> Json:
    """The account."""
    return {"id": of.id, "name": of.name, "type": "standard"}


def token(of: Token) -> Json:
    """Whether a token is good; never the token."""
    ends = {"expires_on": of.expires_on} if of.expires_on else {}
    return {"id": of.id, "status": of.status_now.value, **ends}


def policies(of: Token, home: Account) -> list[Json]:
    """What a token may do, as its owner sees it: one policy for all of its accounts."""
    groups = [{"id": _group_id(each.value), "name": each.value} for each in of.permissions]
    resources = {f"com.cloudflare.api.account.{each.id}": "*" for each in of.accounts(home)}
    named = sorted(groups, key=lambda group: group["name"])
    return [{"id": of.id, "effect": "allow", "permission_groups": named, "resources": resources}]


def _group_id(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def window(items: Sequence[Any], page: int, per_page: int | None) -> Sequence[Any]:
    """The items of a page, counted from 1; without a size the first page holds all."""
    size = per_page or max(len(items), 1)
    return items[(page - 1) * size : page * size]
