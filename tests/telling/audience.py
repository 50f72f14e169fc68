"""What people see in the channels of one test, as the doubles have kept it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.ready.desk import Desk
from tests.rollback.sessions import Ended

ROLL_BACK = ("-m", "post_rollback", "--rollback")


@dataclass
class Audience:
    """The desk of whoever is on call; its channels are new ones."""

    desk: Desk
    made: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.made = self.desk.give_channels()

    def roll_back(self, reason: str = "commands time out", *more: str) -> Ended:
        """A session that rolls back, as somebody types it."""
        live = f"--expect-live={self.desk.incident.bad}"
        return self.desk.session(*ROLL_BACK, f"--reason={reason}", live, *more)

    def trouble(self, **services: Mapping[str, Any]) -> None:
        """Let these services have trouble, and the others work."""
        told = self._control("PUT", "channels/trouble", json=services)
        assert told == {"trouble": sorted(services)}

    def asked(self, service: str) -> int:
        """How many requests met the trouble of a service."""
        return int(self._control("GET", "channels")["trouble"][service])

    def slack(self) -> list[Mapping[str, Any]]:
        """The messages that Slack took, oldest first, with what of them acts."""
        service = str(self.made["slack"]).split("/")[-2]
        sent = self._control("GET", "channels")["slack"]
        took = [each for each in sent if each["service"] == service and each["answer"] == "ok"]
        return [{**json.loads(each["body"]), "acts": each["acts"]} for each in took]

    def headers(self) -> list[str]:
        """The headers of Slack's messages."""
        return [each["blocks"][0]["text"]["text"] for each in self.slack()]

    def discord(self) -> list[Mapping[str, Any]]:
        """The messages in the announcements' channel, with all that each has said."""
        webhook = str(self.made["discord"]).split("/")[-2]
        return [each for each in self._control("GET", "channels")["discord"] if each["webhook"] == webhook]

    def incidents(self) -> list[Mapping[str, Any]]:
        """The incidents of the page."""
        page = self.made["statuspage"]["page"]
        return [each for each in self._control("GET", "channels")["incidents"] if each["page_id"] == page]

    def statuses(self) -> list[str]:
        """How the one incident of the page went."""
        (incident,) = self.incidents()
        return [each["status"] for each in reversed(incident["incident_updates"])]

    def secrets(self) -> list[str]:
        """The ends of everything that nobody may see."""
        made = self.made
        return [str(made["slack"])[-12:], str(made["discord"])[-12:], str(made["statuspage"]["token"])[-12:]]

    def _control(self, method: str, path: str, **options: Any) -> Any:
        return self.desk.incident.sandbox.control(method, path, **options).json()


def trail(ended: Ended) -> list[tuple[str, str, bool]]:
    """Who was told of what, and whether that went well, by the journal."""
    return [(x["channel"], x["occasion"], x["ok"]) for x in ended.lines("notification-sent")]


def answers(ended: Ended, channel: str) -> list[str]:
    """What became of the messages to a channel."""
    return [line["answer"] for line in ended.lines("notification-sent") if line["channel"] == channel]
