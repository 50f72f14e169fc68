"""Status pages in Statuspage's shape, and the address that a control probe asks."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from aiohttp import web


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Indicator(Enum):
    """How bad it is; the value is Statuspage's word."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


_DESCRIPTIONS = {
    Indicator.NONE: "All Systems Operational",
    Indicator.MINOR: "Partially Degraded Service",
    Indicator.MAJOR: "Partial System Outage",
    Indicator.CRITICAL: "Major Service Outage",
}
_COMPONENT_STATUS = {
    Indicator.NONE: "operational",
    Indicator.MINOR: "degraded_performance",
    Indicator.MAJOR: "partial_outage",
    Indicator.CRITICAL: "major_outage",
}


@dataclass(slots=True)
class StatusPage:
    """One page; ``indicator`` is what it says now, ``began`` since when."""

    id: str
    name: str
    url: str
    components: Sequence[str]
    indicator: Indicator = Indicator.NONE
    began: str = field(default_factory=_now)

    def set(self, indicator: Indicator) -> None:
        """Says something else from now on."""
        self.indicator, self.began = indicator, _now()

    def document(self, name: str) -> dict[str, Any] | None:
        """The document of that name, or None when the page has no such."""
        parts = {
            "status": ("status",),
            "summary": ("components", "incidents", "scheduled_maintenances", "status"),
            "components": ("components",),
            "incidents/unresolved": ("incidents",),
        }.get(name)
        return None if parts is None else {"page": self._page(), **{part: self._part(part) for part in parts}}

    def _part(self, part: str) -> Any:
        match part:
            case "status":
                return {"indicator": self.indicator.value, "description": _DESCRIPTIONS[self.indicator]}
            case "components":
                return [self._component(at, name) for at, name in enumerate(self.components, start=1)]
            case "incidents":
                return [] if self.indicator is Indicator.NONE else [self._incident()]
            case _:
                return []

    def _page(self) -> dict[str, str]:
        return {
            "id": self.id,
            "name": self.name,
            "url": self.url,
            "time_zone": "Etc/UTC",
            "updated_at": self.began,
        }

    def _component(self, position: int, name: str) -> dict[str, Any]:
        return {
            "id": f"{self.id}{position}",
            "name": name,
            "status": _COMPONENT_STATUS[self.indicator],
            "position": position,
            "page_id": self.id,
            "group": False,
            "updated_at": self.began,
        }

    def _incident(self) -> dict[str, Any]:
        return {
            "id": f"{self.id}i",
            "name": f"{_DESCRIPTIONS[self.indicator]} of {self.name}",
            "status": "investigating",
            "impact": self.indicator.value,
            "created_at": self.began,
            "updated_at": self.began,
            "started_at": self.began,
            "resolved_at": None,
            "page_id": self.id,
            "incident_updates": [],
        }


def discord_page() -> StatusPage:
    """Discord's page, all well."""
    return StatusPage(
        "srhpyqt94yxb", "Discord", "https://discordstatus.com", ("API", "Gateway", "Interactions")
    )


def cloudflare_page() -> StatusPage:
    """Cloudflare's page, all well."""
    components = ("Workers", "API", "CDN/Cache", "DNS")
    return StatusPage("yh6f0r4529hb", "Cloudflare", "https://www.cloudflarestatus.com", components)


def status_app(page: StatusPage) -> web.Application:
    """Serves the page's documents as ``NAME.json``."""

    async def serve(request: web.Request) -> web.Response:
        document = page.document(request.match_info["name"])
        if document is None:
            return web.json_response({"error": "not found"}, status=404)
        return web.json_response(document)

    app = web.Application()
    app.router.add_get("/{name:.+}.json", serve)
    return app


async def trace(request: web.Request) -> web.Response:
    """Cloudflare's ``/cdn-cgi/trace``: lines of ``key=value``."""
    lines = {
        "fl": "0f0",
        "h": request.host,
        "ip": request.remote or "",
        "ts": f"{time.time():.3f}",
        "visit_scheme": request.scheme,
        "uag": request.headers.get("User-Agent", ""),
        "colo": "LOC",
        "http": "http/1.1",
    }
    return web.Response(text="".join(f"{key}={value}\n" for key, value in lines.items()))
