"""Posts interactions to a bot, as Discord does: one try, three seconds, no redirects."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from http import HTTPStatus
from typing import Any, Literal

import aiohttp

from sandbox.authority import Authority
from sandbox.discord.credentials import Credentials
from sandbox.discord.forms import payload_of
from sandbox.discord.interactions import Interaction
from sandbox.discord.signing import badly_signed_headers, signed_headers
from sandbox.discord.snowflake import new_snowflake

LIMIT_S = 3.0
_MOST_BYTES = 1024 * 1024
_USER_AGENT = "Discord-Interactions/1.0 (+https://discord.com)"
_PONG = 1
REPLY_TYPES = range(1, 13)
_Tls = ssl.SSLContext | Literal[True]  # aiohttp's own way to say: as usual


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came back. ``problem`` says why Discord would call it a failure, "" when it would not.

    ``status`` is None when no answer came in time; ``seconds`` is the time to the end of the answer.
    """

    status: int | None
    headers: dict[str, str]
    body: str
    seconds: float
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the control endpoint."""
        return asdict(self)

    def reply(self) -> dict[str, Any] | None:
        """The interaction's first answer, where there was a valid one."""
        try:
            reply = json.loads(payload_of(self.headers, self.body))
        except ValueError:
            return None
        valid = isinstance(reply, dict) and reply.get("type") in REPLY_TYPES
        return reply if valid else None


class Sender:
    """Discord's side of the interactions endpoint."""

    def __init__(self, credentials: Credentials, authority: Authority) -> None:
        self._credentials = credentials
        self._authority = authority

    async def deliver(self, url: str, payload: Mapping[str, Any], interaction: Interaction) -> Delivery:
        """Signs and posts the payload, with the ids of the interaction in it; keeps the first answer."""
        body = json.dumps({**payload, **self._identity(interaction)}, ensure_ascii=False).encode()
        delivery = await self._post(url, body, signed_headers(self._credentials.signing_key, body))
        reply = delivery.reply() if not delivery.problem else None
        if reply and not interaction.answered.is_set():
            interaction.acknowledge(reply)
        return delivery

    async def endpoint_is_valid(self, url: str) -> bool:
        """Discord's own test of an endpoint: it answers a PING, and rejects a bad signature with 401."""
        ping = json.dumps({"type": 1, "id": new_snowflake()}).encode()
        good = await self._post(url, ping, signed_headers(self._credentials.signing_key, ping))
        bad = await self._post(url, ping, badly_signed_headers(ping))
        pong = not good.problem and (good.reply() or {}).get("type") == _PONG
        return pong and bad.status == HTTPStatus.UNAUTHORIZED

    async def _post(self, url: str, body: bytes, signature: Mapping[str, str]) -> Delivery:
        """Trusts the run's authority alone: no other https can be reached from here."""
        tls: _Tls = self._authority.trusting if url.startswith("https:") else True
        return await _post(url, body, signature, tls)

    def _identity(self, interaction: Interaction) -> dict[str, Any]:
        return {
            "id": interaction.id,
            "token": interaction.token,
            "application_id": self._credentials.application_id,
            "version": 1,
        }


async def _post(url: str, body: bytes, signature: Mapping[str, str], tls: _Tls) -> Delivery:
    started = time.monotonic()
    try:
        status, headers, text = await _exchange(url, body, signature, tls)
    except TimeoutError:
        problem = f"the application did not respond within {LIMIT_S:g} s"
        return Delivery(None, {}, "", time.monotonic() - started, problem)
    except (aiohttp.ClientError, ValueError) as error:
        return Delivery(None, {}, "", time.monotonic() - started, f"no answer: {error}")
    delivery = Delivery(status, headers, text, time.monotonic() - started)
    return replace(delivery, problem=_problem(delivery))


async def _exchange(
    url: str, body: bytes, signature: Mapping[str, str], tls: _Tls
) -> tuple[int, dict[str, str], str]:
    headers = {"Content-Type": "application/json", "User-Agent": _USER_AGENT, **signature}
    limit = aiohttp.ClientTimeout(total=LIMIT_S)
    async with (
        aiohttp.ClientSession(timeout=limit) as client,
        client.post(url, data=body, headers=headers, allow_redirects=False, ssl=tls) as answer,
    ):
        text = (await _bounded(answer.content)).decode("utf-8", "replace")
        return answer.status, dict(answer.headers), text


async def _bounded(content: aiohttp.StreamReader) -> bytes:
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) >= _MOST_BYTES:
            break
    return bytes(body[:_MOST_BYTES])


def _problem(delivery: Delivery) -> str:
    if delivery.status in (202, 204):
        return ""
    if delivery.status != HTTPStatus.OK:
        return f"status {delivery.status} instead of 200"
    return "" if delivery.reply() else "the body is not an interaction response"
