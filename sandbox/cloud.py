"""Wires the parts of the embedded cloud together: edge, API, Discord and the control endpoints."""

from __future__ import annotations

import secrets
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox.api.app import Unknown, build
from sandbox.api.faults import Faults
from sandbox.api.models import Account, Store, Token
from sandbox.api.routes import BASE
from sandbox.api.tails import TailDesk
from sandbox.api.workers import Workers
from sandbox.authority import Authority
from sandbox.bound import BoundTo
from sandbox.channels.desk import ChannelDesk
from sandbox.control import Control
from sandbox.discord.service import DiscordService
from sandbox.distance import Distance
from sandbox.edge.edge import Edge
from sandbox.furnish import Furnish
from sandbox.issue import Issue
from sandbox.login import Logins

_LOOPBACK = "127.0.0.1"
_STOP_S = 1.0


@dataclass(frozen=True, slots=True)
class Addresses:
    """Everything that a client of the sandbox must know; names are those of the ready line."""

    api: str
    control: str
    account: str
    token: str
    discord: str
    discord_status: str
    cloudflare_status: str
    control_probe: str
    application_id: str
    discord_token: str
    public_key: str
    signing_key: str
    channel: str

    def as_json(self) -> dict[str, str]:
        """The ready line's members."""
        return asdict(self)


class Cloud:
    """The embedded cloud as a context: inside of it everything is served, after it nothing is left."""

    def __init__(self, runtime_dir: Path, workerd: Path | None = None) -> None:
        self._runtime_dir, self._workerd = runtime_dir, workerd
        self._stack = AsyncExitStack()
        self._token = Token(id=secrets.token_hex(16), value=secrets.token_urlsafe(30))
        self._store = Store(Account(secrets.token_hex(16)), [self._token])
        self._distance, self._authority = Distance(), Authority()
        self._discord = DiscordService(self._distance, self._authority)

    async def __aenter__(self) -> Self:
        try:
            self.addresses = await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def _start(self) -> Addresses:
        self._stack.push_async_callback(self._discord.stop)
        await self._discord.start()
        outbound = (_LOOPBACK, self._discord.outbound_port)
        edge = Edge(outbound, self._runtime_dir, binary=self._workerd, authority=self._authority)
        self._stack.push_async_callback(edge.stop)
        await edge.start()
        return self._addresses(await self._serve(edge))

    async def _serve(self, edge: Edge) -> int:
        """Serve API and control on one port; which one."""
        desk, faults, unknowns = TailDesk(edge.tails), Faults(), Unknown()
        app = build(Workers(self._store, edge), desk, faults, unknowns, self._distance)
        Control(edge, self._discord, faults, unknowns, self._distance).bind(app)
        Furnish(self._store).bind(app)
        logins = Logins(self._store)
        logins.bind(app)
        Issue(self._store, logins).bind(app)
        BoundTo(self._store, edge).bind(app)
        ChannelDesk(self._discord.state).bind(app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_S)
        self._stack.push_async_callback(runner.cleanup)
        self._stack.push_async_callback(desk.stop)
        await runner.setup()
        await web.TCPSite(runner, _LOOPBACK, 0).start()
        return int(runner.addresses[0][1])

    def _addresses(self, port: int) -> Addresses:
        discord, credentials = self._discord, self._discord.credentials
        return Addresses(
            api=f"http://{_LOOPBACK}:{port}{BASE}",
            control=f"http://{_LOOPBACK}:{port}/sandbox",
            account=self._store.account.id,
            token=self._token.value,
            discord=discord.rest_url,
            discord_status=discord.status_url,
            cloudflare_status=discord.cloudflare_status_url,
            control_probe=discord.control_probe_url,
            application_id=credentials.application_id,
            discord_token=credentials.token,
            public_key=credentials.public_key,
            signing_key=credentials.signing_key,
            channel=credentials.channel,
        )
