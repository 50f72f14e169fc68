"""The Discord double as one thing to start and stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from sandbox.authority import Authority
from sandbox.discord.credentials import Credentials, new_credentials
from sandbox.discord.faults import ApiFault
from sandbox.discord.models import State
from sandbox.discord.outbound import outbound_app
from sandbox.discord.rest import add_discord, new_app
from sandbox.discord.sender import Delivery, Sender
from sandbox.discord.status_pages import cloudflare_page, discord_page, status_app, trace
from sandbox.distance import Distance, from_afar

_LOOPBACK = "127.0.0.1"
_STOP_S = 1.0


class DiscordService:
    """Two listeners on loopback: ``url`` for clients, ``outbound_port`` for the workers' own requests."""

    def __init__(self, distance: Distance | None = None, authority: Authority | None = None) -> None:
        self._distance = distance or Distance()
        self.state = State(new_credentials(), authority or Authority())
        self.discord_page = discord_page()
        self.cloudflare_page = cloudflare_page()
        self.url = ""
        self.outbound_port = 0
        self._runners: list[web.AppRunner] = []

    async def start(self) -> None:
        """Listens; the addresses are known afterwards."""
        self.url = f"http://{_LOOPBACK}:{await self._listen(self._app())}"
        self.outbound_port = await self._listen(outbound_app(self.state))

    async def stop(self) -> None:
        """Closes both listeners and what is still open on them."""
        while self._runners:
            await self._runners.pop().cleanup()

    @property
    def credentials(self) -> Credentials:
        """The application that this Discord knows."""
        return self.state.credentials

    @property
    def rest_url(self) -> str:
        """Base of the REST API."""
        return f"{self.url}/api/v10"

    @property
    def status_url(self) -> str:
        """Base of Discord's status page."""
        return f"{self.url}/status/api/v2"

    @property
    def cloudflare_status_url(self) -> str:
        """Base of Cloudflare's status page."""
        return f"{self.url}/cloudflare-status/api/v2"

    @property
    def control_probe_url(self) -> str:
        """An address that answers whenever our own network works."""
        return f"{self.url}/cdn-cgi/trace"

    @property
    def unknown_requests(self) -> list[str]:
        """Requests for what the double does not have, oldest first."""
        return list(self.state.unknown_requests)

    @property
    def invalid_requests(self) -> int:
        """What Discord counts towards a ban."""
        return self.state.limits.invalid_requests

    async def interact(self, url: str, payload: Mapping[str, Any]) -> Delivery:
        """Sends an interaction to a bot as Discord does; its token is good for follow-ups."""
        interaction = self.state.interactions.begin(payload)
        return await Sender(self.credentials, self.state.authority).deliver(url, payload, interaction)

    def messages(self) -> list[dict[str, Any]]:
        """What was posted to channels, oldest first."""
        return [message.as_kept() for channel in self.state.channels.values() for message in channel]

    def followups(self) -> list[dict[str, Any]]:
        """What was sent with the tokens of interactions."""
        return self.state.interactions.followups()

    def set_faults(self, faults: Sequence[ApiFault]) -> None:
        """What goes wrong at Discord's API from now on; nothing when empty."""
        self.state.faults.set(faults)

    def _app(self) -> web.Application:
        app = new_app()
        app.middlewares.append(from_afar(self._distance))
        app.add_subapp("/status/api/v2", status_app(self.discord_page))
        app.add_subapp("/cloudflare-status/api/v2", status_app(self.cloudflare_page))
        app.router.add_get("/cdn-cgi/trace", trace)
        add_discord(app, self.state)
        return app

    async def _listen(self, app: web.Application) -> int:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_S)
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, _LOOPBACK, 0).start()
        return int(runner.addresses[0][1])
