"""The double of Statuspage's API: pages, their components, and incidents that are begun and changed."""

from __future__ import annotations

import json
import secrets
import string
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from sandbox.channels.incidents import Incident, Unprocessable, begun, changed
from sandbox.channels.trouble import Troubles

_MOST_KEPT = 1_000
_ALPHABET = string.ascii_lowercase + string.digits
_SCHEME = "OAuth "

_PER_MINUTE = 60  # one a second for each key, over a window of a minute
_TOO_MANY = 420

Answer = tuple[int, Any]
Show = Callable[["Page", web.Request, bytes], Answer]


@dataclass(slots=True)
class Page:
    """A page with one component and its incidents, and the API key that reads and changes them."""

    id: str
    component: str
    key: str = field(repr=False)
    made: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))
    status: str = "operational"
    incidents: dict[str, Incident] = field(default_factory=dict)
    asked: deque[float] = field(default_factory=lambda: deque(maxlen=_PER_MINUTE))

    def takes(self, now: float) -> bool:
        """Whether the key may ask once more."""
        if len(self.asked) == _PER_MINUTE and now - self.asked[0] < _PER_MINUTE:
            return False
        self.asked.append(now)
        return True


class Statuspage:
    """The pages. ``received`` is what was asked, oldest first."""

    def __init__(self, troubles: Troubles | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._troubles = troubles or Troubles()
        self._clock = clock
        self._pages: dict[str, Page] = {}
        self.received: deque[dict[str, Any]] = deque(maxlen=_MOST_KEPT)

    def bind(self, app: web.Application, prefix: str) -> None:
        """Make the application answer as Statuspage below ``prefix``."""
        page = f"{prefix}/pages/{{page}}"
        for method, path, show in (
            ("GET", page, _page),
            ("GET", f"{page}/components/{{component}}", _component),
            ("GET", f"{page}/incidents", _incidents),
            ("POST", f"{page}/incidents", _begin),
            ("GET", f"{page}/incidents/{{incident}}", _incident),
            ("PATCH", f"{page}/incidents/{{incident}}", _change),
        ):
            app.router.add_route(method, path, self._troubles.guard("statuspage", self._guarded(show)))

    def incidents(self) -> list[dict[str, Any]]:
        """All incidents, with what became of the component and how many mails went out."""
        return [
            {**each.as_json(page.id), "mails": each.mails, "component": page.status}
            for page in self._pages.values()
            for each in page.incidents.values()
        ]

    def new_page(self) -> Page:
        """One more page, with a key of its own."""
        page = Page(_letters(12), _letters(12), secrets.token_hex(32))
        self._pages[page.id] = page
        return page

    def _guarded(self, show: Show) -> Callable[[web.Request], Awaitable[web.Response]]:
        """``show`` for who has the key of the page; a key of another page's does not see it."""

        async def serve(request: web.Request) -> web.Response:
            sent = await request.read()
            status, body = self._answer(show, request, sent)
            asked = {"asked": f"{request.method} {request.path}", "answer": status}
            self.received.append({**asked, "body": sent.decode(errors="replace")} if sent else asked)
            return web.json_response(body, status=status)

        return serve

    def _answer(self, show: Show, request: web.Request, sent: bytes) -> Answer:
        given = request.headers.get("Authorization", "")
        known = [each for each in self._pages.values() if given == _SCHEME + each.key]
        if not known:
            return 401, {"error": "Could not authenticate"}
        if not known[0].takes(self._clock()):
            return _TOO_MANY, {"error": "Rate limit exceeded"}
        page = next((each for each in known if each.id == request.match_info["page"]), None)
        if page is None:
            return _NOT_FOUND
        try:
            return show(page, request, sent)
        except Unprocessable as error:
            return 422, {"error": error.complaints}


_NOT_FOUND: Answer = (404, {"error": "Not found"})


def _page(page: Page, _request: web.Request, _sent: bytes) -> Answer:
    return 200, {
        "id": page.id,
        "created_at": page.made,
        "updated_at": page.made,
        "name": "Bot",
        "subdomain": "bot",
        "url": "https://bot.statuspage.io",
        "time_zone": "UTC",
    }


def _component(page: Page, request: web.Request, _sent: bytes) -> Answer:
    if request.match_info["component"] != page.component:
        return _NOT_FOUND
    return 200, {
        "id": page.component,
        "page_id": page.id,
        "group_id": None,
        "created_at": page.made,
        "updated_at": page.made,
        "group": False,
        "name": "Commands",
        "description": None,
        "position": 1,
        "status": page.status,
    }


def _begin(page: Page, _request: web.Request, sent: bytes) -> Answer:
    members = _sent(sent)
    if members is None:
        return 400, {"error": "Bad request"}
    incident = begun(members.get("incident"), page.component)
    page.incidents[incident.id] = incident
    _concern(page, members["incident"])
    return 201, incident.as_json(page.id)


def _incidents(page: Page, request: web.Request, _sent: bytes) -> Answer:
    """The newest first."""
    limit = request.query.get("limit", "100")
    newest = list(reversed(page.incidents.values()))[: int(limit) if limit.isdecimal() else 100]
    return 200, [each.as_json(page.id) for each in newest]


def _incident(page: Page, request: web.Request, _sent: bytes) -> Answer:
    incident = page.incidents.get(request.match_info["incident"])
    return (200, incident.as_json(page.id)) if incident else _NOT_FOUND


def _change(page: Page, request: web.Request, sent: bytes) -> Answer:
    incident, members = page.incidents.get(request.match_info["incident"]), _sent(sent)
    if incident is None:
        return _NOT_FOUND
    if members is None:
        return 400, {"error": "Bad request"}
    changed(incident, members.get("incident"), page.component)
    _concern(page, members["incident"])
    return 200, incident.as_json(page.id)


def _concern(page: Page, incident: dict[str, Any]) -> None:
    """The component gets the status that an incident gives it."""
    page.status = incident.get("components", {}).get(page.component, page.status)


def _sent(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _letters(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
