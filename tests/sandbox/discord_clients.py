"""A started Discord double and a client of its API, for the tests beside this file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from sandbox.discord.service import DiscordService

USER_AGENT = "DiscordBot (https://example.org, 1)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``json`` is None where the body is something else."""

    status: int
    headers: dict[str, str]
    text: str
    json: Any


@dataclass(frozen=True, slots=True)
class Client:
    """Speaks to the double as a well-behaved bot does, where not told otherwise."""

    service: DiscordService
    session: aiohttp.ClientSession

    async def ask(self, method: str, path: str, *, json: Any = None, **headers: str | None) -> Answer:
        """Asks the REST API; a header of None is left out."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        own = {"authorization": f"Bot {self.service.credentials.token}", "user-agent": USER_AGENT, **named}
        sent = {name: value for name, value in own.items() if value is not None}
        skipped = () if sent.get("user-agent") else ("User-Agent",)
        url = f"{self.service.rest_url}{path}"
        async with self.session.request(
            method, url, json=json, headers=sent, skip_auto_headers=skipped
        ) as answer:
            return await _read(answer)

    async def get(self, url: str, **headers: str) -> Answer:
        """Asks any address."""
        async with self.session.get(url, headers=headers) as answer:
            return await _read(answer)

    @property
    def messages_path(self) -> str:
        """The messages of the one channel that there is."""
        return f"/channels/{self.service.credentials.channel}/messages"

    @property
    def commands_path(self) -> str:
        """The global commands of the one application that there is."""
        return f"/applications/{self.service.credentials.application_id}/commands"


@asynccontextmanager
async def discord() -> AsyncIterator[Client]:
    """A double of its own for one test."""
    service = DiscordService()
    await service.start()
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            yield Client(service, session)
    finally:
        await service.stop()


async def _read(answer: aiohttp.ClientResponse) -> Answer:
    is_json = answer.content_type == "application/json"
    body = await answer.json() if is_json else None
    return Answer(answer.status, dict(answer.headers), await answer.text(), body)
