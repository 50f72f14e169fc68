"""The bots of this repository under real workerd, bare or wrapped in a fault, and nothing else.

Bundled by the esbuild that wrangler brings, with the alias that a fault is deployed with.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.discord.credentials import Credentials

ROOT = Path(__file__).resolve().parents[2]
FAULTS = ROOT / "sandbox" / "faults"
_LIMIT_S = 10.0
_ARM = platform.machine().lower() in ("arm64", "aarch64")
_SYSTEM = platform.system().lower()
_ESBUILD = ROOT / "node_modules/@esbuild" / f"{_SYSTEM}-{'arm64' if _ARM else 'x64'}" / "bin/esbuild"
_WORKERD = (
    ROOT / "node_modules/@cloudflare" / f"workerd-{_SYSTEM}-{'arm64' if _ARM else '64'}" / "bin/workerd"
)
_CONFIG = """
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "bot", worker = .bot),
    (name = "outbound", external = (address = "127.0.0.1:{outbound}", http = ())),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "bot")],
);
const bot :Workerd.Worker = (
  modules = [(name = "bot", esModule = embed "{bundle}")],
  compatibilityDate = "{date}",
  compatibilityFlags = {flags},
  bindings = [{bindings}],
  globalOutbound = "outbound",
);
"""


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot of this repository, and what a client must know of it."""

    name: str
    main: Path
    flags: tuple[str, ...]
    health: str
    interactions: str
    command: str


REFERENCE = Bot("reference", ROOT / "sandbox/bot/src/index.js", (), "/", "/", "register")
SECOND = Bot(
    "typescript",
    ROOT / "tests/bots/typescript/src/index.ts",
    ("nodejs_compat",),
    "/healthz",
    "/interactions",
    "ping",
)
BOTS = (REFERENCE, SECOND)


def bindings(credentials: Credentials) -> dict[str, str]:
    """The secrets and variables with which both bots are complete."""
    return {
        "DISCORD_TOKEN": credentials.token,
        "DISCORD_PUBLIC_KEY": credentials.public_key,
        "DISCORD_APPLICATION_ID": credentials.application_id,
        "REGISTER_CHANNEL_ID": credentials.channel,
        "ENVIRONMENT": "test",
    }


@asynccontextmanager
async def running(
    bot: Bot, directory: Path, outbound: int, env: Mapping[str, str], fault: str = ""
) -> AsyncIterator[str]:
    """The address of the bot while it runs; its outgoing requests go to that port of loopback."""
    config = _configure(bot, directory, outbound, env, fault)
    reader, writer = os.pipe()
    command = [str(_WORKERD), "serve", str(config), f"--control-fd={writer}"]
    process = await asyncio.create_subprocess_exec(*command, pass_fds=[writer], stdout=subprocess.DEVNULL)
    os.close(writer)
    try:
        yield f"http://127.0.0.1:{await asyncio.wait_for(_port(reader), _LIMIT_S)}"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def _configure(bot: Bot, directory: Path, outbound: int, env: Mapping[str, str], fault: str) -> Path:
    bundle = _bundle(bot, directory, fault)
    texts = [f"(name = {json.dumps(name)}, text = {json.dumps(value)})" for name, value in env.items()]
    metadata = json.dumps(json.dumps({"id": "version-1", "tag": "v1", "timestamp": ""}))
    text = _CONFIG.format(
        outbound=outbound,
        bundle=bundle.name,
        date="2026-09-01",
        flags=json.dumps(list(bot.flags)),
        bindings=", ".join([*texts, f'(name = "CF_VERSION_METADATA", json = {metadata})']),
    )
    config = directory / f"{bundle.stem}.capnp"
    config.write_text(text, encoding="utf-8")
    return config


def _bundle(bot: Bot, directory: Path, fault: str) -> Path:
    entry = FAULTS / f"{fault}.js" if fault else bot.main
    out = directory / f"{bot.name}-{fault or 'plain'}.mjs"
    command = [
        str(_ESBUILD),
        str(entry),
        "--bundle",
        "--format=esm",
        "--external:cloudflare:*",
        "--external:node:*",
        "--external:crypto",
        f"--alias:the-bot={bot.main}",
        f"--outfile={out}",
        "--log-level=warning",
    ]
    subprocess.run(command, check=True, timeout=_LIMIT_S, capture_output=True)
    return out


async def _port(descriptor: int) -> int:
    """The port of the one socket, from the line that workerd writes when it listens."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb")
    )
    try:
        line = await reader.readline()
    finally:
        transport.close()
    return int(json.loads(line)["port"])
