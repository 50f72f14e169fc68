"""What a service says of itself on its status page, in Statuspage's format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backstop.model.errors import CouldNotLook
from backstop.probes.limits import Limits
from backstop.probes.prober import Prober
from backstop.probes.rest import Rest

LIMITS = Limits(total=5.0, connect=3.0)
_CALM = "none"
_LARGE = frozenset({"major", "critical"})


@dataclass(frozen=True, slots=True)
class StatusPage:
    """``indicator`` is none, minor, major, critical or maintenance; ``description`` is for people."""

    indicator: str
    description: str

    @property
    def well(self) -> bool:
        """Whether nothing is wrong."""
        return self.indicator == _CALM

    @property
    def outage(self) -> bool:
        """Whether so much is wrong that what is seen of a bot may be the service's doing."""
        return self.indicator in _LARGE


def read_status_page(who: str, base: str) -> StatusPage:
    """Ask ``base``/status.json. Raises CouldNotLook when there is no page of that format."""
    rest = Rest(who, Prober(base, limits=LIMITS))
    try:
        return status_page(who, rest.call("GET", "/status.json").content)
    finally:
        rest.close()


def status_page(who: str, content: Any) -> StatusPage:
    """The page from its JSON. Raises CouldNotLook when that is something else."""
    status = content.get("status") if isinstance(content, dict) else None
    if not isinstance(status, dict) or not isinstance(status.get("indicator"), str):
        message = f"{who} answered {str(content)[:120]!r}; wanted a status with its indicator"
        raise CouldNotLook(message, remedy="look at it in a browser")
    return StatusPage(status["indicator"], str(status.get("description", "")))
