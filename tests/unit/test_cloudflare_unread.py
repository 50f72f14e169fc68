"""A history with an entry that can't be read: what is newer is kept, and nothing is guessed of the rest."""

from __future__ import annotations

from typing import Any

import pytest

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.paging import Listed
from backstop.model.errors import CouldNotLook
from backstop.model.target import Secret
from backstop.model.version import Deployment
from tests.unit.loopback import api
from tests.unit.rollbacks import vid

PATH = "GET /accounts/acc/workers/scripts/bot/deployments"


def _entry(minute: int, **other: object) -> dict[str, Any]:
    served = [{"version_id": vid(minute), "percentage": 100}]
    made = {"id": f"d{minute}", "created_on": f"2026-01-31T12:{minute:02}:00Z", "versions": served}
    return {**made, **other}


def _read(*entries: object) -> Listed[Deployment]:
    body = {"success": True, "errors": [], "messages": [], "result": {"deployments": entries}}
    with (
        api({PATH: (200, body)}) as canned,
        CloudflareApi(canned.url, Secret("CLOUDFLARE_API_TOKEN", "t"), "acc") as cloudflare,
    ):
        return cloudflare.whole_history("bot")


UNREADABLE = [
    pytest.param(None, id="nothing"),
    pytest.param({}, id="empty"),
    pytest.param("d7", id="a text"),
    pytest.param(_entry(7, versions=[]), id="no versions"),
    pytest.param(_entry(7, versions=[{"version_id": "x", "percentage": 100}]), id="no version id"),
    pytest.param(_entry(7, versions=[{"version_id": vid(7), "percentage": 30}]), id="no whole"),
    pytest.param(_entry(7, created_on="once"), id="no time"),
    pytest.param(_entry(7, annotations=[]), id="odd notes"),
]


@pytest.mark.parametrize("odd", UNREADABLE)
def test_what_is_newer_than_an_unreadable_entry_is_kept(odd: object) -> None:
    """What is older is not: it is not known what came between. Whichever way the list runs."""
    for listed in ([_entry(9), _entry(8), odd, _entry(6)], [_entry(6), odd, _entry(8), _entry(9)]):
        found = _read(*listed)

        assert ["d9", "d8"] == [each.id for each in found.entries]
        assert "result.deployments[" in found.cut


@pytest.mark.parametrize("odd", UNREADABLE)
def test_the_newest_must_be_readable(odd: object) -> None:
    """It serves; and of two entries the one that can be read may be the older one."""
    for listed in ([odd, _entry(8), _entry(6)], [_entry(6), _entry(8), odd], [odd], [_entry(6), odd]):
        with pytest.raises(CouldNotLook, match="what Cloudflare answered can't be read"):
            _read(*listed)


def test_a_history_that_can_be_read_is_whole() -> None:
    """The other half of the pair."""
    found = _read(_entry(9), _entry(8), _entry(7), _entry(6))

    assert ("", 4) == (found.cut, len(found.entries))
