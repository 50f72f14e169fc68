"""A bot that runs under workerd beside the Discord that it belongs to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sandbox.discord.signing import signed_headers
from tests.sandbox.bot_workers import Bot, bindings, running
from tests.sandbox.discord_clients import Answer, Client, discord

PROTECTION = (
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Content-Security-Policy",
    "Referrer-Policy",
)
_JSON = {"content-type": "application/json"}


class Peer:
    """A bot that runs, and the Discord that it belongs to."""

    def __init__(self, bot: Bot, url: str, client: Client) -> None:
        self.bot = bot
        self.url = url
        self.client = client
        self.service = client.service

    async def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] = _JSON
    ) -> Answer:
        """Any request."""
        async with self.client.session.request(
            method, self.url + path, data=body or None, headers=dict(headers), allow_redirects=False
        ) as answer:
            return Answer(answer.status, dict(answer.headers), await answer.text(), None)

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """A request to the interactions endpoint."""
        return await self.ask("POST", self.bot.interactions, body, {**_JSON, **headers})

    async def signed(self, body: bytes) -> Answer:
        """The body as Discord would sign it."""
        return await self.post(body, signed_headers(self.service.credentials.signing_key, body))

    async def interact(self, payload: dict[str, Any]) -> Any:
        """The reply to an interaction that Discord sends."""
        delivery = await self.service.interact(self.url + self.bot.interactions, payload)
        assert delivery.problem == ""
        return json.loads(delivery.body)


@asynccontextmanager
async def peer_of(
    bot: Bot, directory: Path, *, fault: str = "", changed: Mapping[str, str | None] | None = None
) -> AsyncIterator[Peer]:
    """The bot with its bindings, where not changed (None: left out), wrapped in the fault if one is named."""
    async with discord() as client:
        env = {**bindings(client.service.credentials), **(changed or {})}
        kept = {name: value for name, value in env.items() if value is not None}
        async with running(bot, directory, client.service.outbound_port, kept, fault) as url:
            yield Peer(bot, url, client)
