"""What a service says of itself on its status page, in Statuspage's format."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from backstop.model.errors import CouldNotLook
from backstop.probes.limits import Limits
from backstop.probes.prober import Prober
from backstop.probes.rest import Reply, Rest

LIMITS = Limits(total=5.0, connect=3.0, body=2 * 1024 * 1024)  # Cloudflare's has some 400 components
_OK = 200
_CALM = "none"
_LARGE = frozenset({"major", "critical"})
_INDICATORS = frozenset({_CALM, "minor", "maintenance"}) | _LARGE
_WELL = "operational"
_DOWN = "major_outage"
_CONDITIONS = frozenset({_WELL, "degraded_performance", "partial_outage", _DOWN, "under_maintenance"})
_OVER = frozenset({"resolved", "postmortem", "completed"})
_LONGEST = 200  # characters of a description; a page has some five words
_NAME = 60  # characters of a component's or an incident's name
_MOST = 2_000  # components or incidents of a page


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a service; ``condition`` is Statuspage's word for how it is."""

    name: str
    condition: str

    @property
    def well(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.condition == _WELL

    @property
    def down(self) -> bool:
        """Whether it is said not to work at all."""
        return self.condition == _DOWN


@dataclass(frozen=True, slots=True)
class StatusPage:
    """``indicator`` is none, minor, major, critical or maintenance; ``description`` is for people.

    ``components`` and ``incidents``, the names of those that are not over, are empty where it lists none.
    ``changed`` is when anything of it last changed: a page that is well may not change for weeks.
    ``asked`` is when it said all this, by its own clock, or else by ours.
    """

    indicator: str
    description: str
    components: tuple[Component, ...] = ()
    incidents: tuple[str, ...] = ()
    changed: datetime | None = None
    asked: datetime | None = None

    @property
    def well(self) -> bool:
        """Whether its headline says that nothing is wrong."""
        return self.indicator == _CALM

    @property
    def outage(self) -> bool:
        """Whether so much is wrong by its headline that what is seen of a bot may be the service's doing."""
        return self.indicator in _LARGE


def read_status_page(who: str, base: str) -> StatusPage:
    """Ask ``base``/status.json, and summary.json for the parts, as far as there is such a thing.

    Raises CouldNotLook when there is no page of that format.
    """
    with closing(Rest(who, Prober(base, limits=LIMITS))) as rest:
        reply = rest.call("GET", "/status.json")
        if reply.status != _OK:
            raise _no_page(who, reply)
        page = status_page(who, {**_summary(rest), **_object(reply.content)})
        return replace(page, asked=_asked(reply.answer.header("date") or ""))


def _asked(date: str) -> datetime:
    try:
        return parsedate_to_datetime(date).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return datetime.now(UTC)


def _summary(rest: Rest) -> dict[str, Any]:
    try:
        reply = rest.call("GET", "/summary.json")
    except CouldNotLook:
        return {}
    return _object(reply.content) if reply.status == _OK else {}


def _object(content: Any) -> dict[str, Any]:
    return content if isinstance(content, dict) else {}


def _no_page(who: str, reply: Reply) -> CouldNotLook:
    to = reply.answer.header("location")
    elsewhere = f" and leads to {_shown(to)}, where nobody was asked" if to else ""
    message = f"{who} answered {reply.status}{elsewhere}; wanted 200 with a status"
    return CouldNotLook(message, remedy="is that the address of the page's API?")


def status_page(who: str, content: Any) -> StatusPage:
    """The page from its JSON. Raises CouldNotLook when that is something else.

    An indicator that the format does not have says neither that all is well nor that it is not. What else of
    it can't be read is left out.
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
    return StatusPage(
        indicator.lower(),
        _shown(status.get("description") or "no more words"),
        tuple(_components(content)),
        tuple(_incidents(content)),
        _changed(content),
    )


def _components(content: dict[str, Any]) -> Iterator[Component]:
    """Those that are a part by themselves: a group is as its worst part is."""
    for each in _members(content, "components"):
        name, condition = each.get("name"), each.get("status")
        known = isinstance(name, str) and isinstance(condition, str) and condition.lower() in _CONDITIONS
        if known and each.get("group") is not True:
            yield Component(_shown(name, _NAME), str(condition).lower())


def _incidents(content: dict[str, Any]) -> Iterator[str]:
    for each in _members(content, "incidents"):
        if each.get("status") not in _OVER and not each.get("resolved_at"):
            yield _shown(each.get("name") or "an incident without a name", _NAME)


def _members(content: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    listed = content.get(name)
    if isinstance(listed, list):
        yield from (each for each in listed[:_MOST] if isinstance(each, dict))


def _changed(content: dict[str, Any]) -> datetime | None:
    page = content.get("page")
    text = page.get("updated_at") if isinstance(page, dict) else None
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)


def _shown(value: object, longest: int = _LONGEST) -> str:
    """What somebody else has written, on one line and not too long."""
    return "".join(char if char.isprintable() else " " for char in str(value)[:longest]).strip()
