"""Every endpoint that the double answers, with the permission that it asks for."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import hdrs

from sandbox.api import (
    accounts,
    assets,
    domains,
    history,
    resources,
    scripts,
    secrets,
    tails,
    tokens,
    triggers,
)
from sandbox.api.calls import Route
from sandbox.api.models import Permission
from sandbox.api.unserved import PRODUCTS, refusal

BASE = "/client/v4"
_ACCOUNT = BASE + "/accounts/{account}"
_WORKERS = _ACCOUNT + "/workers"
_SCRIPT = _WORKERS + "/scripts/{name}"
_SERVICE = _WORKERS + "/services/{name}"
_KV = _ACCOUNT + "/storage/kv/namespaces"
_OBJECTS = _WORKERS + "/durable_objects/namespaces"

_USER = Permission.USER_READ
_ACCOUNTS = Permission.ACCOUNT_READ
_READ = Permission.SCRIPTS_READ
_WRITE = Permission.SCRIPTS_WRITE
_TAIL = Permission.TAIL_READ
_ROUTES = Permission.ROUTES_WRITE

_ENDPOINTS = (
    Route("GET", BASE + "/user", accounts.user, _USER),
    Route("GET", BASE + "/user/tokens/verify", tokens.verify, None),
    Route("GET", BASE + "/user/tokens/{token}", tokens.show, None),
    Route("GET", _ACCOUNT + "/tokens/verify", tokens.verify_of_account, None),
    Route("GET", BASE + "/memberships", accounts.memberships, _USER),
    Route("GET", BASE + "/accounts", accounts.accounts, _ACCOUNTS),
    Route("GET", _ACCOUNT, accounts.account, _ACCOUNTS),
    Route("GET", BASE + "/zones", accounts.zones, _ACCOUNTS),
    Route("GET", BASE + "/zones/{zone}/workers/routes", accounts.zone_routes, _ROUTES),
    Route("GET", _WORKERS + "/subdomain", accounts.subdomain, _READ),
    Route("GET", _WORKERS + "/scripts", scripts.scripts, _READ),
    Route("GET", _WORKERS + "/workers/{name}", scripts.worker, _READ),
    Route("PATCH", _WORKERS + "/workers/{name}/versions/latest", secrets.patch_latest, _WRITE),
    Route("GET", _WORKERS + "/tails/by-consumer/{name}", scripts.tail_producers, _READ),
    Route("GET", _SERVICE, scripts.service, _READ),
    Route("DELETE", _SERVICE, scripts.delete_script, _WRITE),
    Route("PUT", _SCRIPT, scripts.put_script, _WRITE),
    Route("DELETE", _SCRIPT, scripts.delete_script, _WRITE),
    Route("GET", _SCRIPT + "/settings", scripts.settings, _READ),
    Route("GET", _SCRIPT + "/script-settings", scripts.script_settings, _READ),
    Route("PATCH", _SCRIPT + "/script-settings", scripts.patch_script_settings, _WRITE),
    Route("GET", _SCRIPT + "/references", scripts.references, _READ),
    Route("GET", _SCRIPT + "/versions", history.versions, _READ),
    Route("POST", _SCRIPT + "/versions", history.post_version, _WRITE),
    Route("GET", _SCRIPT + "/versions/{version}", history.version, _READ),
    Route("GET", _SCRIPT + "/deployments", history.deployments, _READ),
    Route("POST", _SCRIPT + "/deployments", history.post_deployment, _WRITE),
    Route("GET", _SCRIPT + "/deployments/{deployment}", history.deployment, _READ),
    Route("GET", _SCRIPT + "/secrets", secrets.secrets, _READ),
    Route("PUT", _SCRIPT + "/secrets", secrets.put_secret, _WRITE),
    Route("GET", _SCRIPT + "/secrets/{secret}", secrets.secret, _READ),
    Route("DELETE", _SCRIPT + "/secrets/{secret}", secrets.delete_secret, _WRITE),
    Route("PATCH", _SCRIPT + "/secrets-bulk", secrets.patch_secrets, _WRITE),
    Route("GET", _SCRIPT + "/subdomain", triggers.subdomain, _READ),
    Route("POST", _SCRIPT + "/subdomain", triggers.post_subdomain, _WRITE),
    Route("GET", _SCRIPT + "/schedules", triggers.schedules, _READ),
    Route("PUT", _SCRIPT + "/schedules", triggers.put_schedules, _WRITE),
    Route("PUT", _SCRIPT + "/routes", triggers.put_routes, _ROUTES),
    Route("POST", _SCRIPT + "/domains/changeset", triggers.domain_changes, _WRITE),
    Route("PUT", _SCRIPT + "/domains/records", triggers.put_domains, _ROUTES),
    Route("POST", _SCRIPT + "/tails", tails.post_tail, _TAIL),
    Route("DELETE", _SCRIPT + "/tails/{tail}", tails.delete_tail, _TAIL),
    Route("GET", _WORKERS + "/domains", domains.domains, _READ),
    Route("GET", _KV, resources.kv_namespaces, _READ),
    Route("GET", _KV + "/{id}", resources.kv_namespace, Permission.KV_READ),
    Route("POST", _KV, resources.post_kv_namespace, _WRITE),
    Route("GET", _ACCOUNT + "/r2/buckets", resources.r2_buckets, Permission.R2_READ),
    Route("POST", _ACCOUNT + "/r2/buckets", resources.post_r2_bucket, _WRITE),
    Route("GET", _ACCOUNT + "/r2/buckets/{name}", resources.r2_bucket, Permission.R2_READ),
    Route("GET", _ACCOUNT + "/d1/database", resources.d1_databases, Permission.D1_READ),
    Route("POST", _ACCOUNT + "/d1/database", resources.post_d1_database, _WRITE),
    Route("GET", _ACCOUNT + "/d1/database/{id}", resources.d1_database, Permission.D1_READ),
    Route("GET", _ACCOUNT + "/queues", resources.queues, Permission.QUEUES_READ),
    Route("POST", _ACCOUNT + "/queues", resources.post_queue, _WRITE),
    Route("POST", _ACCOUNT + "/queues/{queue}/consumers", resources.put_consumer, _WRITE),
    Route("PUT", _ACCOUNT + "/queues/{queue}/consumers/{consumer}", resources.put_consumer, _WRITE),
    Route("GET", _ACCOUNT + "/workflows/{name}", resources.workflow, _READ),
    Route("PUT", _ACCOUNT + "/workflows/{name}", resources.put_workflow, _WRITE),
    Route("GET", _OBJECTS, scripts.object_namespaces, _READ),
    Route("POST", _SCRIPT + "/assets-upload-session", assets.post_session, _WRITE),
    Route("POST", _WORKERS + "/assets/upload", assets.post_files, None),
)


def endpoints() -> Iterator[Route]:
    """All endpoints; the refusals of whole products come last."""
    yield from _ENDPOINTS
    for path, product in PRODUCTS.items():
        yield Route(hdrs.METH_ANY, f"{_ACCOUNT}/{path}/{{rest:.*}}", refusal(product), _ACCOUNTS)
        yield Route(hdrs.METH_ANY, f"{_ACCOUNT}/{path}", refusal(product), _ACCOUNTS)
