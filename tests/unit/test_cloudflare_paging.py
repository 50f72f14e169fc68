"""A history that is handed out in pages: read to its end, or cut with a word of why."""

from __future__ import annotations

from typing import Any

import pytest

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.paging import MOST_PAGES, Listed
from backstop.model.errors import CouldNotLook
from backstop.model.target import Secret
from backstop.model.version import Deployment, VersionId
from tests.unit.loopback import api

VERSION = VersionId("71570803-d6b0-4a51-b97f-42fadb8da7e1")
PATH = "GET /accounts/acc/workers/scripts/bot/deployments"
FAILED = (500, b"{}")


def _entry(minute: int) -> dict[str, Any]:
    served = [{"version_id": VERSION, "percentage": 100}]
    return {"id": f"d{minute}", "created_on": f"2026-01-31T12:{minute:02}:00Z", "versions": served}


def _page(*minutes: int, **info: object) -> tuple[int, object]:
    result = {"deployments": [_entry(minute) for minute in minutes]}
    return 200, {"success": True, "errors": [], "messages": [], "result": result, "result_info": info}


def _read(*pages: tuple[int, object]) -> tuple[Listed[Deployment], int]:
    """The history, and how often was asked; the last page is that of every number from there on."""
    numbers = range(2, MOST_PAGES + 2)
    later = {f"{PATH}?page={number}&per_page=2": pages[min(number, len(pages)) - 1] for number in numbers}
    with (
        api({PATH: pages[0], **later}) as canned,
        CloudflareApi(canned.url, Secret("CLOUDFLARE_API_TOKEN", "t"), "acc") as cloudflare,
    ):
        return cloudflare.whole_history("bot"), len(canned.asked)


TOTAL, SIZED = {"per_page": 2, "total_count": 5}, {"per_page": 2}
WHOLE = [
    pytest.param([_page(9, 8, **TOTAL), _page(7, 6, **TOTAL), _page(5, **TOTAL)], 5, id="by their number"),
    pytest.param([_page(9, 8, **SIZED), _page(7, 6, **SIZED), _page(5, **SIZED)], 5, id="by a shorter page"),
    pytest.param([_page(9, 8, **SIZED), _page(**SIZED)], 2, id="by an empty page"),
    pytest.param(
        [_page(9, 8, per_page=2, total_pages=2), _page(7, per_page=2, total_pages=2)], 3, id="by pages"
    ),
    pytest.param(
        [_page(9, 8, **TOTAL), _page(8, 7, **TOTAL), _page(6, 5, **TOTAL)], 5, id="shifted meanwhile"
    ),
]


@pytest.mark.parametrize(("pages", "shown"), WHOLE)
def test_pages_are_followed_to_the_end(pages: list[tuple[int, object]], shown: int) -> None:
    """Each entry once, the newest first, and nothing is said to be missing."""
    found, asked = _read(*pages)

    assert ("", shown) == (found.cut, len(found.entries))
    assert sorted((each.created for each in found.entries), reverse=True) == [
        e.created for e in found.entries
    ]
    assert len(pages) == asked


@pytest.mark.parametrize(
    "info",
    [{}, {"per_page": 20}, {"total_count": 2}, {"per_page": "2", "total_count": True}, {"per_page": -2}],
)
def test_what_says_nothing_of_more_is_whole(info: dict[str, object]) -> None:
    """As it always was so far: one request, for what wrangler would show."""
    found, asked = _read(_page(9, 8, **info))

    assert ("", 2, 1) == (found.cut, len(found.entries), asked)


CUT = [
    pytest.param([_page(9, 8, **TOTAL)], "page 2 of it repeats what was read before", 2, id="repeated"),
    pytest.param(
        [_page(9, 8, **SIZED)], "page 2 of it repeats what was read before", 2, id="page is ignored"
    ),
    pytest.param([_page(9, 8, **TOTAL), _page(**TOTAL)], "page 2 of it is empty", 2, id="empty"),
    pytest.param([_page(9, 8, **TOTAL), FAILED], "page 2 of it could not be read", 2, id="no answer"),
    pytest.param(
        [_page(59 - 2 * n, 58 - 2 * n, per_page=2, total_count=10**9) for n in range(MOST_PAGES)],
        f"only its {MOST_PAGES} newest pages were read",
        2 * MOST_PAGES,
        id="endless",
    ),
]


@pytest.mark.parametrize(("pages", "says", "shown"), CUT)
def test_what_does_not_come_is_cut(pages: list[tuple[int, object]], says: str, shown: int) -> None:
    """What was read stays, and why there may be more is said."""
    found, asked = _read(*pages)

    assert says in found.cut
    assert shown == len(found.entries)
    assert asked <= MOST_PAGES + 1  # one read that failed is tried again


def test_the_first_page_must_be_the_newest() -> None:
    """Of a history that begins with its oldest, nobody has seen what serves."""
    with pytest.raises(CouldNotLook, match="begins with its oldest deployment"):
        _read(_page(5, 6, **TOTAL), _page(7, 8, **TOTAL))
    with pytest.raises(CouldNotLook, match="in no order"):
        _read(_page(6, 5, **TOTAL), _page(9, 8, **TOTAL))
