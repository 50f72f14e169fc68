"""Each fault changes what its manifest says around any bot, and nothing else."""

from __future__ import annotations

import asyncio
import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.sandbox.bot_peers import PROTECTION, Peer, peer_of
from tests.sandbox.bot_workers import BOTS, FAULTS, REFERENCE, Bot

_SEVERITIES = ("critical", "high", "medium", "low")
_PING = b'{"type": 1}'
_both = pytest.mark.parametrize("bot", BOTS, ids=lambda bot: bot.name)


async def _ping(peer: Peer) -> int:
    return (await peer.signed(_PING)).status


async def _bare(peer: Peer, path: str) -> set[str]:
    headers = (await peer.ask("GET", path)).headers
    return {name for name in PROTECTION if name not in headers}


@pytest.mark.parametrize("shim", sorted(FAULTS.glob("*.js")), ids=lambda shim: shim.stem)
def test_each_fault_has_a_manifest(shim: Path) -> None:
    """It says what changes, who must notice, and how bad it is."""
    manifest = tomllib.loads(shim.with_suffix(".toml").read_text(encoding="utf-8"))

    assert set(manifest) - {"bots", "needs"} == {"changes", "noticed_by", "severity"}
    # one of the proof's two: only one of them follows up, and only the other one posts
    assert manifest.get("bots", ["typescript"]) in (["typescript"], ["reference"])
    assert set(manifest.get("needs", ["health"])) == {"health"}
    assert manifest["changes"].endswith(".")
    assert len(manifest["noticed_by"]) == len(set(manifest["noticed_by"])) > 0
    assert manifest["severity"] in _SEVERITIES


@_both
def test_health_503(bot: Bot, tmp_path: Path) -> None:
    """The health answer turns to its opposite and keeps its other members; interactions are served."""

    async def scenario() -> None:
        async with peer_of(bot, tmp_path) as peer:
            before = json.loads((await peer.ask("GET", bot.health)).text)
        async with peer_of(bot, tmp_path, fault="health-503") as peer:
            answer = await peer.ask("GET", bot.health)
            health = json.loads(answer.text)

            assert (answer.status, health["status"]) == (503, "unhealthy")
            assert health.get("ok", False) is False
            assert set(before) <= set(health)
            assert answer.headers["Content-Type"].startswith("application/json")
            assert await _bare(peer, bot.health) == set()
            assert await _ping(peer) == 200
            assert (await peer.ask("GET", "/nothing")).status == 404

    asyncio.run(scenario())


@_both
def test_discord_rejects_signatures(bot: Bot, tmp_path: Path) -> None:
    """What Discord signs is rejected by the bot itself; health and headers are as before."""

    async def scenario() -> None:
        async with peer_of(bot, tmp_path, fault="discord-rejects-signatures") as peer:
            rejected = await peer.signed(_PING)
            unsigned = await peer.post(_PING, {})

            assert (rejected.status, unsigned.status) == (401, 401)
            assert rejected.text == unsigned.text
            assert (await peer.ask("GET", bot.health)).status == 200
            assert await _bare(peer, bot.health) == set()

    asyncio.run(scenario())


@_both
def test_security_headers_missing(bot: Bot, tmp_path: Path) -> None:
    """No answer of any kind carries them; status and content are as before."""

    async def scenario() -> None:
        async with peer_of(bot, tmp_path, fault="security-headers-missing") as peer:
            for path in (bot.health, "/nothing"):
                assert await _bare(peer, path) == set(PROTECTION)
            assert (await peer.ask("GET", bot.health)).status == 200
            assert await _ping(peer) == 200

    asyncio.run(scenario())


_APP = """
class App {
  #greeting = "hello";
  fetch(request, env, ctx) { return Response.json({ greeting: this.#greeting, here: ctx !== undefined }); }
  scheduled() { return this.#greeting; }
}
export default new App();
"""
_PLAIN = """
export default {
  greeting: "hello",
  async fetch() { return Response.json({ greeting: this.greeting }); },
};
"""


@pytest.mark.parametrize("source", [_APP, _PLAIN], ids=["app", "plain"])
def test_mains_that_need_their_this(source: str, tmp_path: Path) -> None:
    """An app made of a class with private members, and an object that uses `this`, are wrapped as well."""
    main = tmp_path / "main.js"
    main.write_text(source, encoding="utf-8")
    bot = replace(REFERENCE, name="own", main=main)

    async def scenario() -> None:
        async with peer_of(bot, tmp_path, fault="health-503") as peer:
            answer = await peer.ask("GET", "/")

            assert answer.status == 503
            assert json.loads(answer.text)["greeting"] == "hello"

    asyncio.run(scenario())
