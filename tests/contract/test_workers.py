"""Rules of the double that would be slow to show over real processes, on an edge that only says yes."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp.test_utils import TestClient, TestServer

from sandbox.api.app import Unknown, build
from sandbox.api.errors import ApiError, Code
from sandbox.api.faults import Faults
from sandbox.api.models import (
    NEWEST_DEPLOYABLE,
    Account,
    Annotations,
    Permission,
    Share,
    Source,
    Store,
    Token,
)
from sandbox.api.models import Code as Modules
from sandbox.api.ports import Nowhere
from sandbox.api.routes import BASE
from sandbox.api.tails import TailDesk
from sandbox.api.upload import Upload
from sandbox.api.workers import Workers
from sandbox.distance import Distance
from sandbox.edge.script import Module
from sandbox.edge.tails import Tails

UPLOAD = Upload(Modules("index.js", (Module("index.js", "application/javascript+module", b"export {}"),)), {})
ACCOUNT = Account("0" * 32)
WRITTEN = Annotations("deployment")


def test_only_the_newest_hundred_can_be_deployed() -> None:
    """An older version is still known, but no deployment may name it, forced or not."""
    workers = Workers(Store(ACCOUNT, []), Nowhere())

    async def deploy_the_first_again() -> None:
        first = (await workers.put("bot", UPLOAD, Source.API)).versions[0]
        for _ in range(NEWEST_DEPLOYABLE):
            await workers.upload("bot", UPLOAD, Source.API)
        await workers.deploy("bot", [Share(first.id, 100)], WRITTEN, Source.API, force=True)

    with pytest.raises(ApiError) as caught:
        asyncio.run(deploy_the_first_again())

    bot = workers.get("bot")
    assert caught.value.code is Code.INVALID_DEPLOYMENT
    assert NEWEST_DEPLOYABLE == len(bot.deployable)
    assert 1 not in {version.number for version in bot.deployable}


def test_what_is_imagined_does_not_happen() -> None:
    """The world of a lie shares nothing with the real one."""
    workers = Workers(Store(ACCOUNT, []), Nowhere())
    asyncio.run(workers.put("bot", UPLOAD, Source.API))

    asyncio.run(workers.imagined().upload("bot", UPLOAD, Source.API))
    asyncio.run(workers.imagined().delete("bot"))

    assert 1 == len(workers.get("bot").versions)


@pytest.mark.parametrize(
    ("permissions", "statuses"),
    [
        (set(), [403, 403, 403]),
        ({Permission.USER_READ}, [200, 403, 403]),
        ({Permission.SCRIPTS_READ}, [403, 200, 403]),
        (set(Permission), [200, 200, 404]),
    ],
)
def test_a_token_may_do_what_it_is_permitted_to(permissions: set[Permission], statuses: list[int]) -> None:
    """A good token without the permission is turned away before anything is looked at."""
    store = Store(ACCOUNT, [Token("id", "value", frozenset(permissions))])
    app = build(Workers(store, Nowhere()), TailDesk(Tails()), Faults(), Unknown(), Distance())
    account = f"{BASE}/accounts/{ACCOUNT.id}"
    asked = [
        ("GET", f"{BASE}/user"),
        ("GET", f"{account}/workers/subdomain"),
        ("DELETE", f"{account}/workers/scripts/none"),
    ]

    async def ask() -> list[int]:
        async with TestClient(TestServer(app), headers={"Authorization": "Bearer value"}) as client:
            return [(await client.request(method, path)).status for method, path in asked]

    assert statuses == asyncio.run(ask())
