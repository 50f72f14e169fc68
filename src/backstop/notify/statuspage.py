"""Statuspage: one public incident, from investigating to resolved, and the component that it concerns.

Fields and words: developer.statuspage.io, "Incidents".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from backstop.model.http import Answer, Request
from backstop.model.severity import Severity
from backstop.model.target import Secret
from backstop.model.target import Statuspage as Page
from backstop.notify.escape import clipped
from backstop.notify.notifier import (
    JSON,
    Known,
    Letter,
    Refusal,
    Taken,
    refused,
    strange,
    unset,
)
from backstop.notify.occasion import CLOSING, Occasion

_NAME, _BODY = 255, 25_000
_CREATED, _OK, _NOT_FOUND = 201, 200, 404
_OURS, _MARK = "backstop", "message"  # where the mark lies in an incident's metadata: an object of objects
_NEWEST = 10  # incidents, to find one of seconds ago
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_WHY = {400: "could not read the message", 401: "does not take the API key", 403: "does not take the API key"}
_STATUS: Mapping[Occasion, str] = MappingProxyType(
    {
        Occasion.ALERT_RAISED: "investigating",
        Occasion.INITIATED: "investigating",
        Occasion.ROLLED_BACK: "identified",
        Occasion.COMPLETED: "monitoring",
        Occasion.FAILED: "investigating",
        Occasion.RESOLVED: "resolved",
        Occasion.ALERT_RESOLVED: "resolved",
        Occasion.DRILL_BEGUN: "investigating",
        Occasion.DRILL_ENDED: "resolved",
    }
)
_OPENS = frozenset({Occasion.INITIATED, Occasion.DRILL_BEGUN, Occasion.ALERT_RAISED})
_WELL_AGAIN = frozenset({Occasion.COMPLETED, *CLOSING})
_QUIET = frozenset({Occasion.ROLLED_BACK})  # a step that is over in seconds: no mail of its own
_HARM: Mapping[Severity, tuple[str, str]] = MappingProxyType(
    {  # the component's status, and the incident's impact
        Severity.CRITICAL: ("major_outage", "critical"),
        Severity.HIGH: ("partial_outage", "major"),
    }
)
_LITTLE_HARM = ("degraded_performance", "minor")  # as in the procedure, where nothing was assessed


@dataclass(frozen=True, slots=True)
class Statuspage:
    """One page, and the component on it that is the bot."""

    page: Page
    name: str = "statuspage"
    goes_on_unseen: bool = False  # a second public incident would be worse than one that somebody must close

    @property
    def problem(self) -> str:
        """Why there is no key."""
        return unset(self.page.token, self.page.source, self.page.wrong)

    @property
    def headers(self) -> Sequence[tuple[str, Secret | str]]:
        """The key."""
        token = self.page.token
        return (("Authorization", Secret(token.name, f"OAuth {token.value}")),) if token else ()

    def hears(self, occasion: Occasion, known: Known | None) -> bool:
        """Each status of an incident, which only what begins one opens."""
        return occasion in _STATUS and (known is not None or occasion in _OPENS)

    def request(self, letter: Letter, known: Known | None) -> Request:
        """An incident, or the next update of the one that is there."""
        component, impact = _HARM.get(letter.severity, _LITTLE_HARM)
        if letter.occasion in _WELL_AGAIN:
            component = "operational"
        over = letter.drill and letter.occasion is Occasion.COMPLETED  # nobody watches on after practice
        incident: dict[str, Any] = {
            "name": clipped(letter.title, _NAME),
            "status": "resolved" if over else _STATUS[letter.occasion],
            "body": clipped(letter.words.text or letter.title, _BODY),
            "components": {self.page.component: component},
            "component_ids": [self.page.component],
            "deliver_notifications": self.page.deliver_notifications and letter.occasion not in _QUIET,
        }
        if letter.mark:
            incident["metadata"] = {_OURS: {_MARK: letter.mark}}
        if known is not None and known.id:
            return Request("PATCH", f"{self._incidents}/{known.id}", JSON, _sent(incident))
        return Request("POST", self._incidents, JSON, _sent({**incident, "impact_override": impact}))

    def seek(self, letter: Letter, known: Known | None) -> Request | None:
        """The incident that was to be updated, or the newest ones, of which a new one is one.

        Each update is an entry of its own that everybody sees, and may be a mail.
        """
        del letter
        end = f"/{known.id}" if known and known.id else f"?limit={_NEWEST}"
        return Request("GET", f"{self._incidents}{end}")

    def sought(self, answer: Answer, letter: Letter, known: Known | None) -> Taken | Refusal:
        """It has arrived where an incident has its mark."""
        listed = _incidents(answer)
        if listed is None:
            return Refusal("nobody can tell whether it is there", perhaps=True)
        marked = next((each for each in listed if _mark_of(each) == letter.mark), None)
        if marked is None:
            return Refusal("it is not there", again=True)
        return Taken("updated" if known and known.id else "posted", str(marked["id"]))

    def read(self, answer: Answer, known: Known | None) -> Taken | Refusal:
        """The incident itself is the proof; its id is for the next update."""
        found = answer.members()
        if found is None:
            well = answer.status in {_OK, _CREATED}
            return strange("Statuspage", answer) if well else refused("Statuspage", answer)
        if answer.status in {_OK, _CREATED}:
            how = "updated" if known and known.id else "posted"
            return Taken(how, found["id"]) if _is_incident(found) else strange("Statuspage", answer)
        if answer.status == _NOT_FOUND:
            gone = bool(known and known.id)
            what = "the incident, the page" if gone else "the page"
            return Refusal(f"Statuspage does not have {what} or the component (404)", gone=gone)
        if answer.status in _WHY:
            return Refusal(f"Statuspage {_WHY[answer.status]} ({answer.status})")
        return refused("Statuspage", answer)

    @property
    def _incidents(self) -> str:
        return f"{self.page.api}/pages/{self.page.page}/incidents"


def _incidents(answer: Answer) -> list[Mapping[str, Any]] | None:
    """The incidents of an answer to a look; None where it is no such answer."""
    if answer.status != _OK or answer.truncated:
        return None
    try:
        found = answer.json()
    except ValueError:
        return None
    listed = found if isinstance(found, list) else [found]
    return listed if all(map(_is_incident, listed)) else None


def _is_incident(each: object) -> bool:
    id_ = each.get("id") if isinstance(each, dict) else None
    return isinstance(id_, str) and _ID.fullmatch(id_) is not None


def _mark_of(incident: Mapping[str, Any]) -> object:
    metadata = incident.get("metadata")
    ours = metadata.get(_OURS) if isinstance(metadata, dict) else None
    return ours.get(_MARK) if isinstance(ours, dict) else None


def _sent(incident: Mapping[str, Any]) -> bytes:
    return json.dumps({"incident": incident}, ensure_ascii=False).encode()
