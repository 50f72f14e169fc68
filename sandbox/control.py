"""The /sandbox endpoints, with which a test looks into the sandbox and makes it misbehave. Plain JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.api.app import Unknown
from sandbox.api.faults import Faults
from sandbox.discord.service import DiscordService
from sandbox.distance import Distance
from sandbox.edge.edge import Edge
from sandbox.edge.secured import TlsConditions
from sandbox.plain import read_object, refusal

_MOST = 60_000.0


@dataclass(frozen=True, slots=True)
class Control:
    """What the endpoints look at and change."""

    edge: Edge
    discord: DiscordService
    faults: Faults
    unknowns: Unknown
    distance: Distance

    def bind(self, app: web.Application) -> None:
        """Make the application answer them."""
        app.router.add_get("/sandbox/workers/{name}", self.worker)
        app.router.add_put("/sandbox/workers/{name}/tls", self.put_tls)
        app.router.add_get("/sandbox/conditions", self.conditions)
        app.router.add_put("/sandbox/conditions", self.put_conditions)
        app.router.add_put("/sandbox/api-faults", self.put_faults)
        app.router.add_get("/sandbox/unknown-requests", self.unknown_requests)
        app.router.add_post("/sandbox/discord/interactions", self.interact)
        app.router.add_get("/sandbox/discord/messages", self.messages)

    async def worker(self, request: web.Request) -> web.Response:
        """GET /sandbox/workers/NAME: where it is served, and by which versions at this moment.

        ``https_url`` and ``plain_url`` are null until /tls was asked for.
        """
        name = request.match_info["name"]
        url = self.edge.url(name)
        if url is None:
            return refusal(404, f"no worker named {name} is deployed")
        secured = self.edge.secured(name)
        return web.json_response(
            {
                "url": url,
                "https_url": secured.url if secured else None,
                "plain_url": secured.plain_url if secured else None,
                "live": [{"version": each, "percentage": part} for each, part in self.edge.live(name)],
            }
        )

    async def put_tls(self, request: web.Request) -> web.Response:
        """PUT /sandbox/workers/NAME/tls: serve it over https too, under these conditions and no others.

        The answer says where, and which authority a client has to trust, as PEM.
        """
        name, body = request.match_info["name"], await read_object(request)
        try:
            secured = await self.edge.secure(name, TlsConditions.parse(body))
        except ValueError as error:
            return refusal(400, str(error))
        if secured is None:
            return refusal(404, f"no worker named {name} is deployed")
        found = {
            "https_url": secured.url,
            "plain_url": secured.plain_url,
            "authority": secured.authority,
            "conditions": secured.conditions.as_json(),
        }
        return web.json_response(found)

    async def unknown_requests(self, request: web.Request) -> web.Response:
        """GET /sandbox/unknown-requests: what was asked of the doubles that they do not know."""
        del request
        return web.json_response({"requests": [*self.unknowns.all(), *self.discord.unknown_requests]})

    async def put_faults(self, request: web.Request) -> web.Response:
        """PUT /sandbox/api-faults: these and no others."""
        body = await read_object(request)
        try:
            return web.json_response({"faults": self.faults.replace(body.get("faults", []))})
        except ValueError as error:
            return refusal(400, str(error))

    async def conditions(self, request: web.Request) -> web.Response:
        """GET /sandbox/conditions."""
        del request
        return web.json_response(self._conditions())

    async def put_conditions(self, request: web.Request) -> web.Response:
        """PUT /sandbox/conditions: how late the edge follows, and how far away everything is.

        What is not named stays.
        """
        body = await read_object(request)
        known = self._conditions()
        wrong = [name for name, value in body.items() if name not in known or not _duration(value)]
        if wrong:
            return refusal(
                400, f"wanted {', '.join(known)} as numbers of 0 or more; found {', '.join(wrong)}"
            )
        self.distance.rtt_ms = self.edge.set_conditions(**body)["added_rtt_ms"]
        return web.json_response(self._conditions())

    async def interact(self, request: web.Request) -> web.Response:
        """POST /sandbox/discord/interactions: send one as Discord would."""
        body = await read_object(request)
        url, payload = body.get("url"), body.get("payload")
        if not isinstance(url, str) or not isinstance(payload, dict):
            return refusal(400, "wanted a url and a payload")
        delivery = await self.discord.interact(url, payload)
        return web.json_response(delivery.as_json())

    async def messages(self, request: web.Request) -> web.Response:
        """GET /sandbox/discord/messages: what the Discord double was given."""
        del request
        found: dict[str, Any] = {
            "messages": self.discord.messages(),
            "followups": self.discord.followups(),
            "invalid_requests": self.discord.invalid_requests,
        }
        return web.json_response(found)

    def _conditions(self) -> dict[str, float]:
        return dict(self.edge.conditions)


def _duration(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= _MOST
