"""What the double knows and keeps. Everything that grows has a bound."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.authority import Authority
from sandbox.channels.trouble import Troubles
from sandbox.discord.announcement import Announcement
from sandbox.discord.credentials import Credentials
from sandbox.discord.faults import ApiFaults
from sandbox.discord.interactions import Interactions
from sandbox.discord.limits import Limits
from sandbox.discord.snowflake import new_snowflake

_MOST_MESSAGES = 1_000
_MOST_UNKNOWN = 1_000


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a channel."""

    id: str
    channel: str
    content: str
    timestamp: str
    body: dict[str, Any]

    def as_kept(self) -> dict[str, Any]:
        """The body that made it, with what was made of it."""
        made = {"id": self.id, "channel": self.channel, "content": self.content, "timestamp": self.timestamp}
        return {**self.body, **made}

    def as_discord(self, author: dict[str, Any]) -> dict[str, Any]:
        """The message object of Discord's API."""
        shown = {name: self.body.get(name, []) for name in ("embeds", "components")}
        return {
            "id": self.id,
            "type": 0,
            "channel_id": self.channel,
            "content": self.content,
            "timestamp": self.timestamp,
            "edited_timestamp": None,
            "author": author,
            "attachments": [],
            "mentions": [],
            "mention_roles": [],
            "mention_everyone": False,
            "pinned": False,
            "tts": False,
            "flags": self.body.get("flags", 0),
            **shown,
        }


def new_message(channel: str, body: dict[str, Any]) -> Message:
    """A message of now."""
    now = datetime.now(UTC).isoformat()
    return Message(new_snowflake(), channel, body.get("content") or "", now, body)


@dataclass(frozen=True, slots=True)
class Webhook:
    """An incoming webhook of a server's channel."""

    id: str
    token: str = field(repr=False)
    guild: str = field(default_factory=new_snowflake)


@dataclass(slots=True)
class State:
    """Everything that the handlers share. Commands are kept by scope: "" is global, else a guild's id.

    ``members`` are the roles that a user was given in a guild.
    """

    credentials: Credentials
    authority: Authority = field(default_factory=Authority)
    limits: Limits = field(default_factory=Limits)
    faults: ApiFaults = field(default_factory=ApiFaults)
    interactions: Interactions = field(default_factory=Interactions)
    channels: dict[str, deque[Message]] = field(default_factory=dict)
    commands: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    members: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    webhooks: dict[str, Webhook] = field(default_factory=dict)
    announcements: dict[str, Announcement] = field(default_factory=dict)
    troubles: Troubles = field(default_factory=Troubles)
    endpoint_url: str | None = None
    unknown_requests: deque[str] = field(default_factory=lambda: deque(maxlen=_MOST_UNKNOWN))

    def __post_init__(self) -> None:
        self.channels.setdefault(self.credentials.channel, deque(maxlen=_MOST_MESSAGES))

    def user(self) -> dict[str, Any]:
        """The bot as a user."""
        return {
            "id": self.credentials.application_id,
            "username": "sandbox-bot",
            "discriminator": "0",
            "global_name": None,
            "avatar": None,
            "bot": True,
            "verified": True,
            "mfa_enabled": True,
            "flags": 0,
            "public_flags": 0,
        }

    def application(self) -> dict[str, Any]:
        """The application object."""
        return {
            "id": self.credentials.application_id,
            "name": "sandbox-bot",
            "icon": None,
            "description": "",
            "summary": "",
            "type": None,
            "bot": self.user(),
            "bot_public": False,
            "bot_require_code_grant": False,
            "verify_key": self.credentials.public_key,
            "flags": 0,
            "team": None,
            "redirect_uris": [],
            "interactions_endpoint_url": self.endpoint_url,
        }
