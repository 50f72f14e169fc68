"""What a service says of itself on its status page, in Statuspage's format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backstop.model.errors import CouldNotLook
from backstop.probes.limits import Limits
from backstop.probes.prober import Prober
from backstop.probes.rest import Rest

LIMITS = Limits(total=5.0, connect=3.0)
_OK = 200
_CALM = "none"
_LARGE = frozenset({"major", "critical"})
_INDICATORS = frozenset({_CALM, "minor", "maintenance"}) | _LARGE
_LONGEST = 200  # characters of a description; a page has some five words


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
        reply = rest.call("GET", "/status.json")
    finally:
        rest.close()
    if reply.status != _OK:
        to = reply.answer.header("location")
        elsewhere = f" and leads to {_shown(to)}, where nobody was asked" if to else ""
        message = f"{who} answered {reply.status}{elsewhere}; wanted 200 with a status"
        raise CouldNotLook(message, remedy="is that the address of the page's API?")
    return status_page(who, reply.content)


def status_page(who: str, content: Any) -> StatusPage:
    """The page from its JSON. Raises CouldNotLook when that is something else.

    An indicator that the format does not have says neither that all is well nor that it is not.
    """
    status = content.get("status") if isinstance(content, dict) else None
    indicator = status.get("indicator") if isinstance(status, dict) else None
    if not isinstance(status, dict) or not isinstance(indicator, str):
        message = f"{who} answered {_shown(content)!r}; wanted a status with its indicator"
        raise CouldNotLook(message, remedy="look at it in a browser")
    if indicator.lower() not in _INDICATORS:
        known = ", ".join(sorted(_INDICATORS))
        message = f"{who} has the indicator {_shown(indicator)!r}; wanted one of {known}"
        raise CouldNotLook(message, remedy="look at it in a browser")
    return StatusPage(indicator.lower(), _shown(status.get("description") or "no more words"))


def _shown(value: object) -> str:
    """What somebody else has written, on one line and not too long."""
    return "".join(char if char.isprintable() else " " for char in str(value)[:_LONGEST]).strip()
