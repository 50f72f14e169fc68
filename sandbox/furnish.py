"""The /sandbox endpoints with which a test furnishes the account: what it has, and what versions show."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aiohttp import web

from sandbox.api import responses
from sandbox.api.belongings import Domain, Resources
from sandbox.api.extras import Extras
from sandbox.api.models import Store
from sandbox.plain import read_list, read_object, refusal


@dataclass(frozen=True, slots=True)
class Furnish:
    """What the endpoints change."""

    store: Store

    def bind(self, app: web.Application) -> None:
        """Make the application answer them."""
        app.router.add_put("/sandbox/workers/{name}/versions/{version}", self.put_version)
        app.router.add_put("/sandbox/workers/{name}/migration", self.put_migration)
        app.router.add_delete("/sandbox/workers/{name}/migration", self.delete_migration)
        app.router.add_put("/sandbox/resources", self.put_resources)
        app.router.add_put("/sandbox/domains", self.put_domains)

    async def put_version(self, request: web.Request) -> web.Response:
        """PUT /sandbox/workers/NAME/versions/ID: what the API shows of it besides; what is not named stays.

        The answer is the version as the API shows it from now on.
        """
        body = await read_object(request)
        worker = self.store.workers.get(request.match_info["name"])
        version = worker.version(request.match_info["version"]) if worker else None
        if worker is None or version is None:
            return refusal(404, "no such version of a worker: {name}, {version}".format(**request.match_info))
        try:
            shown = Extras.parse(body).on(version)
        except ValueError as error:
            return refusal(400, str(error))
        worker.replace_version(shown)
        return web.json_response(responses.version(shown, self.store.account))

    async def put_migration(self, request: web.Request) -> web.Response:
        """PUT /sandbox/workers/NAME/migration: as if the deploy of what serves had carried one with this tag.

        From then on the API deploys nothing older. The answer is the id of the version that shows it.
        """
        tag = (await read_object(request)).get("tag")
        worker = self.store.workers.get(request.match_info["name"])
        serving = max(worker.deployed(), key=lambda each: each.number, default=None) if worker else None
        if worker is None or serving is None:
            return refusal(404, "no worker named {name} is deployed".format(**request.match_info))
        if not isinstance(tag, str) or not tag:
            return refusal(400, f"wanted a tag, a text; found {tag!r}")
        worker.replace_version(replace(serving, migration_tag=tag))
        worker.migrated_at = serving.number
        return web.json_response({"version": serving.id})

    async def delete_migration(self, request: web.Request) -> web.Response:
        """DELETE /sandbox/workers/NAME/migration: as if there had been none, which no real account can."""
        worker = self.store.workers.get(request.match_info["name"])
        if worker is None:
            return refusal(404, "no worker named {name} is deployed".format(**request.match_info))
        for version in [each for each in worker.versions if each.number == worker.migrated_at]:
            worker.replace_version(replace(version, migration_tag=worker.migration_tag))
        worker.migrated_at = 0
        return web.json_response({})

    async def put_resources(self, request: web.Request) -> web.Response:
        """PUT /sandbox/resources: these exist and no others."""
        body = await read_object(request)
        try:
            self.store.resources = Resources.parse(body)
        except ValueError as error:
            return refusal(400, str(error))
        return web.json_response(self.store.resources.as_json())

    async def put_domains(self, request: web.Request) -> web.Response:
        """PUT /sandbox/domains: these lead to workers, besides those that workers recorded themselves."""
        entries = await read_list(request)
        try:
            self.store.domains = tuple(Domain.parse(each) for each in entries)
        except ValueError as error:
            return refusal(400, str(error))
        return web.json_response([each.as_json() for each in self.store.domains])
