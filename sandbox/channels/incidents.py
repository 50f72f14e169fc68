"""A page's incidents: what Statuspage takes, refuses and keeps of them."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

STATUSES = ("investigating", "identified", "monitoring", "resolved")
IMPACTS = ("none", "maintenance", "minor", "major", "critical")
COMPONENTS = ("operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance")
_NAME, _BODY = 255, 25_000
_ALPHABET = string.ascii_lowercase + string.digits


class Unprocessable(Exception):
    """Raised for an incident that Statuspage does not take: 422, with every complaint."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__("; ".join(complaints))
        self.complaints = complaints


@dataclass(slots=True)
class Incident:
    """One incident. ``mails`` counts the changes of which subscribers were told."""

    id: str
    name: str
    status: str
    impact: str
    components: tuple[str, ...]
    updates: list[dict[str, Any]] = field(default_factory=list)
    mails: int = 0
    metadata: dict[str, Any] = field(default_factory=dict)

    def as_json(self, page: str) -> dict[str, Any]:
        """As the API shows it, the newest update first."""
        return {
            "id": self.id,
            "page_id": page,
            "name": self.name,
            "status": self.status,
            "impact": self.impact,
            "impact_override": self.impact,
            "incident_updates": list(reversed(self.updates)),
            "components": [{"id": each} for each in self.components],
            "metadata": self.metadata,
            "shortlink": f"https://stspg.io/{self.id}",
        }


def begun(members: Any, known: str) -> Incident:
    """A new incident of a page whose component is ``known``. Raises Unprocessable."""
    _refuse(members, known, new=True)
    incident = Incident(
        "".join(secrets.choice(_ALPHABET) for _ in range(12)),
        members["name"],
        members.get("status", "investigating"),
        members.get("impact_override", "none"),
        tuple(members.get("component_ids", ())),
        metadata=members.get("metadata", {}),
    )
    _note(incident, members)
    return incident


def changed(incident: Incident, members: Any, known: str) -> None:
    """The next update of an incident. Raises Unprocessable."""
    _refuse(members, known, new=False)
    incident.name = members.get("name", incident.name)
    incident.status = members.get("status", incident.status)
    incident.impact = members.get("impact_override", incident.impact)
    incident.metadata = members.get("metadata", incident.metadata)
    _note(incident, members)


def _note(incident: Incident, members: Mapping[str, Any]) -> None:
    mails = members.get("deliver_notifications", True)  # the API's own default
    incident.mails += bool(mails)
    incident.updates.append(
        {
            "status": incident.status,
            "body": members.get("body", ""),
            "deliver_notifications": mails,
            "components": dict(members.get("components", {})),
            "created_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
    )


def _refuse(members: Any, known: str, *, new: bool) -> None:
    if not isinstance(members, dict):
        raise Unprocessable(["incident is missing"])
    complaints = [text for text, wrong in _rules(members, known, new=new) if wrong]
    if complaints:
        raise Unprocessable(complaints)


def _rules(members: Mapping[str, Any], known: str, *, new: bool) -> list[tuple[str, bool]]:
    name, body = members.get("name"), members.get("body", "")
    components, ids = members.get("components", {}), members.get("component_ids", [])
    sound = isinstance(components, dict) and isinstance(ids, list)
    mails = members.get("deliver_notifications", True)
    return [
        ("Name can't be blank", new and not name),
        ("Name is too long (maximum is 255 characters)", len(str(name or "")) > _NAME),
        ("Body is too long (maximum is 25000 characters)", len(str(body)) > _BODY),
        ("Status is not included in the list", members.get("status", STATUSES[0]) not in STATUSES),
        (
            "Impact override is not included in the list",
            members.get("impact_override", IMPACTS[0]) not in IMPACTS,
        ),
        ("Components are not valid", not sound or not set(components) | set(ids) <= {known}),
        ("Component status is not valid", sound and any(s not in COMPONENTS for s in components.values())),
        ("Metadata is not valid", not _of_objects(members.get("metadata", {}))),
        ("Deliver notifications is not a boolean", not isinstance(mails, bool)),
    ]


def _of_objects(metadata: Any) -> bool:
    """Statuspage: "All top-level values in the object must also be objects"."""
    return isinstance(metadata, dict) and all(isinstance(each, dict) for each in metadata.values())
