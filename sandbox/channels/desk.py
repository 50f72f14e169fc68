"""The /sandbox endpoints with which a test gets channels, and sees what came through them."""

from __future__ import annotations

from aiohttp import web

from sandbox.channels.slack import HOST, Slack
from sandbox.channels.statuspage import Statuspage
from sandbox.channels.trouble import SERVICES
from sandbox.discord.incoming import new_webhook
from sandbox.discord.models import State
from sandbox.plain import read_object, refusal

_SLACK = "/slack"
_STATUSPAGE = "/statuspage/v1"


class ChannelDesk:
    """What the endpoints change."""

    def __init__(self, discord: State) -> None:
        self.discord = discord
        self.slack = Slack(discord.troubles)
        self.statuspage = Statuspage(discord.troubles)

    def bind(self, app: web.Application) -> None:
        """Make the application answer them, and as both services."""
        self.slack.bind(app, _SLACK)
        self.statuspage.bind(app, _STATUSPAGE)
        app.router.add_post("/sandbox/channels", self.post)
        app.router.add_get("/sandbox/channels", self.show)
        app.router.add_put("/sandbox/channels/trouble", self.put_trouble)

    async def post(self, request: web.Request) -> web.Response:
        """POST /sandbox/channels: one more of each, as its owner pastes it.

        ``slack`` may name why that webhook takes nothing. ``environment`` has the variables that lead here.
        """
        body = await read_object(request)
        try:
            hook = self.slack.new_hook(str(body.get("slack", "")))
        except ValueError as error:
            return refusal(400, str(error))
        webhook, page = new_webhook(self.discord), self.statuspage.new_page()
        found = {
            "slack": HOST + hook.path,
            "discord": f"https://discord.com/api/webhooks/{webhook.id}/{webhook.token}",
            "statuspage": {"page": page.id, "component": page.component, "token": page.key},
            "environment": {
                "SLACK_WEBHOOK_BASE_URL": str(request.url.with_path(_SLACK)),
                "STATUSPAGE_API_BASE_URL": str(request.url.with_path(_STATUSPAGE)),
            },
        }
        return web.json_response(found)

    async def show(self, request: web.Request) -> web.Response:
        """GET /sandbox/channels: what the services were sent, and what people see there now."""
        del request
        found = {
            "slack": list(self.slack.received),
            "statuspage": list(self.statuspage.received),
            "incidents": self.statuspage.incidents(),
            "discord": [each.as_kept() for each in self.discord.announcements.values()],
            "trouble": self.discord.troubles.asked,
        }
        return web.json_response(found)

    async def put_trouble(self, request: web.Request) -> web.Response:
        """PUT /sandbox/channels/trouble: what goes wrong at which service; what is not named works again."""
        body = await read_object(request)
        try:
            for service in SERVICES:
                self.discord.troubles.put(service, body.get(service))
            if unknown := body.keys() - set(SERVICES):
                self.discord.troubles.put(min(unknown), None)
        except ValueError as error:
            return refusal(400, str(error))
        return web.json_response({"trouble": sorted(self.discord.troubles.now)})
