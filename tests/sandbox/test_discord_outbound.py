"""The workers' outgoing requests reach the double by the host that they were meant for."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.discord.status_pages import Indicator
from tests.sandbox.discord_clients import Client, discord


async def _raw(client: Client, line: str, host: str) -> bytes:
    """One request as written, over a connection of its own; the first line of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", client.service.outbound_port)
    token = client.service.credentials.token
    head = f"{line} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: x\r\nAuthorization: Bot {token}\r\n"
    writer.write(f"{head}Connection: close\r\n\r\n".encode())
    first = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    await writer.wait_closed()
    return first


@pytest.mark.parametrize("host", ["discord.com", "discordapp.com", "canary.discord.com", "ptb.discord.com"])
@pytest.mark.parametrize("form", ["{path}", "http://{host}{path}", "https://{host}{path}"])
def test_discords_hosts_lead_to_the_double(host: str, form: str) -> None:
    """Whether the request line holds a path or a whole address."""

    async def scenario() -> None:
        async with discord() as client:
            line = "GET " + form.format(host=host, path="/api/v10/users/@me")

            assert b" 200 " in await _raw(client, line, host)
            assert client.service.unknown_requests == []

    asyncio.run(scenario())


@pytest.mark.parametrize("line", ["GET /profile", "GET https://example.org/profile"])
def test_other_hosts_lead_nowhere(line: str) -> None:
    """They are refused as a gateway would, and kept."""

    async def scenario() -> None:
        async with discord() as client:
            first = await _raw(client, line, "example.org")

            assert b" 502 " in first
            assert client.service.unknown_requests == ["GET https://example.org/profile"]

    asyncio.run(scenario())


def test_discord_itself_has_no_sandbox_pages() -> None:
    """The status pages beside the API are not part of discord.com."""

    async def scenario() -> None:
        async with discord() as client:
            assert b" 501 " in await _raw(client, "GET /status/api/v2/status.json", "discord.com")

    asyncio.run(scenario())


@pytest.mark.parametrize("name", ["status", "summary", "components", "incidents/unresolved"])
def test_status_pages_have_statuspages_documents(name: str) -> None:
    """Each document says which page it is from."""

    async def scenario() -> None:
        async with discord() as client:
            found = [
                (await client.get(f"{base}/{name}.json")).json["page"]["name"]
                for base in (client.service.status_url, client.service.cloudflare_status_url)
            ]

            assert found == ["Discord", "Cloudflare"]

    asyncio.run(scenario())


def test_a_status_page_can_report_an_outage() -> None:
    """Indicator, components and incidents then agree; the other page stays well."""

    async def scenario() -> None:
        async with discord() as client:
            client.service.discord_page.set(Indicator.MAJOR)
            summary = (await client.get(f"{client.service.status_url}/summary.json")).json
            other = (await client.get(f"{client.service.cloudflare_status_url}/status.json")).json

            assert summary["status"]["indicator"] == "major"
            assert {one["status"] for one in summary["components"]} == {"partial_outage"}
            assert [one["impact"] for one in summary["incidents"]] == ["major"]
            assert other["status"]["indicator"] == "none"

    asyncio.run(scenario())


def test_the_control_probe_answers_like_cloudflares_trace() -> None:
    """Lines of key and value, with a data centre in them."""

    async def scenario() -> None:
        async with discord() as client:
            answer = await client.get(client.service.control_probe_url)
            lines = dict(line.split("=", 1) for line in answer.text.splitlines())

            assert answer.status == 200
            assert lines["colo"]

    asyncio.run(scenario())
