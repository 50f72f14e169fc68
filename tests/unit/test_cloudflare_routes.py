"""The routes of a zone that lead to a worker, found by the host name of its address."""

from __future__ import annotations

import pytest

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.refusals import NotPermitted
from backstop.model.target import Secret
from tests.unit.loopback import Canned, api

TOKEN = Secret("CLOUDFLARE_API_TOKEN", "tok-en")
ROUTES = "GET /zones/z1/workers/routes"
LISTED = [
    {"id": "r1", "pattern": "bot.example.co.uk/*", "script": "bot"},
    {"id": "r2", "pattern": "other.example.co.uk/*", "script": "other"},
    {"id": "r3", "pattern": "static.example.co.uk/*"},
]


def _ok(result: object) -> tuple[int, object]:
    return 200, {"success": True, "errors": [], "messages": [], "result": result}


def _zones(*shown: str) -> dict[str, tuple[int, object]]:
    """What an account says that has the zones ``shown`` and no others of these."""
    names = ("bot.example.co.uk", "example.co.uk", "co.uk")
    return {f"GET /zones?name={name}": _ok([{"id": "z1"}] if name in shown else []) for name in names}


def _client(canned: Canned) -> CloudflareApi:
    return CloudflareApi(canned.url, TOKEN, "acc")


def test_the_longest_name_that_is_a_zone_counts() -> None:
    """A zone may have more than two labels; what is shorter is not asked for then."""
    with api(_zones("example.co.uk") | {ROUTES: _ok(LISTED)}) as canned, _client(canned) as client:
        zone = client.zone_of("bot.example.co.uk")
        found = client.routes(zone or "", "bot")

    assert ("z1", ("bot.example.co.uk/*",)) == (zone, found)
    assert "GET /zones?name=co.uk" not in canned.asked


@pytest.mark.parametrize("host", ["bot.example.co.uk", "localhost", ""])
def test_a_name_that_lies_in_no_zone(host: str) -> None:
    """Or in one that the token is not shown, which Cloudflare does not tell apart."""
    with api(_zones()) as canned, _client(canned) as client:
        assert client.zone_of(host) is None


def test_a_token_that_may_not_read_routes_is_told_so() -> None:
    """With the permission that it lacks."""
    refused = 403, {"success": False, "errors": [{"code": 10000, "message": "no"}], "result": None}
    with (
        api({ROUTES: refused}) as canned,
        _client(canned) as client,
        pytest.raises(NotPermitted, match="Routes"),
    ):
        client.routes("z1", "bot")
