"""The double of Statuspage's API, as far as it is read: pages and their components."""

from __future__ import annotations

import secrets
import string
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

_MOST_KEPT = 1_000
_ALPHABET = string.ascii_lowercase + string.digits
_SCHEME = "OAuth "

Show = Callable[["Page", web.Request], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Page:
    """A page with one component, and the API key that reads it."""

    id: str
    component: str
    key: str = field(repr=False)
    made: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))


class Statuspage:
    """The pages. ``received`` is what was asked, oldest first."""

    def __init__(self) -> None:
        self._pages: dict[str, Page] = {}
        self.received: deque[dict[str, Any]] = deque(maxlen=_MOST_KEPT)

    def bind(self, app: web.Application, prefix: str) -> None:
        """Make the application answer as Statuspage below ``prefix``."""
        app.router.add_get(f"{prefix}/pages/{{page}}", self._guarded(_page))
        app.router.add_get(f"{prefix}/pages/{{page}}/components/{{component}}", self._guarded(_component))

    def new_page(self) -> Page:
        """One more page, with a key of its own."""
        page = Page(_letters(12), _letters(12), secrets.token_hex(32))
        self._pages[page.id] = page
        return page

    def _guarded(self, show: Show) -> Callable[[web.Request], Awaitable[web.Response]]:
        """``show`` for who has the key of the page; a key of another page's does not see it."""

        async def serve(request: web.Request) -> web.Response:
            status, body = self._answer(show, request)
            self.received.append({"asked": f"{request.method} {request.path}", "answer": status})
            return web.json_response(body, status=status)

        return serve

    def _answer(self, show: Show, request: web.Request) -> tuple[int, dict[str, Any]]:
        given = request.headers.get("Authorization", "")
        known = [each for each in self._pages.values() if given == _SCHEME + each.key]
        if not known:
            return 401, {"error": "Could not authenticate"}
        page = next((each for each in known if each.id == request.match_info["page"]), None)
        found = show(page, request) if page else None
        return (200, found) if found else (404, {"error": "Not found"})


def _page(page: Page, _request: web.Request) -> dict[str, Any]:
    return {
        "id": page.id,
        "created_at": page.made,
        "updated_at": page.made,
        "name": "Bot",
        "subdomain": "bot",
        "url": "https://bot.statuspage.io",
        "time_zone": "UTC",
    }


def _component(page: Page, request: web.Request) -> dict[str, Any] | None:
    if request.match_info["component"] != page.component:
        return None
    return {
        "id": page.component,
        "page_id": page.id,
        "group_id": None,
        "created_at": page.made,
        "updated_at": page.made,
        "group": False,
        "name": "Commands",
        "description": None,
        "position": 1,
        "status": "operational",
    }


def _letters(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
