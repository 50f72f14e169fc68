"""The endpoint about the custom domains of the account."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from sandbox.api.belongings import Domain
from sandbox.api.calls import Call
from sandbox.api.models import Store

_FILTERS = ("environment", "hostname", "service", "zone_id", "zone_name")


async def domains(call: Call) -> web.Response:
    """GET /accounts/{account}/workers/domains, all or those that every filter of the query fits."""
    wanted = {name: value for name, value in call.request.query.items() if name in _FILTERS}
    by_hostname = {each.hostname: each.as_json() for each in _all(call.store)}
    return call.paged([each for each in by_hostname.values() if wanted.items() <= each.items()])


def _all(store: Store) -> Iterator[Domain]:
    """Those that workers recorded, then those that the sandbox was told of: a hostname's last one counts."""
    for worker in store.workers.values():
        for each in worker.domains:
            zone = str(each.get("zone_name") or ""), str(each.get("zone_id") or "")
            yield Domain(str(each["hostname"]), worker.name, *zone)
    yield from store.domains
