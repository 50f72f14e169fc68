"""The /sandbox endpoints with which a test gets channels, and sees what came through them."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import web

from sandbox.channels.slack import HOST, Slack
from sandbox.channels.statuspage import Statuspage
from sandbox.discord.incoming import new_webhook
from sandbox.discord.models import State
from sandbox.plain import read_object, refusal

_SLACK = "/slack"
_STATUSPAGE = "/statuspage/v1"


@dataclass(frozen=True, slots=True)
class ChannelDesk:
    """What the endpoints change."""

    discord: State
    slack: Slack = field(default_factory=Slack)
    statuspage: Statuspage = field(default_factory=Statuspage)

    def bind(self, app: web.Application) -> None:
        """Make the application answer them, and as both services."""
        self.slack.bind(app, _SLACK)
        self.statuspage.bind(app, _STATUSPAGE)
        app.router.add_post("/sandbox/channels", self.post)
        app.router.add_get("/sandbox/channels", self.show)

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
        """GET /sandbox/channels: what Slack and Statuspage were sent."""
        del request
        found = {"slack": list(self.slack.received), "statuspage": list(self.statuspage.received)}
        return web.json_response(found)
